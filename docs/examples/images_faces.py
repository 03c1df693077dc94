"""Generate faces from 400 images. By default so few images are augmented, so that they are not memorised.

The default is 2,200 steps: about 2 minutes on two cores of a CPU for images of 28 by 23 pixels, about 3 for 32 by 32.
Writes two files to the current folder: faces.png with generated faces, and faces_interpolation.png with faces that
change gradually into others. The images are read from FOLDER/orl_faces/data.npz (key x), where FOLDER is the
environment variable SKGAN_DATA. Without this variable, the Olivetti faces of scikit-learn are used, reduced to 32 by
32 pixels. Needs the extra `plot`.
"""

import os
from pathlib import Path

import numpy as np
from sklearn.datasets import fetch_olivetti_faces

from skgan import GANSampler
from skgan.plotting import ImageGridDisplay, InterpolationDisplay


def faces():
    """Images of shape (400, height, width)."""
    if "SKGAN_DATA" in os.environ:
        with np.load(Path(os.environ["SKGAN_DATA"]) / "orl_faces" / "data.npz") as stored:
            return stored["x"]
    images = fetch_olivetti_faces().images
    return images.reshape(len(images), 32, 2, 32, 2).mean(axis=(2, 4))


images = faces()
sampler = GANSampler(verbose=1, random_state=0).fit(images)

grid = ImageGridDisplay.from_estimator(sampler, n_rows=4, n_cols=12)
grid.figure_.savefig("faces.png", dpi=110)

paths = InterpolationDisplay.from_estimator(sampler, n_paths=4, n_steps=10)
paths.figure_.savefig("faces_interpolation.png", dpi=110)

# The latents that reproduce two real faces best, and the faces between them.
start, end = sampler.invert(images[[0, -1]])
between = sampler.interpolate(start, end, 10)
print(f"{len(between)} faces of shape {between.shape[1:]} from the first to the last")
