"""Make the pictures of the README and the docs: python docs/make_pictures.py [NAME ...] (needs the extra `plot`).

A name is that of a picture, "penguins" the README's, or "report": what docs/measure.md shows of one. Without names all
are made, which takes a minute or two.
"""

import sys
from functools import cache
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skgan import ConditionalGANSampler, GANSampler, evaluate
from skgan.datasets import load_penguins
from skgan.plotting import (
    ClassGridDisplay,
    EmbeddingDisplay,
    HistoryDisplay,
    ImageGridDisplay,
    InterpolationDisplay,
    MarginalsDisplay,
    NearestRecordDisplay,
    PairTrendsDisplay,
)

IMAGES = Path(__file__).parent / "images"
REPORT = Path(__file__).parent / "_tables" / "report.txt"
COLOURS = {"Adelie": "#e07b00", "Chinstrap": "#7a4fbf", "Gentoo": "#0a8080"}
TONES = {"real": "#888888", "synthetic": "#2f6db5"}


def scatter(ax, frame, title):
    """Two bill measures, coloured by species."""
    for species, colour in COLOURS.items():
        rows = frame[frame["species"] == species]
        x, y = rows["bill_length_mm"], rows["bill_depth_mm"]
        ax.scatter(x, y, s=14, alpha=0.75, color=colour, label=species, linewidths=0)
    ax.set(title=title, xlabel="bill length (mm)", ylabel="bill depth (mm)")


def bars(ax, frames, column):
    """Each category's share of the rows, and that of missing values, real beside synthetic."""
    shares = pd.DataFrame({
        name: frame[column].fillna("missing").value_counts(normalize=True) for name, frame in frames.items()
    })
    for shift, name in zip([-0.19, 0.19], shares):
        places = [place + shift for place in range(len(shares))]
        ax.bar(places, shares[name], 0.38, color=TONES[name], label=name)
    ax.set_xticks(range(len(shares)), shares.index)
    ax.set(title=f"{column}: share of the rows")
    ax.legend(frameon=False)


def penguins():
    """Real penguins beside synthetic ones."""
    real = load_penguins()
    synthetic = GANSampler(random_state=0).fit(real).sample(len(real))
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.6), layout="constrained")
    top, bottom = axes
    scatter(top[0], real, f"{len(real)} real penguins")
    scatter(top[1], synthetic, f"{len(synthetic)} synthetic penguins")
    top[1].set(xlim=top[0].get_xlim(), ylim=top[0].get_ylim())
    top[0].legend(frameon=False, loc="lower right")
    for ax, column in zip(bottom, ["island", "sex"]):
        bars(ax, {"real": real, "synthetic": synthetic}, column)
    for ax in axes.flat:
        ax.spines[["top", "right"]].set_visible(False)


@cache
def fitted_penguins():
    """A sampler, the rows it was fitted on, and rows that it has not seen."""
    train, held_out = train_test_split(load_penguins(), test_size=0.3, random_state=0)
    return GANSampler(random_state=0).fit(train), train, held_out


@cache
def fitted_digits():
    """A sampler of images of 8 by 8 pixels, given the digit that they show."""
    X, y = load_digits(return_X_y=True)
    return ConditionalGANSampler(random_state=0).fit(X, y)


def history():
    sampler, _, _ = fitted_penguins()
    HistoryDisplay.from_estimator(sampler)


def marginals():
    sampler, train, _ = fitted_penguins()
    MarginalsDisplay.from_estimator(sampler, train)


def pair_trends():
    sampler, train, _ = fitted_penguins()
    PairTrendsDisplay.from_estimator(sampler, train)


def embedding():
    sampler, train, _ = fitted_penguins()
    EmbeddingDisplay.from_estimator(sampler, train)


def nearest_records():
    sampler, train, held_out = fitted_penguins()
    NearestRecordDisplay.from_estimator(sampler, train, held_out)


def image_grid():
    sampler = fitted_digits()
    ImageGridDisplay.from_estimator(sampler, n_rows=3, n_cols=15, image_shape=(8, 8))


def class_grid():
    sampler = fitted_digits()
    ClassGridDisplay.from_estimator(sampler, n_cols=12, image_shape=(8, 8))


def interpolation():
    sampler = fitted_digits()
    ways = [sampler.interpolate(0, 1, 12, y=digit) for digit in (0, 3, 6, 8)]
    InterpolationDisplay.from_samples(np.stack(ways), image_shape=(8, 8))


def report():
    """The printed text of a report."""
    sampler, train, held_out = fitted_penguins()
    printed = evaluate(train, sampler.sample(1000), holdout=held_out, target="species", random_state=0)
    REPORT.write_text(f"{printed}\n", encoding="utf-8")


MAKERS = {
    maker.__name__: maker
    for maker in (
        penguins,
        history,
        marginals,
        pair_trends,
        embedding,
        nearest_records,
        image_grid,
        class_grid,
        interpolation,
        report,
    )
}


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or MAKERS:
        MAKERS[name]()
        # A report is text.
        if plt.get_fignums():
            plt.savefig(IMAGES / f"{name}.png", dpi=110)
            plt.close("all")
