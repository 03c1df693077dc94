"""Colours, axes and text that all displays share."""

from importlib.util import find_spec

from skgan._counted import counted

# Two colours of Okabe and Ito, which colour-blind people can distinguish, and a light tint for filling.
REAL = "#0072B2"
REAL_FILL = "#A9CFE6"
SYNTHETIC = "#D55E00"
FAINT = "#7A7A7A"

TITLE, LABEL, NAME, TICK, NOTE = 11, 9, 8, 7.5, 6.5
SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def require_matplotlib(display):
    """Raise an ImportError that says how to install matplotlib, if it is not installed."""
    if find_spec("matplotlib") is None:
        raise ImportError(
            f"{type_name(display)} needs matplotlib, which is not installed; run: python -m pip install matplotlib"
        )


def type_name(display):
    return display.__name__ if isinstance(display, type) else type(display).__name__


def open_axes(display, ax, size):
    """The Axes to plot on.

    Parameters
    ----------
    display : object
        The display, whose name appears in error messages.
    ax : None, Axes, Figure or SubFigure
        None means a new figure of pyplot. A figure without axes gets one, and a Figure is resized to `size`.
    size : tuple of float
        Width and height in inches.

    Returns
    -------
    matplotlib.axes.Axes
    """
    require_matplotlib(display)
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, FigureBase

    if ax is None:
        import matplotlib.pyplot as plt

        return plt.figure(figsize=size, layout="constrained").subplots()
    if isinstance(ax, FigureBase):
        if ax.axes:
            raise ValueError("ax is a figure that has axes already; pass one of them, or an empty figure.")
        if isinstance(ax, Figure):
            ax.set_size_inches(size)
            ax.set_layout_engine("constrained")
        return ax.subplots()
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be None, a matplotlib Axes or an empty Figure, got {type(ax).__name__}.")
    return ax


def inches(ax):
    """Width and height of an Axes in inches, before the layout makes room for labels."""
    box = ax.get_position()
    width, height = ax.figure.bbox.size / ax.figure.dpi
    return box.width * width, box.height * height


def grid_inside(ax, n_rows, n_cols, height_ratios):
    """A GridSpec in the place of `ax`, which becomes invisible."""
    from matplotlib.gridspec import GridSpec

    ax.set_axis_off()
    options = dict(height_ratios=height_ratios)
    if ax.figure.get_layout_engine() is None:
        # Without a layout engine, only these options make room for labels.
        options.update(wspace=0.9, hspace=1.0)
    spec = ax.get_subplotspec()
    if spec is not None:
        return spec.subgridspec(n_rows, n_cols, **options)
    box = ax.get_position()
    return GridSpec(n_rows, n_cols, ax.figure, left=box.x0, right=box.x1, bottom=box.y0, top=box.y1, **options)


def plain(name, n_letters=None):
    """A name as one line of text without mathematics; a name longer than `n_letters` has an ellipsis in its middle."""
    text = " ".join(str(name).split())
    if n_letters is not None and len(text) > n_letters:
        # Similar names often differ at their end.
        n_end = n_letters // 3
        text = text[: n_letters - n_end - 1] + "…" + text[-n_end:]
    return text.replace("$", r"\$")


def short_number(value, _position=None):
    """A number in few characters: 1250000 is 1.25M."""
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-3:
        return f"{value:.3g}"
    scale, suffix = next(((s, letter) for s, letter in SUFFIXES if size >= max(s, 1e4)), (1, ""))
    return f"{value / scale:.6g}{suffix}"


def percent(share):
    """A share in percent, with about two digits."""
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.0f} %"


def rows(n):
    return counted(n, "row")


def in_percent(axis, n_ticks=3):
    """Label an axis of shares in percent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(n_ticks))
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g} %"))


def bare(ax):
    """Hide the top and the right border."""
    ax.spines[["top", "right"]].set_visible(False)
