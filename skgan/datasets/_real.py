"""Real tables that ship with the package."""

from pathlib import Path

import pandas as pd

PENGUINS = Path(__file__).parent / "data" / "penguins.csv"


def load_penguins():
    """Load the Palmer penguins: a small table of mixed types with missing values.

    Returns
    -------
    penguins : pandas.DataFrame of shape (344, 7)
        Text columns ``species``, ``island`` and ``sex`` (11 missing), float columns ``bill_length_mm``,
        ``bill_depth_mm``, ``flipper_length_mm`` and ``body_mass_g`` (2 missing in each).

    Notes
    -----
    Licence CC0 1.0. The origin is recorded in ``skgan/datasets/data/SOURCE.md``.

    References
    ----------
    Gorman, Williams and Fraser (2014), Ecological sexual dimorphism and environmental variability within a
    community of Antarctic penguins (genus Pygoscelis), PLoS ONE 9(3). Horst, Hill and Gorman (2020),
    palmerpenguins.

    Examples
    --------
    >>> from skgan.datasets import load_penguins
    >>> load_penguins().shape
    (344, 7)
    """
    return pd.read_csv(PENGUINS)
