"""Warn about columns of text that hold numbers, dates or times."""

from skgan._text_values import series
from skgan._warnings import warn
from skgan.exceptions import TextColumnWarning

from ._containers import EagerFrame, PandasFrame, PandasSeries
from ._form import column_mask
from ._styled import Styled, style_of

MAX_CURES, MAX_NAMED = 3, 10
# Numbers of so many digits or more, all equally many, are codes.
N_DIGITS_OF_CODES = 4


def warn_of_text(table, *, categorical_features="from_dtype", infer_types=False):
    """Warn about the text of a table X.

    Parameters
    ----------
    table : Table
        As `read_table` returned it.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, about which there is no warning.
    infer_types : bool, default=False
        Whether columns of text were read as numbers or times.

    Warns
    -----
    TextColumnWarning
        With `infer_types`, if it is open which number of a column's dates is the day. Without it, if a column of a
        frame looks like numbers, dates or times, but is text.
    """
    if infer_types:
        _warn_of_open_dates(table)
    elif isinstance(table.form.container, PandasFrame | EagerFrame):
        mask = column_mask("categorical_features", categorical_features, table.form, word="from_dtype")
        _warn_of_styles(_styles(table, mask), table.form, "", "categories", ", or pass infer_types=True")


def warn_of_text_targets(table):
    """Warn about targets y, as `read_target` returned them, that look like numbers, dates or times, but are text."""
    styles = _styles(table, [False] * table.form.n_columns)
    _warn_of_styles(styles, table.form, " of y", "classes", "")


def _styles(table, declared):
    """The style of each column of text that looks like numbers or times, by its name; not of `declared` ones."""
    found = {}
    for column, form, is_declared in zip(table.columns, table.form.columns, declared, strict=True):
        style = None if is_declared or column.kind != "categorical" else style_of(column.values, form.codec)
        if style is not None and not _is_code(column.values[~column.missing], style):
            found[column.name] = style
    return found


def _is_code(texts, style):
    """Whether numbers are probably codes: nothing but digits, equally many in all texts."""
    lengths = set(map(len, texts))
    is_alike = len(lengths) == 1 and min(lengths) >= N_DIGITS_OF_CODES
    return style.kind == "number" and is_alike and all(map(str.isdigit, texts))


def _warn_of_styles(styles, form, of_what, become, other_cure):
    if not styles:
        return
    names = list(styles)
    if len(names) > 1:
        shown = ", ".join(f"{name!r} ({styles[name].name})" for name in names[:MAX_NAMED])
        shown += f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        said = f"Columns{of_what} look like numbers, dates or times: {shown}; as text their values are {become}."
    else:
        what = f"Column {names[0]!r}{of_what}" if not form.one_dimensional else "y"
        said = f"{what} looks like {styles[names[0]].name}; as text its values are {become}."
    warn(f"{said} {_cure(styles, form)}{other_cure}.", TextColumnWarning)


def _cure(styles, form):
    them = "them" if len(styles) > 1 else "it"
    in_index = any(level.label in styles for level in form.levels)
    if in_index or not isinstance(form.container, PandasFrame | PandasSeries):
        return f"Convert {them} to numbers, dates or durations"
    # A series may have no name.
    cures = {"y" if name is None else name: style for name, style in list(styles.items())[:MAX_CURES]}
    cures = [(series(name), style.cure_for(name)) for name, style in cures.items()]
    if len(styles) == 1:
        return f"Convert it with {cures[0][1]}"
    more = "; and so on" if len(styles) > MAX_CURES else ""
    return f"Convert them with {'; '.join(f'{column} = {cure}' for column, cure in cures)}{more}"


def _warn_of_open_dates(table):
    open_dates = [form for form in table.form.columns if isinstance(form.codec, Styled) and form.codec.style.ambiguous]
    if not open_dates:
        return
    said = [f"{form.name!r} is read as {form.codec.style.name}" for form in open_dates[:MAX_NAMED]]
    said += [f"{len(open_dates) - MAX_NAMED} more"] if len(open_dates) > MAX_NAMED else []
    first = open_dates[0]
    source = series(first.name)
    warn(
        f"Dates leave open which number is the day and which is the month: column {', and '.join(said)}. If that is "
        f"wrong, convert such a column first, by {source} = pd.to_datetime({source}, "
        f"dayfirst={not first.codec.style.day_first}).",
        TextColumnWarning,
    )
