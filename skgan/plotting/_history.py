"""HistoryDisplay: the losses of a training run."""

import numpy as np
from sklearn.exceptions import NotFittedError

from skgan._registry import resolve
from skgan._validation import Positive, check_option

from ._style import FAINT, LABEL, REAL, SYNTHETIC, TITLE, bare, open_axes, plain, require_matplotlib

X_LABELS = {"step": "step", "seconds": "seconds of training"}
COLOURS = {"discriminator_loss": REAL, "generator_loss": SYNTHETIC}
# The other colours of Okabe and Ito, for further losses.
MORE_COLOURS = ("#009E73", "#CC79A7", "#56B4E9", "#E69F00")


class HistoryDisplay:
    """The losses of a training run over its steps.

    Parameters
    ----------
    history : DataFrame
        Columns step, seconds, and one or more whose names end in ``_loss``, as in `GANSampler.history_`.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    lines_ : dict of str to matplotlib.lines.Line2D
        The smoothed line of each loss.

    See Also
    --------
    HistoryDisplay.from_estimator : Plot the history of a fitted sampler.
    HistoryDisplay.from_history : Plot a history that is a frame.

    Notes
    -----
    The losses of a generator and a discriminator need not fall. Curves that converge show that both are in balance, not
    that the rows are good; this is what metrics measure.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.plotting import HistoryDisplay
    >>> sampler = GANSampler(max_iter=20, random_state=0).fit(load_iris().data)
    >>> HistoryDisplay.from_estimator(sampler).ax_.get_xlabel()
    'step'
    >>> plt.close()
    """

    figure_size = (7.0, 4.0)

    def __init__(self, *, history):
        self.history = history

    @classmethod
    def from_estimator(cls, sampler, *, x="step", smoothing=0.05, ax=None):
        """Plot the losses of a fitted sampler.

        Parameters
        ----------
        sampler : GANSampler, ConditionalGANSampler or similar
            A fitted sampler with a `history_`.
        x, smoothing, ax
            As in `plot`.

        Returns
        -------
        HistoryDisplay

        Raises
        ------
        NotFittedError
            The sampler is not fitted.
        """
        if not hasattr(sampler, "history_"):
            raise NotFittedError(f"This {type(sampler).__name__} has no history_ yet; call fit first.")
        return cls.from_history(sampler.history_, x=x, smoothing=smoothing, ax=ax)

    @classmethod
    def from_history(cls, history, *, x="step", smoothing=0.05, ax=None):
        """Plot the losses in a frame.

        Parameters
        ----------
        history : DataFrame
            As in the class.
        x, smoothing, ax
            As in `plot`.

        Returns
        -------
        HistoryDisplay

        Raises
        ------
        ValueError
            A column is missing.
        """
        require_matplotlib(cls)
        if not _losses(history) or x not in history:
            raise ValueError(
                f"history must have a column {x!r} and one whose name ends in '_loss', got the columns "
                f"{list(history.columns)}."
            )
        return cls(history=history).plot(ax, x=x, smoothing=smoothing)

    def plot(self, ax=None, *, x="step", smoothing=0.05):
        """Plot each loss as a faint line, and its running median on top.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure.
        x : {"step", "seconds"}, default="step"
            The x-axis.
        smoothing : float, default=0.05
            Width of the running median, as a share of the run.

        Returns
        -------
        HistoryDisplay
            Itself.

        Raises
        ------
        ValueError
            `x` or `smoothing` is not allowed.
        """
        label = resolve("x", x, X_LABELS)
        check_option("smoothing", smoothing, Positive())
        ax = open_axes(self, ax, self.figure_size)
        window = max(1, round(min(smoothing, 1.0) * len(self.history)))
        more = iter(MORE_COLOURS * len(self.history.columns))
        positions, self.lines_, raw = self.history[x], {}, []
        for name in _losses(self.history):
            loss, colour = self.history[name], COLOURS.get(name) or next(more)
            smooth = loss.rolling(window, min_periods=1, center=True).median()
            marker = "o" if len(loss) == 1 else None
            ax.plot(positions, loss, color=colour, alpha=0.25, linewidth=0.8)
            text = plain(name.removesuffix("_loss").replace("_", " "))
            [self.lines_[name]] = ax.plot(positions, smooth, color=colour, linewidth=1.8, label=text, marker=marker)
            raw.append(loss)
        _limit(ax, [line.get_ydata() for line in self.lines_.values()], raw)
        if self.history.empty:
            ax.text(0.5, 0.5, "there were no steps", transform=ax.transAxes, ha="center", color=FAINT)
        ax.set_xlabel(label, fontsize=LABEL)
        ax.set_ylabel("loss", fontsize=LABEL)
        ax.set_title("Losses during training", fontsize=TITLE, loc="left")
        ax.legend(frameon=False, fontsize=LABEL, loc="best")
        bare(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _losses(history):
    return [name for name in history.columns if str(name).endswith("_loss")]


def _limit(ax, smooth, raw):
    """Limit the y-axis to the smoothed lines, which get at least a third of it, and to nearly all of the raw ones."""
    smooth, raw = (np.concatenate(lines) for lines in (smooth, raw))
    smooth, raw = smooth[np.isfinite(smooth)], raw[np.isfinite(raw)]
    if not len(smooth) or not len(raw):
        return
    low, high = smooth.min(), smooth.max()
    # Where the smoothed lines are flat, the raw ones alone decide.
    room = (high - low) or np.inf
    bulk = np.quantile(raw, [0.005, 0.995], method="nearest")
    low, high = min(low, max(bulk[0], low - room)), max(high, min(bulk[1], high + room))
    if high > low:
        margin = 0.05 * (high - low)
        ax.set_ylim(low - margin, high + margin)
