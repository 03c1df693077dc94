"""Generate images of given classes, from Fashion-MNIST: 60,000 images of ten kinds of clothing.

The default is 15,696 steps: about 12 minutes on two cores of a CPU, and some more for refinement. MAX_TIME below
limits the time. Writes fashion_mnist.png, with one class per row, to the current folder. The images are read from
FOLDER/fashion_mnist/data.npz (keys x_train and y_train), where FOLDER is the environment variable SKGAN_DATA. Without
this variable they are downloaded from OpenML. Needs the extra `plot`.
"""

import os
from pathlib import Path

import numpy as np
from sklearn.datasets import fetch_openml

from skgan import ConditionalGANSampler
from skgan.plotting import ClassGridDisplay

MAX_TIME = None  # seconds that the whole fit may take
KINDS = np.array(
    ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
)


def fashion_mnist():
    """Images, uint8 of shape (60000, 28, 28), and the class numbers, of shape (60000,)."""
    if "SKGAN_DATA" in os.environ:
        with np.load(Path(os.environ["SKGAN_DATA"]) / "fashion_mnist" / "data.npz") as stored:
            return stored["x_train"], stored["y_train"]
    X, y = fetch_openml("Fashion-MNIST", version=1, as_frame=False, return_X_y=True)
    return X[:60_000].reshape(-1, 28, 28).astype(np.uint8), y[:60_000].astype(int)


images, y = fashion_mnist()
sampler = ConditionalGANSampler(max_time=MAX_TIME, verbose=1, random_state=0).fit(images, KINDS[y])
generated, kinds = sampler.sample(y=["bag", "bag", "sandal"])  # (3, 28, 28), uint8, and their classes
print(f"{', '.join(kinds)}: {generated.dtype} of shape {generated.shape}")

display = ClassGridDisplay.from_estimator(sampler, sampler.classes_, n_cols=12)
display.figure_.savefig("fashion_mnist.png", dpi=110)
