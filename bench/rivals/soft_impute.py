"""soft-impute with alternating ridge regressions in NumPy and SciPy (Hastie, Mazumder, Lee and Zadeh 2015), on ratings less their
biases. Answers `biasRidge FILE ridge rank` lines: the residual is the error on the test entries. FILE: int32 rows, columns,
train entries, test entries; int32 rows and columns and doubles of each."""

import json
import sys
from time import perf_counter

import numpy as np
from scipy.sparse import csr_matrix

SWEEPS = 100


def read(file):
    with open(file, "rb") as source:
        rows, columns, *counts = np.fromfile(source, np.int32, 4)
        parts = [
            (np.fromfile(source, np.int32, n), np.fromfile(source, np.int32, n), np.fromfile(source, np.float64, n))
            for n in counts
        ]
    return int(rows), int(columns), *parts


def biases(rows, columns, i, j, y, ridge):
    mean, a, b = y.mean(), np.zeros(rows), np.zeros(columns)
    for _ in range(15):
        a = np.bincount(i, y - mean - b[j], rows) / (np.bincount(i, minlength=rows) + ridge)
        b = np.bincount(j, y - mean - a[i], columns) / (np.bincount(j, minlength=columns) + ridge)
    return mean, a, b


print(json.dumps({"version": f"NumPy {np.__version__}"}), flush=True)
for line in sys.stdin:
    bias_ridge, file, ridge, rank = line.split()
    ridge, rank = float(ridge), int(rank)
    m, n, (i, j, y), (ti, tj, ty) = read(file)
    begun = perf_counter()
    low, high = y.min(), y.max()
    mean, a, b = biases(m, n, i, j, y, float(bias_ridge))
    y = y - mean - a[i] - b[j]
    rng = np.random.default_rng(1)
    U, _ = np.linalg.qr(rng.standard_normal((m, rank)))
    D, V = np.ones(rank), np.zeros((n, rank))
    for _ in range(SWEEPS):
        for side in range(2):
            errors = y - np.einsum("ek,ek->e", (U * D**2)[i], V[j])
            S = csr_matrix((errors, (i, j)), (m, n))
            F, G, S = (U, V, S.T) if side == 0 else (V, U, S)
            target = (S @ F + G * D**2) * (D**2 / (D**2 + ridge))
            P, s, Qt = np.linalg.svd(target, full_matrices=False)
            F = F @ Qt.T
            U, V = (F, P) if side == 0 else (P, F)
            D = np.sqrt(s)
    guess = mean + a[ti] + b[tj] + np.einsum("ek,ek->e", (U * D**2)[ti], V[tj])
    guess = np.clip(guess, low, high)
    solve = 1e3 * (perf_counter() - begun)
    error = float(np.sqrt(np.mean((guess - ty) ** 2)))
    print(json.dumps({"setup": 0, "solve": solve, "iterations": SWEEPS, "relativeResidual": error}), flush=True)
