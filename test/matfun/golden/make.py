"""Functions of matrices and their derivatives in 50 digits, by mpmath: python3 test/matfun/golden/make.py

The derivative of f at A along E is the (1, 2) block of f([[A, E], [0, A]]), the second derivative along E and F the
(1, 4) block of f of the 4 x 4 blocks (Higham 2008, 3.16; Higham and Relton 2014). No eigenvectors are involved.
"""

import json
from pathlib import Path

import mpmath as mp
import numpy as np

mp.mp.dps = 75


def sqrtm(A):
    """Denman and Beavers, to the end."""
    Y, Z = A, mp.eye(A.rows)
    for _ in range(60):
        previous = Y
        Y, Z = (Y + mp.inverse(Z)) / 2, (Z + mp.inverse(Y)) / 2
        if mp.mnorm(Y - previous, "f") < mp.mpf(10) ** -65 * mp.mnorm(Y, "f"):
            return Y
    raise ArithmeticError("no square root")


def logm(A):
    """Square roots until A is near I, then the series of log((I + W) / (I - W))."""
    one, roots = mp.eye(A.rows), 0
    while mp.mnorm(A - one, "f") > 0.01:
        A, roots = sqrtm(A), roots + 1
    W = (A - one) * mp.inverse(A + one)
    square, power, total = W * W, W, W
    for k in range(3, 41, 2):
        power = power * square
        total += power / k
    return total * mp.mpf(2) ** (roots + 1)


FUNCTIONS = {
    "sqrtm": sqrtm,
    "invSqrtm": lambda A: mp.inverse(sqrtm(A)),
    "logm": logm,
    "expm": mp.expm,
    "powm": lambda A: mp.expm(logm(A) * mp.mpf(POWER)),
}
POWER = -1.75
SPECTRA = {
    "one": [2.0],
    "repeated": [3.0, 3.0, 3.0],
    "twice": [0.5, 0.5, 4.0, 4.0],
    "mild": [0.3, 0.7, 1.1, 2.9, 3.1],
    "close": [1.0, 1.0 + 1e-15, 1.0 + 1e-9, 1.0 + 1e-5, 2.0, 2.01],
    "hard": list(np.logspace(-5, 1, 8)),
}


def symmetric(n, rng):
    S = rng.standard_normal((n, n))
    return (S + S.T) / 2


def with_spectrum(w, rng):
    Q = np.linalg.qr(rng.standard_normal((len(w), len(w))))[0]
    A = Q @ np.diag(w) @ Q.T
    return (A + A.T) / 2


def blocks(rows):
    n = rows[0][0].rows
    M = mp.zeros(n * len(rows))
    for i, row in enumerate(rows):
        for j, block in enumerate(row):
            if block is not None:
                M[i * n : (i + 1) * n, j * n : (j + 1) * n] = block
    return M


def part(M, n, column):
    return M[0:n, column * n : (column + 1) * n]


def flat(M):
    return [float(mp.re(M[i, j])) for i in range(M.rows) for j in range(M.cols)]


def case(name, w, f):
    rng = np.random.default_rng(len(w))
    n = len(w)
    A, E, F = with_spectrum(w, rng), symmetric(n, rng), symmetric(n, rng)
    a, e, g = mp.matrix(A.tolist()), mp.matrix(E.tolist()), mp.matrix(F.tolist())
    function = FUNCTIONS[f]
    pair = function(blocks([[a, e], [None, a]]))
    out = {"f": f, "spectrum": name, "n": n, "A": A.ravel().tolist(), "E": E.ravel().tolist(), "F": F.ravel().tolist()}
    out |= {"value": flat(part(pair, n, 0)), "derivative": flat(part(pair, n, 1))}
    if n <= 4:
        four = function(blocks([[a, e, g, None], [None, a, None, g], [None, None, a, e], [None, None, None, a]]))
        out["second"] = flat(part(four, n, 3))
    return out


if __name__ == "__main__":
    cases = [case(name, w, f) for f in FUNCTIONS for name, w in SPECTRA.items()]
    text = json.dumps({"power": POWER, "cases": cases})
    Path(__file__).with_name("mpmath.json").write_text(text.replace('{"f"', '\n{"f"') + "\n")
