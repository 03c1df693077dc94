"""The picture of one data set: quality against the cost of fitting, one point per method."""

OURS, OTHERS, PAPERS, GOAL = "#D55E00", "#0072B2", "#7A7A7A", "#009E73"
LEAST_SECONDS = 0.1


def draw(dataset, panels, table, published, path):
    """Write the picture to `path`.

    Parameters
    ----------
    dataset : str
    panels : dict of Measure -> float
        The measure of each panel, and its goal.
    table : DataFrame
        Medians, one row per method; a method without a row is not drawn.
    published : DataFrame
        Lines of published.csv; these give no cost, so each is drawn as a line instead of a point.
    path : Path
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(panels), figsize=(11, 4.4), layout="constrained")
    for ax, (measure, goal) in zip(axes, panels.items()):
        given = published[published["measure"] == measure.name]
        lines = {f"{row.method}, published": float(row.value) for row in given.itertuples()}
        _panel(ax, measure, _points(table, measure.name), lines, goal)
    figure.suptitle(dataset)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _points(table, name):
    """Method -> (seconds, value), without copies; the logarithmic axis starts at LEAST_SECONDS."""
    found = table[["fit_cpu_seconds", name]].dropna().drop(index="copies", errors="ignore")
    return {row.Index: (max(row[1], LEAST_SECONDS), row[2]) for row in found.itertuples()}


def _panel(ax, measure, points, lines, goal):
    for method, (seconds, value) in points.items():
        ours = method == "skgan"
        ax.scatter(seconds, value, color=OURS if ours else OTHERS, marker="D" if ours else "o", s=45, zorder=3)
    for value in lines.values():
        ax.axhline(value, color=PAPERS, linestyle="--", linewidth=1, zorder=1)
    ax.axhline(goal, color=GOAL, linewidth=1.2, zorder=1)
    ax.set(
        xscale="log",
        xlabel=f"CPU seconds of fitting ({LEAST_SECONDS} or less at the left)",
        title=f"{measure.heading} ({measure.best} is best)",
    )
    ax.margins(x=0.15)
    if measure.best == "0":
        ax.set_yscale("log")
    else:
        ax.set_ylim(-0.04, 1.04)
    ax.spines[["top", "right"]].set_visible(False)
    _name_points(ax, points)
    _name_lines(ax, {**lines, "goal": goal})


def _name_points(ax, points, gap=0.045, width=0.25):
    """Names beside points, placed from the lowest on so that those of near points do not overlap."""
    placed = []
    for method, point in sorted(points.items(), key=lambda item: item[1][1]):
        x, y = _place(ax, point)
        y = max([y, *(below + gap for left, below in placed if abs(left - x) < width and below + gap > y)])
        placed.append((x, y))
        ax.text(x + 0.02, y, method, transform=ax.transAxes, va="bottom", fontsize=8)


def _name_lines(ax, values, gap=0.055):
    """Names to the right of horizontal lines."""
    y = -gap
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        y = max(_place(ax, (1, value))[1], y + gap)
        colour = GOAL if name == "goal" else PAPERS
        ax.text(1.01, y, name, transform=ax.transAxes, va="center", fontsize=8, color=colour)


def _place(ax, point):
    """The place of a point in coordinates of the axes."""
    return ax.transAxes.inverted().transform(ax.transData.transform(point))
