"""Why the command stops early, and its exit codes."""


class CommandError(Exception):
    """The reason, in one sentence, why the command stops early."""

    code = 1


class UserError(CommandError):
    """The user's input cannot be used, and nothing was written."""

    code = 2


class LateError(CommandError):
    """The rows were written, but the model or the report on them was not."""


class Interrupted(CommandError):
    """Ctrl-C."""

    code = 130


def reason(error):
    """Return the text of an error or a warning as one line without a full stop; its type if it has no text."""
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return " ".join(text.split()).removesuffix(".")
