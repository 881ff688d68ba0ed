"""Functions of general matrices and their derivatives in 50 digits, by mpmath: python3 test/matfun/golden/general.py

As in make.py, by blocks; complex values by eigenvectors in 75 digits.
"""

import json
from pathlib import Path

import mpmath as mp
import numpy as np
import scipy.linalg as la
from make import blocks, flat, logm, part, sqrtm

FUNCTIONS = {"sqrtm": sqrtm, "logm": logm, "expm": mp.expm}


def from_blocks(diagonal, rng, coupling=1.0):
    """Q T Q^T with the given 1 x 1 and 2 x 2 blocks, rounded to what a double holds."""
    n = sum(len(b) for b in diagonal)
    T = coupling * np.triu(rng.standard_normal((n, n)), 1)
    at = 0
    for block in diagonal:
        T[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
    return Q @ T @ Q.T


def pair(theta, mu):
    return [[theta, 2 * mu], [-mu / 2, theta]]


def one(x):
    return [[x]]


SPECTRA = {
    "scalar": [one(2.0)],
    "real": [one(0.5), one(2.0), one(3.0), one(7.0)],
    "pairs": [pair(1.0, 2.0), pair(0.25, 1.0)],
    "left": [pair(-1.0, 0.5), one(2.0), pair(-0.5, 3.0)],
    "mixed": [one(4.0), pair(2.0, 1.0), one(0.1), pair(1.0, 0.1), one(1.0), one(3.0)],
    "equal": [one(2.0), one(2.0), pair(1.0, 1.0), pair(1.0, 1.0)],
    "near one": [one(1.0 + 1e-9), one(1.0 - 1e-7), one(1.0)],
    "wide": [one(1e-3), one(1e-2), pair(0.1, 0.1), one(10.0), pair(100.0, 50.0)],
}
NEGATIVE = {
    "minus": [one(-2.0)],
    "two": [one(-1.0), one(2.0), one(-3.0)],
    "beside pairs": [pair(1.0, 2.0), one(-0.5), pair(-1.0, 1.0), one(-4.0), one(3.0)],
}


def condition(f, A):
    """||L_f(A)|| ||A||_F / ||f(A)||_F, in doubles: how far f(A) moves with A."""
    n, one = len(A), np.eye(len(A))
    kron = lambda X: np.column_stack([la.expm_frechet(X, e.reshape(n, n), compute_expm=False).ravel() for e in np.eye(n * n)])
    if f == "expm":
        X, K = la.expm(A), kron(A)
    elif f == "logm":
        X = la.logm(A)
        K = la.inv(kron(X))
    else:
        X = la.sqrtm(A)
        K = la.inv(np.kron(X, one) + np.kron(one, X.T))
    return float(la.norm(K, 2) * la.norm(A) / la.norm(X))


def case(name, diagonal, f, seed):
    rng = np.random.default_rng(seed)
    A = from_blocks(diagonal, rng, 1e-9 if name == "near one" else 1.0)
    n = len(A)
    E, F = rng.standard_normal((n, n)), rng.standard_normal((n, n))
    a, e, g = (mp.matrix(M.tolist()) for M in (A, E, F))
    function = FUNCTIONS[f]
    both = function(blocks([[a, e], [None, a]]))
    out = {"f": f, "spectrum": name, "n": n, "A": A.ravel().tolist(), "E": E.ravel().tolist(), "F": F.ravel().tolist()}
    out |= {"value": flat(part(both, n, 0)), "derivative": flat(part(both, n, 1))}
    out["condition"] = condition(f, A)
    if n <= 4:
        four = function(blocks([[a, e, g, None], [None, a, None, g], [None, None, a, e], [None, None, None, a]]))
        out["second"] = flat(part(four, n, 3))
    return out


def complex_case(name, diagonal, f, seed):
    A = from_blocks(diagonal, np.random.default_rng(seed))
    w, V = mp.eig(mp.matrix(A.tolist()))
    act = mp.sqrt if f == "sqrtm" else mp.log
    X = V * mp.diag([act(mp.mpc(mp.re(x), 0) if abs(mp.im(x)) < mp.mpf(10) ** -50 else x) for x in w]) * mp.inverse(V)
    imaginary = [float(mp.im(X[i, j])) for i in range(X.rows) for j in range(X.cols)]
    return {"f": f, "spectrum": name, "n": len(A), "A": A.ravel().tolist(), "real": flat(X), "imaginary": imaginary}


if __name__ == "__main__":
    cases = [case(name, d, f, i + 1) for f in FUNCTIONS for i, (name, d) in enumerate(SPECTRA.items())]
    negative = [complex_case(name, d, f, i + 1) for f in ("sqrtm", "logm") for i, (name, d) in enumerate(NEGATIVE.items())]
    text = json.dumps({"cases": cases, "negative": negative})
    Path(__file__).with_name("general.json").write_text(text.replace('{"f"', '\n{"f"') + "\n")
