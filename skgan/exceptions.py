"""Errors and warnings of skgan, in addition to those of Python and scikit-learn."""

from sklearn.exceptions import ConvergenceWarning


class BrokenFileError(ValueError):
    """A file is damaged, has a later format, or was not written by `skgan.save`."""


class RareCategoryWarning(UserWarning):
    """Categories that few rows hold will appear unchanged in generated rows."""


class FewRowsWarning(UserWarning):
    """There are too few rows to learn from, so that generated rows are copies of them, or nearly."""


class LostDigitsWarning(UserWarning):
    """Whole numbers have more digits than floats of 64 bits, so that the last ones are lost."""


class TextColumnWarning(UserWarning):
    """A column of text looks like numbers, dates or times, or leaves open which number of its dates is the day."""


class DivergenceWarning(UserWarning):
    """Gradients, losses or weights became infinite or undefined; training went on from an earlier step, or ended."""


class DivergenceError(ValueError):
    """No step of the training succeeded: a network or loss gives undefined numbers, or a learning rate is too high."""


class UnseenConditionWarning(UserWarning):
    """A target y is a class that was not in training, or a number or date far outside the range in training."""


class InterruptedFitWarning(ConvergenceWarning):
    """Ctrl-C ended the training; the model is what was learned so far."""


class CopiesWarning(UserWarning):
    """Generated rows look like copies of the rows that they are compared with."""


class CollapseWarning(UserWarning):
    """The generator repeats the same few rows."""


class IdentifierWarning(UserWarning):
    """Columns hold identifiers, which are generated anew, or may hold some."""


class FreeTextWarning(UserWarning):
    """Columns hold free text, of which generated rows show nothing, or which they show verbatim."""


class NewValuesWarning(UserWarning):
    """Rows of a fit that goes on have categories, values or missing values that those of the fits before had not."""
