"""Judges triplets: `python lowrank_referee.py FILE BY rank` says ||A - u diag(s) v^T||_2 / sigma_(rank + 1) and the worst
relative error of a singular value, both from ARPACK's Lanczos on A and on what is left of it."""

import json
import os
import sys

import numpy as np
from lowrank_problem import read
from scipy.sparse.linalg import LinearOperator, svds

_, file, by, rank = sys.argv
rank = int(rank)
A = read(file)
m, n = A.shape
known = f"{file}.sigma.npy"
if not os.path.exists(known):
    np.save(known, np.sort(svds(A, k=rank + 1, ncv=4 * rank, tol=1e-8, return_singular_vectors=False))[::-1])
sigma = np.load(known)
data = np.fromfile(f"{file}.{by}")
u, s, v = np.split(data, [m * rank, m * rank + rank])
u, v = u.reshape(m, rank), v.reshape(n, rank)
left = LinearOperator(
    (m, n),
    matvec=lambda x: A @ x.ravel() - u @ (s * (v.T @ x.ravel())),
    rmatvec=lambda y: A.T @ y.ravel() - v @ (s * (u.T @ y.ravel())),
    dtype=np.float64,
)
error = svds(left, k=1, ncv=20, tol=1e-3, return_singular_vectors=False)[0]
print(json.dumps({"error": error / sigma[rank], "values": float(np.max(np.abs(s / sigma[:rank] - 1)))}))
