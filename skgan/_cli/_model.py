"""Models in files: the sampler, and the manner of the file that it was fitted on."""

from ._errors import UserError, reason
from ._output import late


def save_model(sampler, path, like, name, done=""):
    """Save a sampler with the manner of its data; an error names the file, and says what is `done` already."""
    from skgan.persistence import write_sampler

    # A Parquet file can have names that are no text, whose manner a model does not hold.
    late(name, lambda: write_sampler(sampler, path, like.without_texts() if like.is_savable else None), done)


def open_model(path):
    """The sampler in a file, and the `Like` that was saved with it or None."""
    from skgan.persistence import read_sampler

    try:
        return read_sampler(path)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist.") from None
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{reason(error)}.") from None
