"""SciPy's recycling solver as a contender on a sequence: answers `gcrodr none rtol count` lines with sums over the systems."""

import json
import sys
from time import perf_counter

import numpy as np
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator, gcrotmk, splu

systems = []
with open(sys.argv[1], "rb") as file:
    while (head := np.fromfile(file, np.int32, 2)).size == 2:
        n, nnz = (int(k) for k in head)
        values = np.fromfile(file, np.float64, nnz)
        b = np.fromfile(file, np.float64, n)
        row_pointers = np.fromfile(file, np.int32, n + 1)
        columns = np.fromfile(file, np.int32, nnz)
        systems.append((csr_matrix((values, columns, row_pointers), shape=(n, n)), b))

# the option was named tol before SciPy 1.12
TOLERANCE = "rtol" if scipy.__version__ >= "1.12" else "tol"


def recycled(A, b, preconditioner, rtol, count, carried):
    """20 inner steps and 20 pairs that are carried over: as many vectors as GCRO-DR(40, 20) keeps; the images are made anew."""
    products = 0

    def multiply(x):
        nonlocal products
        products += 1
        return A @ x

    operator = LinearOperator(A.shape, matvec=multiply, dtype=np.float64)
    M = None
    if preconditioner == "jacobi":
        inverse = 1 / A.diagonal()
        M = LinearOperator(A.shape, matvec=lambda r: inverse * r, dtype=np.float64)
    x, _ = gcrotmk(operator, b, **{TOLERANCE: rtol, "atol": 0.0, "maxiter": count // 20, "M": M, "m": 20, "k": 20, "CU": carried, "discard_C": True})
    return x, products


def direct(A, b):
    return splu(A.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.01, options={"SymmetricMode": True}).solve(b), 1


print(json.dumps({"version": f"SciPy {scipy.__version__}"}), flush=True)
for line in sys.stdin:
    method, preconditioner, rtol, count = line.split()
    solve, iterations, worst, carried = 0.0, 0, 0.0, []
    for A, b in systems:
        begun = perf_counter()
        if method == "direct":
            x, products = direct(A, b)
        else:
            x, products = recycled(A, b, preconditioner, float(rtol), int(count), carried)
        solve += perf_counter() - begun
        iterations += products
        residual = np.linalg.norm(b - A @ x) / np.linalg.norm(b)
        worst = residual if not residual <= worst else worst
    print(json.dumps({"setup": 0, "solve": 1e3 * solve, "iterations": int(iterations), "relativeResidual": float(worst)}), flush=True)
