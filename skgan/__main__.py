"""The command line: read a table, and write a synthetic one in the same manner.

::

    python -m skgan DATA --out FILE [--rows N] [--where COLUMN=VALUE] [--drop COLUMN] [--types COLUMN=TYPE] [--seed S]
                    [--max-time SECONDS] [--save MODEL] [--report FILE [--holdout SHARE]] ...
    python -m skgan fit DATA --out MODEL [--target COLUMN] [--checkpoint FILE] ...
    python -m skgan resume CHECKPOINT DATA --out MODEL [--target COLUMN] ...
    python -m skgan sample MODEL --rows N --out FILE [--where COLUMN=VALUE] [--seed S]
    python -m skgan report DATA SYNTHETIC --out FILE [--holdout FILE] ...
"""

from __future__ import annotations

import sys
import warnings

from ._cli._arguments import build_parser
from ._cli._commands import COMMANDS, run_line
from ._cli._errors import CommandError, Interrupted, reason


def run(argv):
    """Run the command that the arguments name, and print what was written."""
    from . import __version__

    if argv and argv[0] in COMMANDS:
        build, command = COMMANDS[argv[0]]
        command(build().parse_args(argv[1:]))
    else:
        run_line(build_parser(__version__).parse_args(argv))


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
        0 if everything was written, 1 if a model or a report was not (rows may have been), 2 if the user's input was
        wrong and nothing was written, 130 after Ctrl-C, 143 after a fit with a checkpoint was ended by SIGTERM.

    Examples
    --------
    >>> from skgan.__main__ import main
    >>> main(["penguins", "--rows", "10", "--out", "penguins_synthetic.csv"])  # doctest: +SKIP
    0
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            run(sys.argv[1:] if argv is None else list(argv))
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
