"""Four hundred faces: few images, which are changed at random so that they are not learned by heart.

The default is 2,200 steps: some 2 minutes on two cores of a CPU for images of 28 by 23 pixels, some 3 for 32 by 32.
Writes faces.png, generated faces, and faces_interpolation.png, faces that turn into others, to the current folder.
The faces come from the folder that the environment variable SKGAN_DATA names, FOLDER/orl_faces/data.npz with the key x,
else the Olivetti faces from scikit-learn, halved to 32 by 32 pixels. Needs the extra `plot`.
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

ways = InterpolationDisplay.from_estimator(sampler, n_paths=4, n_steps=10)
ways.figure_.savefig("faces_interpolation.png", dpi=110)

# Where a real face lies in the latent space, and the way from there to another.
start, end = sampler.invert(images[[0, -1]])
between = sampler.interpolate(start, end, 10)
print(f"{len(between)} faces of shape {between.shape[1:]} on the way from the first to the last")
