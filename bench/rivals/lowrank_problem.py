"""The matrices of the low-rank benchmark: `python lowrank_problem.py NAME FILE` writes one, `read` reads it.

harmonic, decaying: m x n with Haar factors and singular values 1 / j, or exp(-j / 20) + 1e-4. sparse: 200 planted triplets
of 1 / sqrt(j), each on 150 rows and columns of its own, and 5.5 million entries of noise anywhere.
A file: int32 kind (0 dense, 1 sparse), m, n, entries; then doubles by rows, or row pointers, columns and values.
"""

import sys

import numpy as np
import scipy.sparse as sp

SPECTRA = {"harmonic": lambda j: 1 / j, "decaying": lambda j: np.exp(-j / 20) + 1e-4}
BLOCK, TRIPLETS = 150, 200


def haar(m, n, rng):
    return np.linalg.qr(rng.standard_normal((m, n)))[0]


def dense(name, m, n):
    rng = np.random.default_rng(1)
    U, V = haar(m, n, rng), haar(n, n, rng)
    return (U * SPECTRA[name](np.arange(1, n + 1))) @ V.T


def sparse(n, noise):
    rng = np.random.default_rng(2)
    rows, columns = rng.permutation(n), rng.permutation(n)
    i, j, values = [], [], []
    for t in range(TRIPLETS):
        u, v = (x / np.linalg.norm(x) for x in rng.standard_normal((2, BLOCK)))
        at = slice(t * BLOCK, (t + 1) * BLOCK)
        i.append(np.repeat(rows[at], BLOCK))
        j.append(np.tile(columns[at], BLOCK))
        values.append(np.outer(u, v).ravel() / np.sqrt(t + 1))
    i.append(rng.integers(0, n, noise))
    j.append(rng.integers(0, n, noise))
    values.append(1e-3 * rng.standard_normal(noise))
    shape = (n, n)
    return sp.coo_matrix((np.concatenate(values), (np.concatenate(i), np.concatenate(j))), shape).tocsr()


def write(name, m, n, file):
    A = sparse(n, 5_500_000 * n // 200_000) if name == "sparse" else dense(name, m, n)
    with open(file, "wb") as out:
        if sp.issparse(A):
            A.sort_indices()
            np.array([1, *A.shape, A.nnz], np.int32).tofile(out)
            A.indptr.astype(np.int32).tofile(out)
            A.indices.astype(np.int32).tofile(out)
            A.data.tofile(out)
        else:
            np.array([0, *A.shape, A.size], np.int32).tofile(out)
            A.tofile(out)


def read(file):
    with open(file, "rb") as data:
        kind, m, n, entries = np.fromfile(data, np.int32, 4)
        if kind == 0:
            return np.fromfile(data, np.float64, entries).reshape(m, n)
        indptr, indices = np.fromfile(data, np.int32, m + 1), np.fromfile(data, np.int32, entries)
        return sp.csr_matrix((np.fromfile(data, np.float64, entries), indices, indptr), (m, n))


if __name__ == "__main__":
    _, name, m, n, file = sys.argv
    write(name, int(m), int(n), file)
