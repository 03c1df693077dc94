"""Why the command stops early, and its exit codes."""

from ._options import in_options


class CommandError(Exception):
    """The reason, in one sentence, why the command stops early."""

    code = 1


class UserError(CommandError):
    """The user's input cannot be used, and nothing was written."""

    code = 2


class LateError(CommandError):
    """What was computed could not be written; the rows may have been written before."""


class Interrupted(CommandError):
    """Ctrl-C, or with another code another signal."""

    def __init__(self, message, code=130):
        super().__init__(message)
        self.code = code


def reason(error):
    """Return the text of an error or a warning as one line without a full stop, with options in place of parameters.

    An error without a text is named by its type.
    """
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return in_options(" ".join(text.split()).removesuffix("."))
