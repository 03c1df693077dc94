"""How good are generated images? `Judge(name).measure(x_fake, y_fake) -> dict`; `floor()` measures real images.

    OMP_NUM_THREADS=1 python benchmarks/image_measures.py [DATASET]

Run as a script, this checks that the measures detect bad images: it prints them for real training images and for the
same images degraded in several ways. A small convolutional classifier is trained on the real training images. There are
two kinds of features, both standardised by the test images: the 128 units before its last layer ("classifier") and the
outputs of the random networks of `skgan.metrics` ("random").

frechet_*, kernel_*, density_*, coverage_*
    Distances, density and coverage of equally many generated and test images, at most 10,000, for both kinds of
    features. Fréchet distances of few images are large: compare them with the floor, never between data sets.
label_accuracy
    Share of generated images to which the real classifier gives the label that they were generated for.
classes_covered, class_divergence
    Number of classes whose share among the generated images, by the real classifier, is at least a fifth of their share
    among the training labels, and the Kullback-Leibler divergence of its labels from those shares.
train_on_synthetic, _worst, _by_class
    Accuracy on the test images of a classifier trained on all generated images for as many steps; the lowest accuracy
    of a class; and that of each class.
nearer_to_training
    Share of generated images whose pixels are nearer to one of as many training images as there are test images than to
    a test image: 0.5 is ideal. It misses most copies, whose originals are rarely among so few training images.
nearest_record_share
    The metric of skgan for 2,000 generated images and all training images; 0.5 is ideal and 1 means copies.
modes_covered, mode_divergence
    For stacked digits, instead of those of classes: the number of the 1,000 modes found among 10,000 generated images,
    and the divergence from equal shares. Its classifier is one of single digits, which sees each channel separately, in
    training on synthetic images too.
"""

import sys
import time
from pathlib import Path

import numpy as np
import record  # noqa: F401, it puts this checkout on the path
import torch
from image_data import NAMES, load_images
from torch import nn
from torch.nn import functional as F

from skgan.metrics import extract, frechet_distance, kernel_distance, manifold_scores, nearest_record_share

N_STEPS, BATCH_SIZE, LEARNING_RATE = 700, 128, 2e-3
N_STEPS_TO_TRY = 5
N_FEATURES = 128
AT_ONCE = 500
MAX_COMPARED, MAX_MATCHED = 10_000, 2_000
LEAST_SHARE = 0.2
N_MODES = 1_000
PLACES = [100, 10, 1]
MAX_GRID_ROWS, GRID_COLUMNS = 40, 10


class Classifier:
    """Three convolutions and a dense layer, trained with Adam on images shifted sideways by up to one pixel.

    Parameters
    ----------
    x : ndarray of uint8, shape (n, height, width) or (n, height, width, n_channels)
    y : ndarray of int, shape (n,)
    n_classes : int
    seed : int
        For the weights and the order of images.
    n_steps : int, default=700
    """

    def __init__(self, x, y, n_classes, seed, n_steps=N_STEPS):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.body, self.head = _body(x.shape[1:]), nn.Linear(N_FEATURES, n_classes)
        for part in (self.body, self.head):
            part.to(self.device, memory_format=torch.channels_last)
        self._train(x, y, np.random.default_rng(seed), n_steps)

    def _train(self, x, y, rng, n_steps):
        parameters = [*self.body.parameters(), *self.head.parameters()]
        optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
        n_passes = -(-n_steps * BATCH_SIZE // len(x))
        order = np.concatenate([rng.permutation(len(x)) for _ in range(n_passes)])
        labels = torch.from_numpy(y).to(self.device)
        for step in range(n_steps):
            rows = order[step * BATCH_SIZE : (step + 1) * BATCH_SIZE]
            logits = self.head(self.body(_shifted(self._shown(x[rows]), int(rng.integers(3)))))
            optimizer.zero_grad()
            F.cross_entropy(logits, labels[rows]).backward()
            optimizer.step()
            schedule.step()
        self.body.eval()

    def _shown(self, x):
        """Pixels scaled to [-1, 1], shape (n, n_channels, height, width)."""
        x = torch.from_numpy(x).to(self.device).reshape(*x.shape[:3], -1).permute(0, 3, 1, 2)
        return (x.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)

    @torch.inference_mode()
    def features(self, x):
        """ndarray of float32, shape (n, 128)."""
        parts = [self.body(self._shown(x[start : start + AT_ONCE])).cpu() for start in range(0, len(x), AT_ONCE)]
        return torch.cat(parts).numpy()

    @torch.inference_mode()
    def labels_of(self, features):
        """Predicted classes (n,) for the result of `features`."""
        return self.head(torch.from_numpy(features).to(self.device)).argmax(1).cpu().numpy()


def _body(shape):
    """Images (n, n_channels, height, width) to features (n, 128)."""
    height, width, n_channels = (*shape, 1)[:3]
    cells = -(-height // 4) * -(-width // 4)
    layers = []
    for n_in, n_out, stride in ((n_channels, 32, 1), (32, 64, 2), (64, 128, 2)):
        layers += [nn.Conv2d(n_in, n_out, 3, stride=stride, padding=1), nn.BatchNorm2d(n_out), nn.ReLU()]
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(128 * cells, N_FEATURES), nn.BatchNorm1d(N_FEATURES), nn.ReLU()
    )


def _standardised(real, fake):
    """Both in units of the real features' standard deviations, about their means; constant ones are only shifted."""
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    mean, deviation = real.mean(axis=0), real.std(axis=0)
    # Rounding to single precision may give a constant feature a tiny standard deviation.
    deviation[deviation <= 1e-5 * np.abs(real).max(axis=0)] = 1.0
    return (real - mean) / deviation, (fake - mean) / deviation


def _shifted(x, place):
    """Images shifted sideways by ``1 - place`` pixels."""
    wide = F.pad(x, (1, 1, 0, 0), mode="replicate")
    return wide[..., place : place + x.shape[3]].contiguous(memory_format=torch.channels_last)


class Judge:
    """Measures images of one data set; the constructor trains the classifier of real images.

    Parameters
    ----------
    name : str
        One of `image_data.NAMES`.
    seed : int, default=0
        For the classifier of real images.
    rows : int, default=None
        Use only so many training and test images, evenly spread over each, and train classifiers for a few steps, to
        try a script.

    Attributes
    ----------
    classifier : Classifier
    x_train, y_train, x_test, y_test : ndarray
        As `load_images` gives them.
    """

    def __init__(self, name, seed=0, rows=None):
        self.x_train, self.y_train, self.x_test, self.y_test = (_some(part, rows) for part in load_images(name))
        self.n_steps = N_STEPS if rows is None else N_STEPS_TO_TRY
        self.is_stacked = name == "stacked_digits"
        x, y = self._singles(self.x_train, self.y_train)
        self.n_classes = int(y.max()) + 1
        self.classifier = self._classifier(x, y, seed)
        self.test_features = self._features(self.x_test)

    def measure(self, x_fake, y_fake=None, seed=0, *, train=True):
        """Measure generated images.

        Parameters
        ----------
        x_fake : array-like of shape (n, height, width[, 3]), or flattened
            Rounded, and clipped to the range from 0 to 255.
        y_fake : array-like of int, shape (n,), default=None
            The labels that they were generated for.
        seed : int, default=0
            For the choice of images where there are too many, and for the classifier of generated images.
        train : bool, default=True
            Whether to train a classifier on the generated images, the most expensive part.

        Returns
        -------
        dict
            The measures of this module's docstring: numbers, and one list.
        """
        x_fake = np.clip(np.rint(x_fake), 0, 255).astype(np.uint8).reshape(-1, *self.x_train.shape[1:])
        y_fake = None if y_fake is None else np.asarray(y_fake).astype(np.int64)
        found = self._compared(x_fake, y_fake, self.x_train, seed)
        if train and y_fake is not None:
            found |= self._learned(self._classifier(*self._singles(x_fake, y_fake), seed))
        return found

    def floor(self, seed=0):
        """The measures of real images: at most half of the training images in place of generated ones.

        They are excluded from the training images of the nearest-record measures, and the classifier of real images
        takes the place of that of generated ones. It was trained on them: where it has memorised few images, its
        features distinguish them from others.
        """
        order = np.random.default_rng(seed).permutation(len(self.x_train))
        chosen, others = np.split(order, [min(MAX_COMPARED, len(order) // 2)])
        found = self._compared(self.x_train[chosen], self.y_train[chosen], self.x_train[others], seed)
        return found | self._learned(self.classifier)

    def _classifier(self, x, y, seed):
        return Classifier(x, y, self.n_classes, seed, self.n_steps)

    def _compared(self, x_fake, y_fake, known, seed):
        """Measures that need no training; `known` (n, ...) are the training images of the nearest-record measures."""
        rng = np.random.default_rng(seed)
        chosen = rng.permutation(len(x_fake))[:MAX_COMPARED]
        x_fake, y_fake = x_fake[chosen], None if y_fake is None else y_fake[chosen]
        n = min(len(x_fake), len(self.x_test))
        tested = rng.permutation(len(self.x_test))[:n]
        fake_features = self._features(x_fake)
        labels = self._labels(fake_features)
        by_classifier = _standardised(self.test_features, fake_features[:n])
        by_random = extract(self.x_test, x_fake[:n], features="random", random_state=0)
        found = {
            "n_compared": n,
            **_distances("classifier", by_classifier[0][tested], by_classifier[1], seed),
            **_distances("random", by_random[0][tested], by_random[1], seed),
        }
        if y_fake is not None:
            found["label_accuracy"] = float(np.mean(labels == y_fake))
        return found | self._shares(labels) | self._nearness(x_fake, known, rng, seed)

    def _shares(self, labels):
        if self.is_stacked:
            counts = np.bincount(labels, minlength=N_MODES)
            return {"modes_covered": int((counts > 0).sum()), "mode_divergence": _divergence(counts, np.ones(N_MODES))}
        counts, real = (np.bincount(y, minlength=self.n_classes) for y in (labels, self.y_train))
        is_covered = counts / counts.sum() >= LEAST_SHARE * real / real.sum()
        return {"classes_covered": int(is_covered.sum()), "class_divergence": _divergence(counts, real)}

    def _nearness(self, x_fake, known, rng, seed):
        holdout = self.x_test[rng.permutation(len(self.x_test))[:MAX_COMPARED]]
        some = known[rng.permutation(len(known))[: len(holdout)]]
        options = dict(features=_flat, random_state=seed)
        return {
            "nearer_to_training": nearest_record_share(some, x_fake, holdout[: len(some)], **options),
            "nearest_record_share": nearest_record_share(known, x_fake, holdout, max_rows=MAX_MATCHED, **options),
        }

    def _learned(self, classifier):
        """Accuracy of a classifier on the test images."""
        x, y = self._singles(self.x_test, self.y_test)
        is_right = classifier.labels_of(classifier.features(x)) == y
        by_class = [float(is_right[y == label].mean()) for label in range(self.n_classes)]
        return {
            "train_on_synthetic": float(is_right.mean()),
            "train_on_synthetic_worst": min(by_class),
            "train_on_synthetic_by_class": by_class,
        }

    def _singles(self, x, y):
        """Inputs of the classifier: the images themselves, or all red, then all green, then all blue stacked digits."""
        if not self.is_stacked:
            return x, y
        return _channels(x), np.concatenate([y // place % 10 for place in PLACES])

    def _features(self, x):
        """Features (n, 128), or for stacked digits those of the three channels, (n, 384)."""
        if not self.is_stacked:
            return self.classifier.features(x)
        return np.concatenate(np.split(self.classifier.features(_channels(x)), 3), axis=1)

    def _labels(self, features):
        """Predicted labels (n,) for the result of `_features`."""
        parts = np.split(features, 3, axis=1) if self.is_stacked else [features]
        labels = [self.classifier.labels_of(np.ascontiguousarray(part)) for part in parts]
        return sum(place * label for place, label in zip(PLACES[-len(labels) :], labels))


def _some(part, rows):
    """So many of the images or labels, evenly spread; all of them for None."""
    return part if rows is None else part[np.linspace(0, len(part) - 1, min(rows, len(part))).astype(int)]


def _channels(x):
    """Channels (3 n, height, width) of images (n, height, width, 3)."""
    return np.concatenate(np.moveaxis(x, 3, 0))


def _flat(x):
    return x.reshape(len(x), -1)


def _distances(kind, real, fake, seed):
    """The four measures of matrices of features."""
    manifold = manifold_scores(real, fake, features="raw")
    return {
        f"frechet_{kind}": frechet_distance(real, fake, features="raw"),
        f"kernel_{kind}": kernel_distance(real, fake, features="raw", random_state=seed).value,
        f"density_{kind}": manifold.density,
        f"coverage_{kind}": manifold.coverage,
    }


def _divergence(counts, expected):
    """Kullback-Leibler divergence of the shares of `counts` from those of `expected`, in nats."""
    p, q = counts / counts.sum(), expected / expected.sum()
    held = p > 0
    return float(np.sum(p[held] * np.log(p[held] / q[held])))


def grid(x_fake, y_fake, path):
    """Write a picture of samples: ten per class, or ten by ten without labels or with very many classes."""
    from matplotlib import pyplot as plt

    from skgan.plotting import ClassGridDisplay, ImageGridDisplay

    x_fake = np.clip(np.rint(x_fake), 0, 255).astype(np.uint8)
    if y_fake is None or len(np.unique(y_fake)) > MAX_GRID_ROWS:
        display = ImageGridDisplay.from_samples(x_fake, GRID_COLUMNS, GRID_COLUMNS)
    else:
        display = ClassGridDisplay.from_samples(x_fake, y_fake, n_cols=GRID_COLUMNS)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    display.figure_.savefig(path, dpi=150, bbox_inches="tight")
    plt.close(display.figure_)


def degraded(x, y, seed=0):
    """Real images degraded in several ways: (name, x, y, whether to train on them)."""
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng(seed)
    width = x.shape[2] / 20
    yield "blurred", gaussian_filter(x.astype(np.float32), (0, width, width, 0)[: x.ndim]), y, True
    yield "noised", x + rng.normal(0, 50, size=x.shape), y, True
    yield "copies of half the classes", x[y % 2 == 0], y[y % 2 == 0], False
    yield "copies, a third with any label", x, np.where(rng.random(len(y)) < 1 / 3, rng.permutation(y), y), False


def main(name="fashion_mnist"):
    if name not in NAMES:
        sys.exit(f"There are no images {name!r}; choose one of {', '.join(NAMES)}.")
    started = time.process_time()

    def show(what, found):
        nonlocal started
        print(f"{what} ({time.process_time() - started:.0f} CPU s)", flush=True)
        for key, value in found.items():
            print(f"  {key} {np.round(value, 4).tolist()}", flush=True)
        started = time.process_time()

    judge = Judge(name)
    show("classifier", {})
    show("floor", judge.floor())
    chosen = np.random.default_rng(1).permutation(len(judge.x_train))[:30_000]
    for what, x, y, train in degraded(judge.x_train[chosen], judge.y_train[chosen]):
        show(what, judge.measure(x, y, train=train))


if __name__ == "__main__":
    main(*sys.argv[1:])
