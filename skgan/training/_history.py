"""The record of a run."""

from __future__ import annotations

import pandas as pd

MAX_ROWS = 2000


class History:
    """Losses and seconds, step by step.

    Parameters
    ----------
    players : sequence of str
        Names of the players whose losses are recorded.
    """

    def __init__(self, players):
        self.players = tuple(players)
        self._every = 1
        self._rows = []
        self._before, self.n_before = None, 0

    def record(self, step, seconds, losses):
        """Add a step.

        Parameters
        ----------
        step : int
            From 1.
        seconds : float
            Seconds since the start of the run.
        losses : dict of str to scalar tensor
            One per player. They stay tensors until the record is read: reading a tensor on a GPU would synchronise.
        """
        if step % self._every == 0:
            self._rows.append((step, seconds, losses))
        if len(self._rows) > MAX_ROWS:
            self._rows = self._rows[1::2]
            self._every *= 2

    def cut(self, step):
        """Forget the steps after this one."""
        self._rows = [row for row in self._rows if row[0] <= step]

    def follow(self, table, n_steps):
        """Go on from the history of earlier runs, a `table` of so many steps. It is no part of `state_dict`."""
        self._before, self.n_before = table, n_steps

    @property
    def table(self):
        """DataFrame with the columns step, seconds and one ``{player}_loss`` per player.

        One row per step. Beyond 2,000 rows every second one is dropped, and again at each doubling of the steps.
        Steps and seconds go on from those of earlier runs.
        """
        table = self._own_table()
        if self._before is None:
            return table
        table["step"] += self.n_before
        table["seconds"] += self._before["seconds"].iloc[-1] if len(self._before) else 0.0
        table = pd.concat([self._before, table], ignore_index=True)
        while len(table) > MAX_ROWS:
            table = table.iloc[1::2].reset_index(drop=True)
        return table

    def _own_table(self):
        columns = {"step": [step for step, _, _ in self._rows], "seconds": [seconds for _, seconds, _ in self._rows]}
        for name in self.players:
            columns[f"{name}_loss"] = [float(losses[name]) for _, _, losses in self._rows]
        return pd.DataFrame(columns).astype({name: "int64" if name == "step" else "float64" for name in columns})

    def state_dict(self):
        """The record as plain numbers."""
        rows = [[step, seconds, {name: float(loss) for name, loss in losses.items()}]
                for step, seconds, losses in self._rows]
        return {"every": self._every, "rows": rows}

    def load_state_dict(self, state):
        """Continue from what `state_dict` returned."""
        self._every = state["every"]
        self._rows = [tuple(row) for row in state["rows"]]
