"""SciPy as a contender: answers `method preconditioner rtol count` lines with one JSON line each."""

import json
import sys
from time import perf_counter

import numpy as np
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator
from scipy.sparse.linalg import cg as scipy_cg
from scipy.sparse.linalg import gmres as scipy_gmres
from scipy.sparse.linalg import splu

with open(sys.argv[1], "rb") as file:
    n, nnz = (int(k) for k in np.fromfile(file, np.int32, 2))
    values = np.fromfile(file, np.float64, nnz)
    b = np.fromfile(file, np.float64, n)
    row_pointers = np.fromfile(file, np.int32, n + 1)
    column_indices = np.fromfile(file, np.int32, nnz)
A = csr_matrix((values, column_indices, row_pointers), shape=(n, n))

# the option was named tol before SciPy 1.12
TOLERANCE = "rtol" if "rtol" in scipy_cg.__code__.co_varnames or scipy.__version__ >= "1.12" else "tol"
counted = {}


def cg(preconditioner, rtol, count):
    if preconditioner not in ("none", "jacobi"):
        raise ValueError(f"SciPy has no {preconditioner}")
    begun = perf_counter()
    M = None
    if preconditioner == "jacobi":
        inverse = 1 / A.diagonal()
        M = LinearOperator((n, n), matvec=lambda r: inverse * r)
    ready = perf_counter()
    options = {TOLERANCE: rtol, "atol": 0.0, "maxiter": count, "M": M}
    x, info = scipy_cg(A, b, **options)
    done = perf_counter()
    residual = np.linalg.norm(b - A @ x) / np.linalg.norm(b)
    iterations = info if info > 0 else count_iterations(preconditioner, rtol, options)
    return ready - begun, done - ready, iterations, residual


def gmres(preconditioner, rtol, count):
    """Cycles of 40 steps, as many as fit."""
    if preconditioner != "none":
        raise ValueError(f"SciPy has no {preconditioner}")
    cycles = max(1, count // 40)
    begun = perf_counter()
    x, _ = scipy_gmres(A, b, **{TOLERANCE: rtol, "atol": 0.0, "restart": 40, "maxiter": cycles})
    done = perf_counter()
    return 0, done - begun, 40 * cycles, np.linalg.norm(b - A @ x) / np.linalg.norm(b)


def count_iterations(preconditioner, rtol, options):
    """Counts in a solve of its own: a callback would be timed."""
    key = (preconditioner, rtol)
    if key not in counted:
        counted[key] = 0

        def count(_):
            counted[key] += 1

        scipy_cg(A, b, callback=count, **options)
    return counted[key]


def ldlt(_preconditioner, _rtol, _count):
    """SuperLU in its symmetric mode, ordered by minimum degree on A + A^T."""
    begun = perf_counter()
    options = {"SymmetricMode": True}
    factor = splu(A.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    ready = perf_counter()
    x = factor.solve(b)
    done = perf_counter()
    return ready - begun, done - ready, 1, np.linalg.norm(b - A @ x) / np.linalg.norm(b)


def spmv(_preconditioner, _rtol, count):
    begun = perf_counter()
    for _ in range(count):
        A @ b
    return 0, perf_counter() - begun, count, 0


print(json.dumps({"version": f"SciPy {scipy.__version__}"}), flush=True)
for line in sys.stdin:
    method, preconditioner, rtol, count = line.split()
    setup, solve, iterations, residual = {"cg": cg, "gmres": gmres, "spmv": spmv, "ldlt": ldlt}[method](preconditioner, float(rtol), int(count))
    answer = {
        "setup": 1e3 * setup,
        "solve": 1e3 * solve,
        "iterations": int(iterations),
        "relativeResidual": float(residual),
    }
    print(json.dumps(answer), flush=True)
