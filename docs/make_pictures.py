"""Make the pictures of the README and the docs: python docs/make_pictures.py (needs the extra `plot`)."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

from skgan import GANSampler
from skgan.datasets import load_penguins

IMAGES = Path(__file__).parent / "images"
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
    """Each level's share of the rows, gaps included, real beside synthetic."""
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
    figure.savefig(IMAGES / "penguins.png", dpi=110)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    penguins()
