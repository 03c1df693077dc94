"""Pack the data sets that gpu.sh needs into one folder of at most 60 MB, to be carried to a machine without a network.

    SKGAN_DATA=FOLDER python benchmarks/pack_data.py [TARGET]

TARGET is `.data` in the repository's root by default, which git ignores and gpu.sh finds. Tables are copied; images are
compressed again with LZMA, which `numpy.load` reads and which takes three minutes. A data set that is already in TARGET
is not packed again. The exit code is 1 if the folder is larger than 60 MB.
"""

import argparse
import os
import shutil
import sys
import zipfile
from pathlib import Path

import numpy as np

TABLES, IMAGES = ("adult", "magic"), ("fashion_mnist", "cifar10_small")
TARGET = Path(__file__).resolve().parent.parent / ".data"
MOST_BYTES = 60_000_000


def pack_table(source, target):
    """Copy the table and its description."""
    for name in ("data.parquet", "meta.json"):
        shutil.copy(source / name, target / name)


def pack_images(source, target):
    """Write the arrays of ``data.npz`` to an LZMA-compressed ``data.npz``."""
    with np.load(source / "data.npz") as arrays, zipfile.ZipFile(target / "data.npz", "w", zipfile.ZIP_LZMA) as packed:
        for key in arrays:
            with packed.open(f"{key}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, arrays[key], allow_pickle=False)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="?", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    if "SKGAN_DATA" not in os.environ:
        parser.error("name the folder of the data sets in the environment variable SKGAN_DATA")
    source = Path(os.environ["SKGAN_DATA"])
    for name in (*TABLES, *IMAGES):
        final, partial = options.target / name, options.target / f"{name}.partial"
        if final.exists():
            continue
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        (pack_table if name in TABLES else pack_images)(source / name, partial)
        partial.rename(final)
    size = sum(file.stat().st_size for file in options.target.rglob("*") if file.is_file())
    print(f"{options.target} holds {size / 1e6:.1f} MB.")
    return int(size > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
