"""The numbers of datetimes that have a time zone: what the clocks on its walls show."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class WallClock:
    """The scale of int64 counts of `unit` ("s", ...) since 1970 by the clocks of `zone` (its name or a tzinfo).

    Whole days stay whole days, which they are not in UTC where summer time comes and goes. The price: in the hour
    that clocks repeat when summer time ends, the second round has the numbers of the first one, and comes back as
    the earlier instant. Numbers in the hour that clocks skip come back as the first instant after it.
    """

    unit: str
    zone: object

    def counts(self, index):
        """int64 array of shape (n,): an aware DatetimeIndex of this unit by these clocks, of whatever zone it is."""
        return index.tz_convert(self.zone).tz_localize(None).asi8

    def index(self, counts):
        """DatetimeIndex of this zone, of shape (n,): the moments at which these clocks show `counts` (int64)."""
        naive = pd.DatetimeIndex(counts.view(f"M8[{self.unit}]"))
        is_earlier = np.ones(len(naive), dtype=bool)
        return naive.tz_localize(self.zone, ambiguous=is_earlier, nonexistent="shift_forward")

    def from_utc(self, counts):
        """`counts` (n,), int64 since 1970 in UTC, by these clocks."""
        return self.counts(pd.DatetimeIndex(counts.view(f"M8[{self.unit}]")).tz_localize("UTC"))

    def to_utc(self, counts):
        """`counts` (n,), int64 by these clocks, since 1970 in UTC."""
        return self.index(counts).asi8
