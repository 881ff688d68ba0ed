"""Writes the golden files of this folder with NumPy and SciPy: python3 make.py"""

import os
import numpy as np
import scipy.io
import scipy.sparse as sp

os.chdir(os.path.dirname(os.path.abspath(__file__)))

grid = np.arange(6).reshape(2, 3)
for dtype in ["<f8", "<f4", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1", ">f8", ">i4"]:
    name = {"<": "le", ">": "be", "|": "na"}[dtype[0]] + "-" + dtype[1:]
    np.save(f"grid-{name}.npy", (grid > 2 if dtype == "|b1" else grid + 0.5 if "f" in dtype else grid).astype(dtype))
np.save("fortran.npy", np.asfortranarray(grid * 1.5))
np.save("cube-fortran.npy", np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4)))
np.save("scalar.npy", np.float64(np.pi))
np.save("vector.npy", np.array([1.5, -0.0, np.nan, -np.inf]))
np.save("empty.npy", np.zeros((0, 3)))
np.save("complex.npy", np.array([1j]))
np.save("text.npy", np.array(["a"]))
np.save("records.npy", np.zeros(1, dtype=[("a", "<f8")]))
np.save("wide.npy", np.array([2**53 + 2]))
for major in (2, 3):
    with open(f"version-{major}.npy", "wb") as file:
        np.lib.format.write_array(file, np.array([1.0, 2.0]), version=(major, 0))
np.savez("stored.npz", a=grid * 1.0, b=np.array([7], dtype="<i4"))
np.savez_compressed("deflated.npz", a=grid * 1.0, b=np.zeros(1000))

dense = np.array([[0, 2.5, 0, -1], [0, 0, 0, 0], [3, 0, 1e-300, 0]])
for format in ("csr", "csc", "coo", "bsr"):
    sp.save_npz(f"sparse-{format}.npz", sp.csr_matrix(dense).asformat(format), compressed=format != "csc")
sp.save_npz("sparse-array.npz", sp.csr_array(dense))
sp.save_npz("sparse-int.npz", sp.csr_matrix(dense.astype("<i4")))
unsorted = sp.csr_matrix((2, 3))
unsorted.data, unsorted.indices, unsorted.indptr = (
    np.array([1.0, 2.0, 4.0, 8.0]),
    np.array([2, 0, 2, 1], dtype="<i8"),
    np.array([0, 3, 4], dtype="<i8"),
)
sp.save_npz("sparse-unsorted.npz", unsorted)
scipy.io.mmwrite("scipy.mtx", sp.coo_matrix(dense), precision=17)
