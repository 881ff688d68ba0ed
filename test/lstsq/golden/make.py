"""Minima of ||A x - b||_p^p by SciPy's convex solvers, and dgelsd's solutions: python3 test/lstsq/golden/make.py"""

import json
from pathlib import Path

import numpy as np
from scipy.linalg import lstsq
from scipy.optimize import linprog, minimize

M, N = 240, 6


def problem():
    """By a formula that the test repeats."""
    i = np.arange(M)[:, None]
    j = np.arange(N)[None, :]
    A = np.sin(1 + 7 * i + 3 * j * j + i * j / 5)
    b = A @ np.arange(1, N + 1) + 0.1 * np.cos(5 * i[:, 0])
    b[::17] += 10 * np.sin(np.arange(len(b[::17])))  # outliers
    return A, b


def least_absolute(A, b):
    """min sum t, -t <= A x - b <= t"""
    m, n = A.shape
    identity = np.eye(m)
    above = np.block([[A, -identity], [-A, -identity]])
    cost = np.concatenate([np.zeros(n), np.ones(m)])
    found = linprog(cost, A_ub=above, b_ub=np.concatenate([b, -b]), bounds=[(None, None)] * n + [(0, None)] * m)
    return found.x[:n]


def newton(A, b, p):
    """Smooth for p > 1: from the least-squares solution, to a gradient of rounding."""
    value = lambda x: np.sum(np.abs(b - A @ x) ** p)
    slope = lambda x: -p * A.T @ (np.abs(b - A @ x) ** (p - 1) * np.sign(b - A @ x))
    x = np.linalg.lstsq(A, b, rcond=None)[0]
    for _ in range(5):
        x = minimize(value, x, jac=slope, method="BFGS", options={"gtol": 1e-13, "maxiter": 10000}).x
    return x


A, b = problem()
minima = {}
for p in (1, 1.5, 3):
    x = least_absolute(A, b) if p == 1 else newton(A, b, p)
    minima[str(p)] = {"x": x.tolist(), "objective": float(np.sum(np.abs(b - A @ x) ** p))}
deficient = A.copy()
deficient[:, 4] = deficient[:, 1] - 2 * deficient[:, 2]
x, _, rank, _ = lstsq(deficient, b, lapack_driver="gelsd")
wide, *_ = lstsq(A[:4], b[:4], lapack_driver="gelsd")
golden = {"minima": minima, "deficient": {"x": x.tolist(), "rank": int(rank)}, "wide": wide.tolist()}
Path(__file__).with_name("scipy.json").write_text(json.dumps(golden, indent=1) + "\n")
