"""Targets: what y was, and how targets become conditions of the networks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from skgan._forms import form_from_state, label_order, read_target, warn_of_text_targets
from skgan._random import numpy_stream
from skgan._state import demand
from skgan._warnings import warn
from skgan.encoders import ConditionEncoder, profiles_of, warn_of_rare
from skgan.exceptions import UnseenConditionWarning

from ._unlearnable import are_too_few, warn_of_lost_digits


@dataclass(frozen=True, eq=False)
class Targets:
    """The layout of y, and the encoder of conditions that was fitted to it.

    Attributes
    ----------
    form : TableForm
        What y was, and how columns become a y again.
    encoder : ConditionEncoder
        Targets to conditions.
    """

    form: object
    encoder: ConditionEncoder

    @classmethod
    def fit(cls, y, data, *, target_type, min_frequency):
        """The targets of the rows of `data`, a table or images.

        Returns
        -------
        (Targets, Conditions)
            The layout, and the condition of each row.
        """
        table = read_target(y)
        check_lengths(data.n_rows, table.n_rows)
        warn_of_text_targets(table)
        encoder = ConditionEncoder(target_type=target_type, min_frequency=min_frequency)
        encoder.fit(table, partial(profiles_of, data))
        warn_of_lost_digits(table, min_frequency, "y")
        if not are_too_few(data):
            warn_of_rare(encoder.with_class_labels(table), min_frequency, "y", "merge such classes before the fit")
        return cls(table.form, encoder), encoder.encode(table)

    @staticmethod
    def form_of(y):
        """The layout of y, a `TableForm`."""
        return read_target(y).form

    @property
    def labels(self):
        """The classes as y shows them, in the order of the condition's codes; None unless y is one such target."""
        if len(self.encoder.is_class_) != 1 or not self.encoder.is_class_[0]:
            return None
        return self.form.labels(self.encoder.labels(0))

    @property
    def order(self):
        """The positions of the labels in sorted order."""
        return label_order(self.labels)

    @property
    def classes(self):
        """The sorted classes, an ndarray, or None."""
        return None if self.labels is None else self.labels[self.order]

    def encode(self, table):
        """`Conditions` of a table of targets."""
        return self.encoder.encode(table)

    def read(self, y):
        """Targets of the fitted layout. Those of a single column may also come without their second dimension."""
        form = self.form
        if self._tuples and isinstance(y, list | tuple) and any(isinstance(label, tuple) for label in y):
            # NumPy would take the tuples for rows.
            y = np.fromiter(y, dtype=object, count=len(y))
        if not form.one_dimensional and form.n_columns == 1 and np.ndim(y) == 1:
            column = np.empty((len(y), 1), dtype=object)
            column[:, 0] = list(y)
            y = column
        return form.read_like(y, name="y")

    def requested(self, y, n):
        """The targets that a caller asked for, one per row, and how many rows that makes."""
        asked, n = self.asked(y, n)
        return (asked.take(np.zeros(n, dtype=int)) if asked.n_rows == 1 else asked), n

    def asked(self, y, n):
        """The targets that a caller asked for, one for all n rows or one for each, and how many rows that makes."""
        form = self.form
        if isinstance(y, dict):
            y, one = _row([y[name] for name in _checked_names(y, form.names)]), True
        else:
            one = np.ndim(y) == 0 or self._is_one_tuple(y)
            if one and form.n_columns > 1:
                raise ValueError(
                    f"y={y!r} is one value, but there are {form.n_columns} targets; pass a dict with the keys "
                    f"{list(form.names)}."
                )
            y = [y.item() if isinstance(y, np.ndarray) else y] if one else y
        targets = self.read(y)
        self._warn_of_distant(targets)
        if one:
            return targets, n
        if n not in (1, targets.n_rows):
            raise ValueError(
                f"n_samples={n} does not fit y, which asks for {targets.n_rows} rows, one per condition; pass "
                f"n_samples={targets.n_rows}, or a single condition."
            )
        return targets, targets.n_rows

    @property
    def _tuples(self):
        """The classes that are tuples, a set."""
        labels = self.labels
        is_object = labels is not None and labels.dtype == object
        return {label for label in labels.tolist() if isinstance(label, tuple)} if is_object else set()

    def _is_one_tuple(self, y):
        """Whether y is one class, although it is a tuple, and not a tuple of classes."""
        if not isinstance(y, tuple) or not self._tuples:
            return False
        labels = set(self.labels.tolist())
        holds_classes = any(_is_among(item, labels) for item in y)
        if holds_classes and _is_among(y, labels):
            raise ValueError(
                f"y={y!r} is a class, and a tuple of classes as well; pass [{y!r}] * n_samples for the one class, or "
                f"{list(y)!r} for a row of each."
            )
        return not holds_classes

    def _warn_of_distant(self, targets):
        """Warn once of continuous targets that are far beyond those in training."""
        found = next(self.encoder.beyond(targets), None)
        if found is None:
            return
        position, values, limits = found
        form = self.form
        where = "" if form.one_dimensional else f" in {targets.columns[position].describe()}"
        shown = np.concatenate([values[:1], limits])
        value, low, high = form.columns[position].decode(shown, np.zeros(3, dtype=bool))
        warn(
            f"y is {value}{where}, far beyond the values in training, which range from about {low} to {high}; the "
            "nearest of these is used instead.",
            UnseenConditionWarning,
        )

    def draw(self, numbers, seed, block):
        """Targets as in training for the rows of the blocks of these numbers, each of which has a stream of its own."""
        blocks = [self.encoder.draw(block, numpy_stream(seed, "y", number)) for number in numbers]
        columns = [zip(*pieces, strict=True) for pieces in zip(*blocks, strict=True)]
        return self.form.read_like(self.rebuild([tuple(map(np.concatenate, column)) for column in columns]))

    def rebuild(self, columns):
        """A y of the fitted kind from a list of (values, missing), one per target."""
        return self.form.rebuild(columns)

    def known(self):
        """Values of each target, and whether they are classes: all classes, or the lowest and the highest number.

        Returns
        -------
        list of (values, bool)
            Values as the fitted y shows them, an array (n,).
        """
        known = []
        for position, (column, is_class) in enumerate(zip(self.form.columns, self.encoder.is_class_, strict=True)):
            encoder = self.encoder.encoder_.columns_[position]
            values = self.encoder.labels(position) if is_class else encoder.quantiles.range()
            known.append((column.decode(np.asarray(values), np.zeros(len(values), dtype=bool)), bool(is_class)))
        return known

    def of_table(self, table):
        """The rows of a table of targets as a y of the fitted kind."""
        return self.rebuild([(column.values, column.missing) for column in table.columns])

    def get_state(self):
        return {"form": self.form.get_state(), "encoder": self.encoder.get_state()}

    def check(self):
        """Refuse a layout and an encoder, read from a file, that contradict each other."""
        self.encoder.check_form(self.form)
        demand(self.labels is None or len(self.classes) > 0, "classes", "be values that the form of y can show")

    @classmethod
    def from_state(cls, state):
        return cls(form_from_state(state["form"]), ConditionEncoder.from_state(state["encoder"]))


def _is_among(item, labels):
    """Whether an item, which may be unhashable, is in a set."""
    try:
        return item in labels
    except TypeError:
        return False


def _row(values):
    """Values as the only row of a table."""
    if not any(isinstance(value, tuple) for value in values):
        return [values]
    # NumPy would take tuples for further dimensions.
    row = np.empty((1, len(values)), dtype=object)
    for position, value in enumerate(values):
        row[0, position] = value
    return row


def check_lengths(n_rows, n_targets):
    """Raise a ``ValueError`` unless there is one target per row."""
    if n_rows != n_targets:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: X has {n_rows} rows and y has {n_targets}; "
            "pass one y per row."
        )


def _checked_names(y, names):
    if set(y) != set(names):
        raise ValueError(f"y has the keys {list(y)}, but the targets are {list(names)}; name each of them once.")
    return names
