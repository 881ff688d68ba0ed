"""Frechet distances of samples in 50 digits, by mpmath: python3 test/matfun/golden/frechet.py"""

import json
from pathlib import Path

import mpmath as mp
import numpy as np

mp.mp.dps = 60


def case(nx, ny, d):
    rng = np.random.default_rng(d)
    X = rng.standard_normal((nx, d)) * 0.7 ** np.arange(d)
    Y = rng.standard_normal((ny, d)) + 0.5
    x, y = mp.matrix(X.tolist()), mp.matrix(Y.tolist())
    mean = lambda M: mp.matrix([[sum(M[i, j] for i in range(M.rows)) / M.rows for j in range(d)]])
    mx, my = mean(x), mean(y)
    centre = lambda M, m: mp.matrix(M.rows, d) + mp.matrix([[M[i, j] - m[j] for j in range(d)] for i in range(M.rows)])
    cx, cy = centre(x, mx), centre(y, my)
    # the singular values of Y_c X_c^T by the eigenvalues of its Gram matrix
    M = cy * cx.T
    gram = M.T * M if M.rows >= M.cols else M * M.T
    w = mp.eigsy(gram, eigvals_only=True)
    nuclear = sum(mp.sqrt(max(v, mp.mpf(0))) for v in w) / mp.sqrt((nx - 1) * (ny - 1))
    variance = lambda M: sum(v * v for v in M) / (M.rows - 1)
    means = sum((mx[j] - my[j]) ** 2 for j in range(d))
    distance = means + variance(cx) + variance(cy) - 2 * nuclear
    return {"d": d, "X": X.ravel().tolist(), "Y": Y.ravel().tolist(), "distance": float(distance), "size": float(variance(cx) + variance(cy))}


Path(__file__).with_name("frechet.json").write_text(json.dumps([case(4, 5, 7), case(9, 12, 5), case(3, 20, 6)]) + "\n")
