"""The manner of a file without its rows, so that rows of a saved model can be written alike."""

from copy import copy
from dataclasses import replace

from skgan._state import ListOf, Maybe, Rule, Stateful, Text, Word, demand, inside, read_values
from skgan._text_values import is_missing_word

from ._excel import CellRule, Sheet
from ._find import MISSING_WORDS
from ._manners import MANNERS, Plain, Styled, Texts, Typed
from ._parquet import Frame
from ._table import KINDS, SUFFIXES
from ._text import Layout

LAYOUTS = {"text": Layout, "sheet": Sheet, "frame": Frame}


class Named(Rule):
    """The state of an object of one of several classes, with the word for its class."""

    def __init__(self, classes):
        self.classes = classes

    def __str__(self):
        return f"a dict whose 'kind' is one of {', '.join(map(repr, self.classes))}"

    def allows(self, value):
        return isinstance(value, dict)

    def read(self, name, value):
        with inside(name):
            word = read_values(super().read(name, value), {"kind": Word(tuple(self.classes))})["kind"]
            return self.classes[word].from_state(value)

    def state_of(self, value):
        word = next(word for word, kind in self.classes.items() if kind is type(value))
        return {"kind": word, **value.get_state()}


def without_texts(manner):
    """A manner as it writes values, without the texts that occur in the file in place of a value.

    Missing values are written as empty cells unless the text for them is a usual word for a missing value.
    """
    if manner is None or type(manner) is Texts:
        return manner
    missing = manner.missing
    is_usual = missing is None or missing in MISSING_WORDS or is_missing_word(missing)
    manner = replace(manner, missing=missing if is_usual else None)
    if isinstance(manner, Plain):
        return replace(manner, words=frozenset())
    if isinstance(manner, Styled):
        style = copy(manner.style)
        style.exceptions = []
        return replace(manner, style=style)
    return replace(manner, recognised=None) if isinstance(manner, Typed) else manner


class Like(Stateful):
    """How a file was written: what `write_file` needs of a `TableFile`.

    Parameters
    ----------
    table : TableFile
    targets : sequence of str
        Columns that a model generates the others for.

    Attributes
    ----------
    columns : list of str
        The columns of the rows, in their order. The header has those that were left out, too.
    """

    STATE = {
        "suffix": Word(SUFFIXES),
        "columns": ListOf(Text()),
        "targets": ListOf(Text()),
        "in_header": ListOf(Text(), 1),
        "said": ListOf(CellRule()),
        "column_manners": ListOf(Maybe(Named(MANNERS))),
        "layout": Named(LAYOUTS),
    }

    def __init__(self, table, targets=()):
        self.suffix = table.suffix
        self.columns, self.targets = list(table.frame), list(targets)
        self.in_header, self.said = list(table.header), list(table.header.values())
        self.column_manners = [table.manners.get(name) for name in self.in_header]
        self.layout = table.layout

    def complete(self):
        n = len(self.in_header)
        demand(len(set(self.in_header)) == n, "in_header", "name each column once")
        demand(len(self.said) == len(self.column_manners) == n, "said", "and the manners be one for each column")
        demand(set(self.columns) <= set(self.in_header), "columns", "be in the header")
        demand(set(self.targets) <= set(self.columns), "targets", "be columns")
        demand(type(self.layout) is KINDS[self.suffix], "layout", "be that of a file with this suffix")

    @property
    def header(self):
        return dict(zip(self.in_header, self.said, strict=True))

    @property
    def manners(self):
        pairs = zip(self.in_header, self.column_manners, strict=True)
        return {name: manner for name, manner in pairs if manner is not None}

    def without_texts(self):
        """This manner as a model may hold it: without texts of the file that may be anybody's."""
        like = copy(self)
        like.column_manners = list(map(without_texts, self.column_manners))
        return like

    @property
    def is_savable(self):
        """Whether all names are text, as a state must have them; those of a Parquet file may be numbers."""
        index = getattr(self.layout, "names", ())
        return all(isinstance(name, str | None) for name in (*self.in_header, *index)) and None not in self.in_header

    def in_order(self, frame):
        """The columns of a frame in the order of the file."""
        # Columns of free text may have been left out.
        return frame[[name for name in self.columns if name in frame]]
