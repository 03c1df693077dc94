"""Messages in the words of the command line: its options in place of the parameters of Python."""

import ast
import re
import shlex

# The options that set parameters of samplers and of read_table, which messages name.
OPTIONS = {
    "free_text": "--text",
    "rare_categories": "--rare",
    "max_time": "--max-time",
    "max_iter": "--max-iter",
    "random_state": "--seed",
    "device": "--device",
    "types": "--types",
    "sep": "--separator",
    "encoding": "--encoding",
    "decimal": "--decimal",
    "sheet_name": "--sheet",
    "id_columns": "--id-column",
    "categorical_features": "--types",
    "header": "--header",
}
# What a person may say for a separator, and for a mark of decimals.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " ", "\\t": "\t"}
DECIMALS = {"comma": ",", "point": "."}
# Options whose parameters are called like ordinary words.
WORDS = {"device", "types", "encoding", "decimal", "header"}
SIDES = {"real": "real", "synthetic": "synthetic", "holdout": "held-out"}
QUOTED = r"(?:'[^']*'|\"[^\"]*\")"
NAMES = rf"(?:{QUOTED}, )*{QUOTED}"
LITERAL = r"(?:'[^']*'|\"[^\"]*\"|\[[^\]]*\]|[\w.+-]*\w)"


def with_value(match):
    """An option with the value that a parameter has in a message."""
    name, value = match.groups()
    try:
        value = ast.literal_eval(value)
    except (SyntaxError, ValueError):
        pass
    if name == "id_columns":
        return " ".join(f"--id-column {shlex.quote(str(each))}" for each in value or ()) or "--no-id-columns"
    if name == "categorical_features" and isinstance(value, list):
        return " ".join(f"--types {shlex.quote(f'{each}=category')}" for each in value)
    if name in ("sep", "decimal"):
        words = SEPARATORS if name == "sep" else DECIMALS
        value = next((word for word, mark in words.items() if mark == value), value)
    if name == "header":
        # People count rows from 1.
        return f"--header {'none' if value is None else value + 1 if isinstance(value, int) else value}"
    return f"{OPTIONS[name]} {shlex.quote(str(value))}"


def left_out(match):
    """A message that says to drop columns, with the options that do."""
    said, names, it = match.groups()
    return f"{said}leave {it or 'it'} out with {repeated('--drop', names)}"


def as_text(match):
    """A message that says to convert columns to text, with the options that do."""
    return f"{match[1]}say {repeated('--types', match[2], '=text')}"


def repeated(option, names, end=""):
    """The option once for each column, of names as a message lists them."""
    names = [ast.literal_eval(name) for name in re.findall(QUOTED, names)]
    return " ".join(f"{option} {shlex.quote(name + end)}" for name in names)


# In this order. What no option sets is left out, or said in another way.
RULES = [
    (r"[Pp]ass day_first=True or day_first=False|pass day_first=\w+", "say --day-first or --month-first"),
    (r"Convert (it|them) with .*, or pass infer_types=True", "Say --types COLUMN=number or --types COLUMN=date"),
    (r"[Cc]onvert (?:it|them) by astype\('int64'\)", "say --types COLUMN=number"),
    (r"[Cc]onvert (?:it|them) by astype\(\w+\)(?: before the fit)?", "say --types COLUMN=text"),
    (rf"(columns? ({NAMES})(?: and \d+ more)? are rare, so there is no common one to replace them by: )drop (it|them)",
     left_out),
    (rf"(column ({NAMES}), so there is none to merge its \d+ rare ones into; )drop the column()", left_out),
    (rf"^([Cc]olumns? ({NAMES}) of X holds? whole numbers.*?)convert them to text, by astype\(str\)",
     as_text),
    (r"convert them to text, by astype\(str\)", "say --types COLUMN=text"),
    (r"merge such classes before the fit", "merge such classes in DATA"),
    (r"check how X was read", "check how DATA was read"),
    (r"; call reset_index\(\) on the frame before a sampler is fitted to it", ""),
    (r"convert it with astype before fitting", "leave it out with --drop"),
    (r"draw fewer rows at a time, or convert it to a wider dtype before the fit", "write fewer --rows"),
    (r"the encoding 'auto'", "--encoding out"),
    (r"^X or y are not those of the checkpoint: ", "DATA is not that of the checkpoint: "),
    (r"Pass the same rows in the same order; if they are the same,",
     "Say the same file, --drop, --target and options of reading as to fit; if they are the same,"),
    (r"(?<=[:;] )X(?= (?:has|lacks|is)\b)", "DATA"),
    (r", use a smaller min_frequency", ""),
    (r" \(min_frequency=\d+\)", ""),
    (r"min_frequency=(\d+)", r"\1"),
    (r"lower learning_rate or regularizer_weight, or leave both 'auto'", "use another --seed"),
    (r"A smaller learning_rate or another regularizer may help", "Another --seed may help"),
    (r"use a smaller batch_size, narrower hidden_layer_sizes or smaller images", "leave columns out with --drop"),
    (r"do not fit on some of the real rows, and pass them as holdout", "leave a share of DATA out by --holdout SHARE"),
    (r"^(real|synthetic|holdout) has (\d+) rows?, but a report needs at least (\d+); pass more rows",
     lambda match: f"a report needs at least {match[3]} {SIDES[match[1]]} rows, but there "
     + (f"is {match[2]}" if match[2] == "1" else f"are {match[2]}")),
    (rf"(?<![\w'\"./=-])({'|'.join(OPTIONS)})=({LITERAL})", with_value),
    # Names that stand alone, neither in quotes nor within a path.
    (rf"(?<![\w'\"./=-])({'|'.join(set(OPTIONS) - WORDS)})(?![\w'\"/(-]|\.\w)",
     lambda match: OPTIONS[match[1]]),
    (r"^types names", "--types names"),
    (r"pass (a smaller|another) header", r"say \1 --header"),
    (r"pass its encoding", "say its --encoding"),
    (r"\b(in|of) X\b(?!')", r"\1 DATA"),
    (r"^X(?= (?:has|holds|is)\b)", "DATA"),
    (r"\b(in|of) y\b(?!')", r"\1 the target"),
    (r"^y(?= (?:has|holds|is)\b)", "the target"),
]  # fmt: skip
RULES = [(re.compile(pattern), replacement) for pattern, replacement in RULES]


def in_options(message):
    """A message of skgan as the command line says it.

    Parameters
    ----------
    message : str

    Returns
    -------
    str
        Parameters are options: ``id_columns=None`` is ``--no-id-columns``, and ``free_text='drop'`` is ``--text drop``.
    """
    for pattern, replacement in RULES:
        message = pattern.sub(replacement, message)
    return message
