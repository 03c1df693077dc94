"""Blocks of the user guide that make something of the reader's own data."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from skgan import GANSampler

PAGE = Path(__file__).parents[1] / "docs" / "user_guide.md"


def test_hours_and_weekdays_are_learned_as_columns():
    """The level depends on the hour and on the weekday."""
    section = PAGE.read_text(encoding="utf-8").split("### Hours and weekdays\n")[1]
    [block] = re.findall(r"```python\n(.*?)```", section.split("\n### ")[0], re.DOTALL)
    times = pd.date_range("2024-01-01", periods=24 * 56, freq="h", name="time")
    meter = pd.DataFrame({"kwh": np.where(times.hour < 12, 1.0, 3.0) + 6.0 * (times.day_of_week > 4)}, index=times)
    meter["kwh"] += np.random.default_rng(0).normal(0, 0.1, len(meter))
    names = {"meter": meter, "pd": pd, "GANSampler": partial(GANSampler, max_iter=300, refine=False, random_state=0)}
    exec(block, names)
    rows = names["rows"]
    assert isinstance(rows.index, pd.DatetimeIndex) and len(rows) == 1000
    assert times[0] <= rows.index.min() and rows.index.max() < times[-1] + pd.Timedelta(days=7)
    is_morning, is_weekend = rows.index.hour < 12, rows.index.day_of_week > 4
    levels = rows["kwh"].groupby([is_weekend, is_morning]).median()
    assert levels[False, True] + 1 < levels[False, False] and levels[True, True] > levels[False, True] + 3
