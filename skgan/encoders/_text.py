"""Columns of free text, of which generated rows show no text: only where there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from skgan._state import demand

from ._columns import CategoricalColumn

# What generated rows show in the place of each text.
TEXT = "[text]"


def hidden(column):
    """A column of texts as one whose only category is `TEXT`; missing values stay missing."""
    return replace(column, values=np.where(column.missing, None, TEXT).astype(object), replaced_by=TEXT)


class TextColumn(CategoricalColumn):
    """Free text as one category; missing values are the other one.

    Parameters
    ----------
    column : Column
        As `hidden` returns it.
    """

    def codes(self, values):
        """0 for each value: whatever it says, it is a text."""
        return np.zeros(len(values), dtype=np.int64)

    def complete(self):
        super().complete()
        demand(self.categories == [TEXT], "categories", f"be {[TEXT]}")
