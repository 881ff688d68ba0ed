"""scikit-learn as a contender on low rank: answers `n_iter FILE 0 rank` lines, n_iter a number or auto. The triplets of the
last answer go to FILE.sklearn, for the referee."""

import json
import sys
from time import perf_counter

import numpy as np
import sklearn
from lowrank_problem import read
from sklearn.utils.extmath import randomized_svd

made = None
print(json.dumps({"version": f"scikit-learn {sklearn.__version__}"}), flush=True)
for line in sys.stdin:
    iterations, file, _, rank = line.split()
    if made is None or made[0] != file:
        made = None
        made = (file, read(file))
    n_iter = "auto" if iterations == "auto" else int(iterations)
    begun = perf_counter()
    u, s, vt = randomized_svd(made[1], n_components=int(rank), n_iter=n_iter, random_state=1)
    solve = 1e3 * (perf_counter() - begun)
    with open(f"{file}.sklearn", "wb") as out:
        for part in (u, s, vt.T):
            np.ascontiguousarray(part, np.float64).tofile(out)
    print(json.dumps({"setup": 0, "solve": solve, "iterations": 1, "relativeResidual": 0}), flush=True)
