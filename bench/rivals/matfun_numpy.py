"""NumPy and SciPy as contenders on square roots and their gradients: answers `method n,count,kappa 0 calls` lines, times of one matrix."""

import json
import sys
from time import perf_counter

import numpy as np
import scipy.linalg as la

made = None


def batch(n, count, kappa):
    rng = np.random.default_rng(1)
    w = kappa ** (-np.arange(n) / max(n - 1, 1))
    Q = np.linalg.qr(rng.standard_normal((count, n, n)))[0]
    A = (Q * w) @ Q.transpose(0, 2, 1)
    G = rng.standard_normal((count, n, n))
    sym = lambda M: np.ascontiguousarray((M + M.transpose(0, 2, 1)) / 2)
    return sym(A), sym(G)


def eigh(A, G):
    w, Q = np.linalg.eigh(A)
    s = np.sqrt(w)
    Qt = Q.transpose(0, 2, 1)
    X = (Q * s[:, None, :]) @ Qt
    middle = perf_counter()
    E = Q @ ((Qt @ G @ Q) / (s[:, :, None] + s[:, None, :])) @ Qt
    return X, E, middle


def sylvester(A, G):
    X = [la.sqrtm(a) for a in A]
    middle = perf_counter()
    E = [la.solve_sylvester(x, x, g) for x, g in zip(X, G)]
    return X, E, middle


def general(A, f):
    return [f(a) for a in A]


def samples(shape):
    N, d = (int(k) for k in shape.split(","))
    rng = np.random.default_rng(1)
    mix = rng.standard_normal((d, d)) / np.sqrt(d)
    return rng.standard_normal((N, d)) @ mix, rng.standard_normal((N, d)) @ mix + 0.1


def frechet(X, Y):
    """As the FID is computed: covariances, then tr sqrtm(C_x C_y)."""
    x, y = X.mean(0), Y.mean(0)
    C, D = np.cov(X, rowvar=False), np.cov(Y, rowvar=False)
    return ((x - y) ** 2).sum() + np.trace(C) + np.trace(D) - 2 * np.trace(la.sqrtm(C @ D).real)


print(json.dumps({"version": f"NumPy {np.__version__}, SciPy {la.__name__ and __import__('scipy').__version__}"}), flush=True)
for line in sys.stdin:
    method, shape, _, calls = line.split()
    if made is None or made[0] != shape:
        made = None
        n, count, kappa = shape.split(",") if method != "frechet" else (0, 0, 0)
        made = (shape, samples(shape) if method == "frechet" else batch(int(n), int(count), float(kappa)))
    A, G = made[1]
    setup = solve = 0.0
    found = None
    for _ in range(int(calls)):
        begun = perf_counter()
        if method == "frechet":
            found, middle, each = frechet(A, G), begun, 1
        elif method in ("expm", "logm", "sqrtm"):
            n = len(G[0])
            general(2 * np.eye(n) + (G + np.triu(G, 1)) / (2 * np.sqrt(n)), getattr(la, method))
            middle, each = begun, len(A)
        else:
            _, _, middle = (eigh if method == "eigh" else sylvester)(A, G)
            each = len(A)
        setup += 1e3 * (middle - begun) / each
        solve += 1e3 * (perf_counter() - begun) / each
    calls = int(calls)
    print(
        json.dumps({"setup": setup / calls, "solve": solve / calls, "iterations": calls, "relativeResidual": float(found or 0)}),
        flush=True,
    )
