"""Where progress is shown: a bar, one line that is written anew, or single lines now and then."""

from __future__ import annotations

import sys
import warnings

# Narrower than most terminals, so that a line that is written anew does not wrap.
WIDTH = 79
# Seconds between two lines where each stays.
SECONDS_PER_LINE = 10.0


def screen():
    """What suits the place where the program runs."""
    if not (in_notebook() or in_terminal()):
        return Lines()
    try:
        with warnings.catch_warnings():
            # In a notebook without widgets, tqdm warns that its bar is text.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return Line()
    return Bar(tqdm)


def in_notebook():
    """Whether output is shown in the cell of a notebook."""
    IPython = sys.modules.get("IPython")
    shell = None if IPython is None else IPython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def in_terminal():
    return sys.stderr.isatty()


def _stream():
    # Notebooks show what is written to stderr as an error.
    return sys.stdout if in_notebook() else sys.stderr


class Lines:
    """Lines that stay, such as in a log file: at most one every ten seconds, and what is said for good."""

    seconds = SECONDS_PER_LINE

    def show(self, phase, share, details):
        if share is not None:
            self.say(f"skgan: {_words(phase, share, details)}")

    def say(self, text):
        print(text, file=_stream(), flush=True)

    def close(self):
        """Does nothing, because lines are complete."""


class Line:
    """One line that is written anew."""

    seconds = 0.5

    def __init__(self):
        self._is_open = False

    def show(self, phase, share, details):
        self._write(f"skgan: {_words(phase, share, details)}"[:WIDTH], end="")
        self._is_open = True

    def say(self, text):
        self._write(text, end="\n")
        self._is_open = False

    def close(self):
        if self._is_open:
            self._write("", end="\r")
            self._is_open = False

    def _write(self, text, end):
        # The blanks cover what was there before.
        print(f"\r{text:<{WIDTH}}" if self._is_open else text, end=end, file=_stream(), flush=True)


class Bar(Line):
    """A bar of tqdm, which is a widget in notebooks; before there is a share, a line."""

    seconds = 0.2

    def __init__(self, tqdm):
        super().__init__()
        self._tqdm, self._bar = tqdm, None

    def show(self, phase, share, details):
        if share is None and self._bar is None:
            return super().show(phase, share, details)
        # tqdm formats this text.
        after = f" {details}".replace("{", "{{").replace("}", "}}")
        form = f"skgan: {phase} {{percentage:3.0f}}%|{{bar}}|{after}"
        if self._bar is None:
            self.close()
            self._bar = self._tqdm(total=100, initial=100 * share, leave=False, file=_stream(), bar_format=form)
        self._bar.bar_format = form
        if share is not None:
            self._bar.n = 100 * share
        self._bar.refresh()

    def say(self, text):
        self.close()
        super().say(text)

    def close(self):
        super().close()
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _words(phase, share, details):
    return f"{phase}{'' if share is None else f' {share:.0%}'}{', ' if details else ''}{details}"
