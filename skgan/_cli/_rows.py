"""Write the rows of a sampler: a table of one chunk at once, a larger one chunk by chunk."""

from __future__ import annotations

from skgan._counted import counted
from skgan.datasets._files import suffix_of, whole_file, write_file, writer_for

from ._errors import Interrupted, UserError, reason


def write_sample(sampler, n, wanted, like, path, seed=None, *, kept=False):
    """Write rows in the manner of a file.

    Parameters
    ----------
    sampler : GANSampler or ConditionalGANSampler
    n : int
        How many rows.
    wanted : object or None
        The y of all rows; None is y as in training.
    like : Like or None
    path : Path
        The real path of the file. An existing file is replaced once the new one is complete.
    seed : int or None, default=None
    kept : bool, default=False
        Whether the rows are returned, and so are in memory together.

    Returns
    -------
    size : str
        How many rows and columns were written.
    synthetic : DataFrame or None
    """
    from skgan.samplers import CHUNK_SIZE

    suffix, is_gzip = suffix_of(path)
    given = {} if seed is None else {"random_state": seed}
    given |= {} if wanted is None else {"y": wanted}
    # A sheet of Excel is written at once, and holds no more than about a million rows.
    if n > CHUNK_SIZE and not kept and suffix != ".xlsx":
        return size_of(n, write_in_chunks(sampler, n, given, like, path)), None
    frame = in_order(joined(sampler.sample(n, **given), like), like)
    try:
        with whole_file(path) as unfinished:
            write_file(frame, unfinished, suffix, is_gzip, like)
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None
    return size_of(n, frame.shape[1]), frame


def size_of(n_rows, n_columns):
    columns = f" of {counted(n_columns, 'column')}" if n_columns else ""
    return counted(n_rows, "row") + columns


def write_in_chunks(sampler, n, given, like, path):
    """Write rows a chunk at a time.

    Returns
    -------
    int or None
        How many columns they have; None if a call that was killed had written all rows already.
    """
    n_columns = None

    def change(frame):
        nonlocal n_columns
        frame = in_order(frame, like)
        n_columns = frame.shape[1]
        return frame

    bulk = sampler._bulk(n, **given)
    try:
        bulk.write(path, writer_for(path, bulk.time_units, like), change)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; the rows so far are beside {path}, and the same command goes on.") from None
    return n_columns


def joined(drawn, like):
    """What `sample` returned as a frame with the targets as the last columns."""
    from skgan.samplers import frame_of

    if not isinstance(drawn, tuple):
        return frame_of(drawn)
    X, y = drawn
    if like is not None:
        y = y.set_axis(like.targets, axis=1) if y.ndim == 2 else y.rename(like.targets[0])
    return frame_of(X, y)


def in_order(frame, like):
    """The columns of a frame in the order of the file that the model was fitted on."""
    return frame if like is None else like.in_order(frame)
