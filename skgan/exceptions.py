"""Errors and warnings that skgan raises beside Python's and scikit-learn's own."""


class BrokenFileError(ValueError):
    """A file given to `skgan.load` is damaged, of a later format, or was not written by `skgan.save`."""


class RareCategoryWarning(UserWarning):
    """Text levels that few rows hold will be shown in generated rows as they are."""


class DivergenceWarning(UserWarning):
    """Training met infinite or undefined gradients and stopped early."""


class UnseenConditionWarning(UserWarning):
    """A y is a class that was not in training, or a number or date far beyond those in training."""


class CopiesWarning(UserWarning):
    """Generated rows look like copies of the rows that they are compared with."""


class CollapseWarning(UserWarning):
    """The generator makes the same few rows again and again."""
