"""Datetimes with a time zone as numbers: local time in that zone."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class WallClock:
    """The scale of int64 counts of `unit` ("s", ...) since 1970 in local time of `zone` (its name or a tzinfo).

    In local time whole days stay whole days, while in UTC the changes of summer time would shift them. However, in the
    hour that is repeated when summer time ends, both passes have the same numbers, which are returned as the earlier
    instant. Numbers in the hour that is skipped are returned as the first instant after it.
    """

    unit: str
    zone: object

    def counts(self, index):
        """An aware DatetimeIndex of this unit and any zone, as an int64 array (n,) of counts in this zone."""
        return index.tz_convert(self.zone).tz_localize(None).asi8

    def index(self, counts):
        """The DatetimeIndex (n,) of this zone whose local times are `counts` (int64)."""
        naive = pd.DatetimeIndex(counts.view(f"M8[{self.unit}]"))
        is_earlier = np.ones(len(naive), dtype=bool)
        return naive.tz_localize(self.zone, ambiguous=is_earlier, nonexistent="shift_forward")

    def from_utc(self, counts):
        """`counts` (n,), int64 since 1970 in UTC, converted to local time."""
        return self.counts(pd.DatetimeIndex(counts.view(f"M8[{self.unit}]")).tz_localize("UTC"))

    def to_utc(self, counts):
        """`counts` (n,), int64 in local time, converted to counts since 1970 in UTC."""
        return self.index(counts).asi8
