"""SciPy as a contender on dense matrices: answers `method n 0 count` lines. Matrices lie by rows, as NumPy makes them."""

import json
import sys
from time import perf_counter

import numpy as np
import scipy
from scipy.linalg import cholesky, eigh, lu_factor, qr, svd

made = None


def problem(n):
    A = np.random.default_rng(1).standard_normal((n, n))
    return A, (A + A.T) / 2 + 4 * n * np.eye(n)


methods = {
    "gemm": lambda A, S: A @ S,
    "cholesky": lambda A, S: cholesky(S),
    "lu": lambda A, S: lu_factor(A),
    "qr": lambda A, S: qr(A, mode="economic"),
    "eigh": lambda A, S: eigh(S, driver="evd"),
    "svd": lambda A, S: svd(A, full_matrices=False),
}

print(json.dumps({"version": f"SciPy {scipy.__version__}"}), flush=True)
for line in sys.stdin:
    method, n, _, count = line.split()
    if made is None or made[0] != n:
        made = (n, problem(int(n)))
    A, S = made[1]
    call = methods[method]
    begun = perf_counter()
    for _ in range(int(count)):
        call(A, S)
    solve = 1e3 * (perf_counter() - begun)
    print(json.dumps({"setup": 0, "solve": solve, "iterations": int(count), "relativeResidual": 0}), flush=True)
