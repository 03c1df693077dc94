"""Findings: the problems that a report shows, as sentences."""

from collections import Counter

import numpy as np

from skgan.metrics._telling import LEAST

from ._orders import broken_orders
from ._sections import Images
from ._words import TOO_FEW, verdict

# The smallest share, or difference in shares, of a category or of missing values that is reported.
COMMON = 0.01
# At most this many columns or pairs are named.
MAX_NAMED = 3
# Metrics of privacy are noisy with fewer held-out rows.
MIN_HOLDOUT = 200
# Fewer rows show only large faults.
MIN_ROWS = 200
OF_A_COLUMN = ("column_shapes", "column_jensen_shannon")


def findings(frame, telling, real, synthetic, holdout, set_apart, leak=None):
    """Sentences, the most serious first: copies, then columns and pairs, then the rows as a whole.

    `set_apart` has a description of each column that was not compared, by its name. With a `leak` of held-out rows, it
    comes before all others.
    """
    whole = frame[frame["column"].isna()].set_index("metric")
    off = whole[whole["verdict"] == "off"]
    found = [] if leak is None else [str(leak)]
    found += [*_verbatim(frame), *_sentences(off, ABOUT_COPIES), *_about_single_values(frame, off)]
    about_rows = [] if isinstance(real, Images) else _about_columns(frame, real, synthetic)
    about_the_whole = {"two_sample": lambda row: _told_apart(row, telling), **ABOUT_THE_WHOLE}
    about_rows += _sentences(off, about_the_whole)
    found += about_rows
    # Redundant metrics are named only if nothing else says how rows differ.
    reported = {"verbatim_text", *ABOUT_COPIES, SINGLE_VALUES, *about_the_whole, *(REDUNDANT if about_rows else ())}
    others = [f"{name} {_numbers(row)}" for name, row in off.iterrows() if name not in reported]
    if others:
        found.append(f"Worse than fresh real rows: {', '.join(others)}.")
    found += _too_few(whole)
    if not found:
        found.append(_nothing_found(real, int(whole.loc["two_sample", "n_rows"])))
    return found + _about_set_apart(set_apart) + _about_the_floor(whole, holdout)


def _too_few(whole):
    """A sentence about numbers that are much worse than the floor, of too few rows to tell a fault from chance."""
    rows = whole[whole["verdict"] == TOO_FEW]
    if rows.empty:
        return []
    named = [f"{name} {_numbers(row)}" for name, row in rows.iterrows()]
    return [f"Much worse than fresh real rows, but with too few rows to tell a fault from chance: {', '.join(named)}."]


def _nothing_found(real, n_compared):
    """A sentence that says what so many rows can show; `n_compared` synthetic rows were compared."""
    n = min(len(real), n_compared)
    if n >= MIN_ROWS:
        return "No problem was found: every number is about that of fresh real rows."
    if isinstance(real, Images):
        return f"No problem was found, but {n} images show only large ones; compare more."
    # Two standard deviations of the difference of two shares of one half.
    points = 100 * (1 / len(real) + 1 / n_compared) ** 0.5
    return (
        f"No problem was found, but {n} rows show only large ones: the share of a category must be off by about "
        f"{points:.0f} percentage points to be noticed. Compare more rows."
    )


def _verbatim(frame):
    """A sentence about columns that show texts or identifiers of training rows."""
    rows = frame[(frame["metric"] == "verbatim_text") & frame["column"].notna() & (frame["verdict"] == "off")]
    if rows.empty:
        return []
    named = [f"{name!r} {_per_cent(value)}" for name, value in zip(rows["column"], rows["value"], strict=True)]
    return [
        f"Texts or identifiers of training rows are shown verbatim, as share of a column's values: {_listed(named)}. "
        "They may identify someone: leave such columns out, or replace their values."
    ]


def _about_set_apart(set_apart):
    """A sentence about columns of identifiers and free text."""
    if not set_apart:
        return []
    named = [f"{name!r} ({what})" for name, what in set_apart.items()]
    return [
        f"Columns of identifiers and free text are compared by verbatim_text alone, and left out of all other numbers: "
        f"{', '.join(named)}."
    ]


def _about_the_floor(whole, holdout):
    """Limits of the report itself."""
    found, test = [], whole.loc["two_sample"]
    if verdict("two_sample", test["floor"], 1.0, test["n_rows"]) == "off":
        found.append(
            f"A classifier tells even held-out rows from other real rows: two_sample {test['floor']:.2f}. So they come "
            "from different distributions; draw held-out rows at random."
        )
    if holdout is None:
        found.append(
            "Privacy is not measured, except for exact copies: do not fit on some of the real rows, and pass them as "
            "holdout."
        )
    elif len(holdout) < MIN_HOLDOUT:
        found.append(
            f"Privacy is measured with only {len(holdout)} held-out rows, so its numbers are noisy; hold out more."
        )
    return found


def _sentences(off, sentence_of):
    return [sentence(off.loc[name]) for name, sentence in sentence_of.items() if name in off.index]


def _about_columns(frame, real, synthetic):
    lost, missing = _lost_categories(real, synthetic), _missing_values(real, synthetic)
    off = [name for name in _names_off(frame) if name not in lost and name not in missing]
    found = [*lost.values(), *missing.values(), *(_difference(real, synthetic, name) for name in off[:MAX_NAMED])]
    if len(off) > MAX_NAMED:
        more = len(off) - MAX_NAMED
        found.append(
            f"{more} more {'columns are' if more > 1 else 'column is'} off; the table of columns lists them all, the "
            "worst first."
        )
    return found + _orders(real, synthetic) + _pairs(frame, {*lost, *missing, *off})


def _orders(real, synthetic):
    """A sentence about orders of two columns that all real rows keep, and synthetic rows do not."""
    broken = [
        f"{a!r} {'after' if is_time else 'greater than'} {b!r} ({_per_cent(share)})"
        for a, b, is_time, share, n in broken_orders(real, synthetic)
        if share >= COMMON and _expected(share, n)
    ]
    return [f"Synthetic rows have what no real row has: {_listed(broken, '; ')}."] if broken else []


def _per_cent(share):
    return f"{100 * share:.3g} %"


def _shares(row):
    return f"{_per_cent(row['value'])} ({_per_cent(row['floor'])} of fresh real rows)"


def _numbers(row):
    return f"{row['value']:.2f} ({row['floor']:.2f} for fresh real rows)"


# The sentence for each metric that is off, the most serious first.
ABOUT_COPIES = {
    "exact_copies": lambda row: f"Synthetic rows equal training rows: {_shares(row)}. The sampler copies.",
    "near_copies": lambda row: f"Synthetic rows are near copies of training rows: {_shares(row)}.",
    "looks_copied": lambda row: "A classifier is wrong more often than by chance: many rows are copies, or nearly.",
    "nearest_record_share": lambda row: (
        f"Synthetic rows are closer to training rows than to held-out rows: nearest record share {row['value']:.2f}, "
        "where 0.5 is ideal."
    ),
    "membership_inference": lambda row: (
        f"An attacker can tell which rows the sampler was fitted on: AUC {row['value']:.2f}, where 0.5 is a guess."
    ),
    "authenticity": lambda row: (
        f"Synthetic rows are closer to real rows than other real rows are: authenticity {_numbers(row)}."
    ),
}
SINGLE_VALUES = "unique_value_share"
ABOUT_THE_WHOLE = {
    "precision": lambda row: f"Many synthetic rows are unlike all real rows: precision {_numbers(row)}.",
    "recall": lambda row: f"Some kinds of real rows are not generated: recall {_numbers(row)}.",
    "coverage": lambda row: f"Some regions of the real rows have too few synthetic rows: coverage {_numbers(row)}.",
    "alpha_precision": lambda row: f"Rows are too typical or too unusual: alpha precision {_numbers(row)}.",
    "train_on_synthetic": lambda row: f"Models that are fitted on synthetic rows are worse: score {_numbers(row)}.",
    "likeness": lambda row: f"Images are too similar to each other: likeness {_numbers(row)}.",
}
# Metrics that are off for the same reasons as one of the above, or as a single column.
REDUNDANT = (
    "two_sample_quadratic",
    "two_sample_logistic",
    "column_shapes",
    "column_jensen_shannon",
    "pair_trends",
    "density",
    "beta_recall",
    "train_on_both",
)


def _about_single_values(frame, off):
    """A sentence about the columns with numbers of only one training row."""
    of_columns = frame[(frame["metric"] == SINGLE_VALUES) & frame["column"].notna() & (frame["verdict"] == "off")]
    if len(of_columns):
        named = [f"{row['column']!r}: {_shares(row)}" for _, row in of_columns.iterrows()]
    elif SINGLE_VALUES in off.index:
        named = [f"in all columns together {_shares(off.loc[SINGLE_VALUES])}"]
    else:
        return []
    return [
        f"Too many synthetic numbers occur in only one training row. They may identify someone: {_listed(named, '; ')}."
    ]


def _told_apart(row, telling):
    """A sentence about the classifier, and about what it tells rows by."""
    sentence = f"A classifier tells synthetic rows from real ones: score {_numbers(row)}."
    pairs = [each for each in telling if isinstance(each.column, tuple)][:MAX_NAMED]
    in_pairs = {name for pair in pairs for name in pair.column}
    named = [f"{pair.column[0]!r} with {pair.column[1]!r} (AUC {pair.auc:.2f})" for pair in pairs]
    for each in telling:
        if not isinstance(each.column, tuple) and each.column not in in_pairs:
            alone = each.auc - 0.5 >= LEAST
            named.append(f"{each.column!r} " + (f"(AUC {each.auc:.2f})" if alone else "together with others"))
    if not named:
        return f"{sentence} No single column gives them away."
    return f"{sentence} Most telling: {_listed(named)}."


def _lost_categories(real, synthetic):
    """Columns with categories that are frequent in real rows and never occur in synthetic rows: a sentence for each."""
    found = {}
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        if a.kind != "categorical":
            continue
        categories, counts = np.unique(a.values[~a.missing].astype(str), return_counts=True)
        shares = counts / real.n_rows
        expected = (shares >= COMMON) & _expected(shares, synthetic.n_rows)
        lost = np.flatnonzero(~np.isin(categories, b.values[~b.missing].astype(str)) & expected)
        if len(lost):
            lost = lost[np.argsort(-shares[lost])]
            named = [f"{str(categories[i])!r} ({_per_cent(shares[i])} of real rows)" for i in lost]
            found[a.name] = f"Column {a.name!r} never has the value {_listed(named)}."
    return found


def _expected(shares, n):
    """Whether a category with this share can hardly be absent from n rows by chance."""
    return (1 - shares) ** n < 1e-4


def _missing_values(real, synthetic):
    """Columns with far more or far fewer missing values: a sentence for each."""
    found = {}
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        synthetic_share, real_share = b.missing.mean(), a.missing.mean()
        share = np.concatenate([a.missing, b.missing]).mean()
        noise = 4 * (share * (1 - share) * (1 / real.n_rows + 1 / synthetic.n_rows)) ** 0.5
        lower, higher = sorted([synthetic_share, real_share])
        on_one_side = lower == 0 and _expected(higher, synthetic.n_rows if synthetic_share == 0 else real.n_rows)
        if abs(synthetic_share - real_share) > COMMON + (0 if on_one_side else noise):
            found[a.name] = (
                f"Column {a.name!r} has missing values in {_per_cent(synthetic_share)} of rows "
                f"({_per_cent(real_share)} of real rows)."
            )
    return found


def _names_off(frame):
    off = frame[frame["metric"].isin(OF_A_COLUMN) & frame["column"].notna() & (frame["verdict"] == "off")]
    return off["column"].drop_duplicates().tolist()


def _difference(real, synthetic, name):
    """A sentence about how a column differs."""
    position = list(real.form.names).index(name)
    is_time, real, synthetic = real.form.times[position], real.columns[position], synthetic.columns[position]
    a, b = real.values[~real.missing], synthetic.values[~synthetic.missing]
    if real.kind == "categorical":
        counts = [Counter(values.astype(str).tolist()) for values in (a, b)]
        categories = counts[0] | counts[1]
        shares = {category: [count[category] / max(count.total(), 1) for count in counts] for category in categories}
        worst = max(shares, key=lambda category: abs(shares[category][0] - shares[category][1]))
        of_real, of_synthetic = map(_per_cent, shares[worst])
        return f"Column {real.name!r} is off: {of_synthetic} of values are {worst!r} ({of_real} of real values)."
    if is_time or not len(a) or not len(b):
        return f"Column {real.name!r} is off: see its picture."
    of_real, of_synthetic = (
        ", ".join(f"{x:.4g}" for x in np.quantile(values, [0.05, 0.5, 0.95])) for values in (a, b)
    )
    return f"Column {real.name!r} is off: its 5th, 50th and 95th percentiles are {of_synthetic} (real: {of_real})."


def _pairs(frame, off):
    """A sentence about pairs that are off although both columns are right, or about the column that they share."""
    pairs = frame[(frame["metric"] == "pair_trends") & frame["column"].notna() & (frame["verdict"] == "off")]["column"]
    pairs = [pair for pair in pairs if not off.intersection(pair)]
    if not pairs:
        return []
    name, n = Counter(name for pair in pairs for name in pair).most_common(1)[0]
    if n == len(pairs) > 1:
        others = [str(b if a == name else a) for a, b in pairs]
        return [f"Column {name!r} does not depend on other columns as in real rows: {_listed(others)}."]
    named = [f"{a!r} and {b!r}" for a, b in pairs]
    return [f"Columns do not depend on each other as in real rows: {_listed(named, '; ')}."]


def _listed(items, separator=", "):
    return separator.join(items[:MAX_NAMED]) + (f" and {len(items) - MAX_NAMED} more" if len(items) > MAX_NAMED else "")
