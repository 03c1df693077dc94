"""The command line: read a table, and write a synthetic one in the same manner.

::

    python -m skgan DATA --out FILE [--rows N] [--where COLUMN=VALUE] [--drop COLUMN] [--types COLUMN=TYPE] [--seed S]
                    [--max-time SECONDS] [--save MODEL] [--report FILE [--holdout SHARE]] ...
"""

from __future__ import annotations

import sys
import time
import warnings

from ._cli._arguments import build_parser
from ._cli._data import read_data, split, tell_recognised
from ._cli._errors import CommandError, Interrupted, UserError, reason
from ._cli._fit import fit_and_sample, options_of, targets_of
from ._cli._output import check_out, check_report, check_save, save_model, write_report, write_rows
from ._cli._where import conditions_of, with_known
from ._counted import counted


def run(arguments):
    """Run the parsed command line, and print what was written."""
    start = time.monotonic()
    out, model, report = check_out(arguments), check_save(arguments), check_report(arguments)
    table = read_data(arguments)
    conditions = conditions_of(arguments.where, table)
    targets = targets_of(arguments, table.frame, conditions)
    options = options_of(arguments, list(table.frame.drop(columns=targets)))
    frame, held_out = split(with_known(table.frame, conditions), arguments.holdout, arguments.seed)
    tell_recognised(table)
    rows = arguments.rows or len(table.frame)
    try:
        sampler, synthetic = fit_and_sample(frame, rows, targets, conditions, options)
    except (MemoryError, TypeError, ValueError) as error:
        raise UserError(f"no rows could be made from {arguments.data}: {reason(error)}.") from None
    write_rows(synthetic, out, table)
    seconds = time.monotonic() - start
    size = f"{counted(rows, 'row')} of {counted(synthetic.shape[1], 'column')}"
    print(f"Wrote {size} to {arguments.out} in {seconds:.1f} s.")
    if model is not None:
        save_model(sampler, model, arguments)
        print(f"Saved the model to {arguments.save}.")
    if report is not None:
        parts = [meeting(conditions, part) for part in (frame, synthetic, held_out)]
        write_report(report, *parts, None if conditions else arguments.target, arguments)
        print(f"Wrote the report on them to {arguments.report}.")


def meeting(conditions, frame):
    """The rows that meet the conditions, without the columns of these; None for no frame."""
    if frame is None or not conditions:
        return frame
    meets = (frame[list(conditions)] == list(conditions.values())).all(axis=1)
    return frame[meets].drop(columns=list(conditions)).reset_index(drop=True)


def show_warning(message, *_args, **_kwargs):
    print(f"skgan: warning: {reason(message)}.", file=sys.stderr)


def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None takes those of the process.

    Returns
    -------
    code : int
        0 if everything was written, 1 if the rows were written but the model or the report was not, 2 if the user's
        input was wrong and nothing was written, 130 after Ctrl-C.

    Examples
    --------
    >>> from skgan.__main__ import main
    >>> main(["penguins", "--rows", "10", "--out", "penguins_synthetic.csv"])  # doctest: +SKIP
    0
    """
    from . import __version__

    try:
        arguments = build_parser(__version__).parse_args(argv)
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            run(arguments)
        return 0
    except Interrupted as error:
        print(f"skgan: {error}", file=sys.stderr)
        return error.code
    except CommandError as error:
        print(f"skgan: error: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("skgan: interrupted; nothing was written.", file=sys.stderr)
        return 130
    except SystemExit as exit:  # --help and --version
        return exit.code


if __name__ == "__main__":
    sys.exit(main())
