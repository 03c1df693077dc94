"""What to look at, in plain words."""

from collections import Counter

import numpy as np

from ._sections import Images
from ._words import verdict

# A level or a gap that so large a share of real rows holds is missed where it never comes.
COMMON = 0.01
MOST = 3
# Fewer held-out rows tell little of privacy.
FEW = 200
OF_A_COLUMN = ("column_shapes", "column_jensen_shannon")


def findings(frame, real, synthetic, holdout):
    """Sentences, the gravest first: copies, then single columns, then what is wrong with the whole."""
    whole = frame[frame["column"].isna()].set_index("metric")
    off = whole[whole["verdict"] == "off"]
    found = _said(off, ABOUT_COPIES)
    if not isinstance(real, Images):
        found += _about_columns(frame, real, synthetic)
    found += _said(off, ABOUT_THE_WHOLE)
    # Other words for what was said need no saying, but where nothing was.
    said = {**ABOUT_COPIES, **ABOUT_THE_WHOLE, **(SAID_OTHERWISE if found else {})}
    others = [word for word in off.index if word not in said]
    if others:
        found.append(f"Worse than fresh real rows: {', '.join(others)}.")
    if not found:
        found.append("Nothing stands out: every number is about what fresh real rows would score.")
    return found + _about_the_floor(whole, holdout)


def _about_the_floor(whole, holdout):
    """What the report itself cannot tell."""
    found, test = [], whole.loc["two_sample"]
    if verdict("two_sample", test["floor"], 1.0, test["n_rows"]) == "off":
        found.append(
            f"Even real rows are told from real ones: two_sample {test['floor']:.2f}. Those held out are of another "
            "kind than the others; draw them at random."
        )
    if holdout is None:
        found.append(
            "Privacy is not judged, but for exact copies: keep real rows back from the fit, and pass them as holdout."
        )
    elif len(holdout) < FEW:
        found.append(f"Privacy is judged by {len(holdout)} held-out rows: chance moves its numbers far; keep more.")
    return found


def _said(off, sentences):
    return [say(off.loc[word]) for word, say in sentences.items() if word in off.index]


def _about_columns(frame, real, synthetic):
    lost, gaps = _lost_levels(real, synthetic), _gaps(real, synthetic)
    off = [name for name in _names_off(frame) if name not in lost and name not in gaps]
    found = [*lost.values(), *gaps.values(), *(_difference(real, synthetic, name) for name in off[:MOST])]
    if len(off) > MOST:
        found.append(f"{len(off) - MOST} more columns are off: see the columns, the worst first.")
    return found + _pairs(frame, {*lost, *gaps, *off})


def _per_cent(share):
    return f"{100 * share:.3g} %"


def _beside(row):
    return f"{_per_cent(row['value'])}, of fresh real rows {_per_cent(row['floor'])}"


def _numbers(row):
    return f"{row['value']:.2f}, fresh real rows score {row['floor']:.2f}"


# What a number that is off means, the gravest first.
ABOUT_COPIES = {
    "exact_copies": lambda row: f"Synthetic rows are training rows: {_beside(row)}. This is copying, not sampling.",
    "near_copies": lambda row: f"Synthetic rows lie next to training rows: {_beside(row)} are near copies.",
    "looks_copied": lambda row: "A classifier is wrong more often than chance: many rows are copies, or nearly so.",
    "nearest_record_share": lambda row: (
        f"Synthetic rows are nearer to training rows than to others: a share of {row['value']:.2f}, where 0.5 is ideal."
    ),
    "membership_inference": lambda row: (
        f"An attacker can tell who was trained on: AUC {row['value']:.2f}, where 0.5 is a guess."
    ),
    "authenticity": lambda row: (
        f"Synthetic rows lie closer to single real rows than other real rows do: authenticity {_numbers(row)}."
    ),
    "unique_value_share": lambda row: (
        f"Values that a single training row holds are shown too often: {_beside(row)} of the numbers. They may single "
        "somebody out."
    ),
}
ABOUT_THE_WHOLE = {
    "two_sample": lambda row: f"A classifier tells synthetic rows from real ones: score {_numbers(row)}.",
    "precision": lambda row: f"Many synthetic rows are like no real one: precision {_numbers(row)}.",
    "recall": lambda row: f"Some kinds of real rows are never made: recall {_numbers(row)}.",
    "coverage": lambda row: f"Regions of the real rows stay empty or thin: coverage {_numbers(row)}.",
    "alpha_precision": lambda row: f"Rows are too typical, or too odd: alpha precision {_numbers(row)}.",
    "train_on_synthetic": lambda row: f"Models learn less from synthetic rows: {_numbers(row)}.",
    "likeness": lambda row: f"Images repeat each other: likeness {_numbers(row)}.",
}
# Other words for what one of the above, or of the columns, says.
SAID_OTHERWISE = dict.fromkeys(
    ["two_sample_quadratic", "two_sample_logistic", "column_shapes", "column_jensen_shannon",
     "pair_trends", "density", "beta_recall", "train_on_both"]
)


def _lost_levels(real, synthetic):
    """Levels that real rows often hold and synthetic rows never: a sentence by column."""
    found = {}
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        if a.kind != "categorical":
            continue
        levels, counts = np.unique(a.values[~a.missing].astype(str), return_counts=True)
        shares = counts / real.n_rows
        expected = (shares >= COMMON) & _expected(shares, synthetic.n_rows)
        lost = np.flatnonzero(~np.isin(levels, b.values[~b.missing].astype(str)) & expected)
        if len(lost):
            named = [f"{str(levels[i])!r} ({_per_cent(shares[i])})" for i in lost[np.argsort(-shares[lost])]]
            found[a.name] = f"Column {a.name!r} never holds {_listed(named)} of real rows."
    return found


def _expected(shares, n):
    """Whether a level that so large a share of rows holds can hardly be absent from n rows by chance."""
    return (1 - shares) ** n < 1e-4


def _gaps(real, synthetic):
    """Columns with far more or far fewer gaps: a sentence by column."""
    found = {}
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        ours, theirs = b.missing.mean(), a.missing.mean()
        share = np.concatenate([a.missing, b.missing]).mean()
        noise = 4 * (share * (1 - share) * (1 / real.n_rows + 1 / synthetic.n_rows)) ** 0.5
        n_without = synthetic.n_rows if ours == 0 else real.n_rows
        in_one_alone = min(ours, theirs) == 0 and _expected(max(ours, theirs), n_without)
        if abs(ours - theirs) > COMMON + (0 if in_one_alone else noise):
            told = f"{_per_cent(ours)} of rows, real ones in {_per_cent(theirs)}"
            found[a.name] = f"Column {a.name!r} has gaps in {told}."
    return found


def _names_off(frame):
    off = frame[frame["metric"].isin(OF_A_COLUMN) & frame["column"].notna() & (frame["verdict"] == "off")]
    return off["column"].drop_duplicates().tolist()


def _difference(real, synthetic, name):
    """What is wrong in a column."""
    position = list(real.form.names).index(name)
    is_time, real, synthetic = real.form.times[position], real.columns[position], synthetic.columns[position]
    a, b = real.values[~real.missing], synthetic.values[~synthetic.missing]
    if real.kind == "categorical":
        held = [Counter(values.astype(str).tolist()) for values in (a, b)]
        shares = {level: [h[level] / max(h.total(), 1) for h in held] for level in held[0] | held[1]}
        worst = max(shares, key=lambda level: abs(shares[level][0] - shares[level][1]))
        theirs, ours = shares[worst]
        return f"Column {real.name!r} is off: {_per_cent(ours)} are {worst!r}, of real rows {_per_cent(theirs)}."
    if is_time or not len(a) or not len(b):
        return f"Column {real.name!r} is off: see its picture."
    ours, theirs = (", ".join(f"{x:.4g}" for x in np.quantile(values, [0.05, 0.5, 0.95])) for values in (b, a))
    return f"Column {real.name!r} is off: its 5th, 50th and 95th percentiles are {ours}, in real rows {theirs}."


def _pairs(frame, off):
    """Pairs that are off although either column is right; a column that is in most of them is named alone."""
    pairs = frame[(frame["metric"] == "pair_trends") & frame["column"].notna() & (frame["verdict"] == "off")]["column"]
    pairs = [pair for pair in pairs if not off.intersection(pair)]
    if not pairs:
        return []
    name, n = Counter(name for pair in pairs for name in pair).most_common(1)[0]
    if n == len(pairs) > 1:
        others = [str(b if a == name else a) for a, b in pairs]
        return [f"Column {name!r} does not depend on others as it should: on {_listed(others)}."]
    named = [f"{a!r} and {b!r}" for a, b in pairs]
    return [f"Columns do not depend on each other as they should: {_listed(named, '; ')}."]


def _listed(items, comma=", "):
    return comma.join(items[:MOST]) + (f" and {len(items) - MOST} more" if len(items) > MOST else "")
