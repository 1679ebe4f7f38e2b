"""Makes cross.npz and cross.npy by NumPy, or reads what Gradus wrote and writes it again.

python3 numpy_files.py make FOLDER     cross.npz: all types, orders of bytes and of axes; cross.npy
python3 numpy_files.py again FOLDER    each written*.npy as again*.npy of the same version, written.npz as
                                       again.npz, other.npz as other again.npz
"""

import pathlib
import sys

import numpy

folder = pathlib.Path(sys.argv[2])
if sys.argv[1] == "make":
    table = numpy.arange(24).reshape(2, 3, 4)
    arrays = {}
    for kind in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
        for order in "<>":
            for axes in "CF":
                values = table % 2 if kind == "b1" else table
                arrays[order + kind + axes] = numpy.array(values, order + kind, order=axes)
    numpy.savez_compressed(folder / "cross.npz", **arrays)
    numpy.save(folder / "cross.npy", table.astype("<f4"))
else:
    for path in folder.glob("written*.npy"):
        version = tuple(path.read_bytes()[6:8])
        with open(folder / path.name.replace("written", "again"), "wb") as out:
            numpy.lib.format.write_array(out, numpy.load(path), version)
    with numpy.load(folder / "other.npz") as arrays:
        numpy.savez(folder / "other again.npz", **arrays)
    with numpy.load(folder / "written.npz") as arrays:
        numpy.savez(folder / "again.npz", **arrays)
