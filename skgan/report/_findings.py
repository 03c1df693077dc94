"""What to look at, in plain words."""

from collections import Counter

import numpy as np

from ._sections import Images

# A level or a gap that so large a share of real rows holds is missed where it never comes.
COMMON = 0.01
MOST = 3


def findings(frame, real, synthetic, holdout):
    """Sentences, the gravest first."""
    whole = frame[frame["column"].isna()].set_index("metric")
    off = whole[whole["verdict"] == "off"]
    found = [say(off.loc[word]) for word, say in ABOUT_THE_WHOLE.items() if word in off.index]
    if not isinstance(real, Images):
        found += _lost_levels(real, synthetic) + _gaps(real, synthetic)
        found += _worst_columns(frame, real, synthetic) + _worst_pairs(frame)
    if not found:
        found.append("Nothing stands out: every number is about what fresh real rows would score.")
    if holdout is None:
        found.append(
            "Privacy is not judged, but for exact copies: keep real rows back from the fit, and pass them as holdout."
        )
    return found


def _per_cent(share):
    return f"{100 * share:.3g} %"


def _beside(row):
    return f"{_per_cent(row['value'])}, of fresh real rows {_per_cent(row['floor'])}"


def _numbers(row):
    return f"{row['value']:.2f}, fresh real rows score {row['floor']:.2f}"


# What a number that is off means, the gravest first.
ABOUT_THE_WHOLE = {
    "exact_copies": lambda row: f"Synthetic rows are training rows: {_beside(row)}. This is copying, not sampling.",
    "near_copies": lambda row: f"Synthetic rows lie next to training rows: {_beside(row)} are near copies.",
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
    "two_sample": lambda row: f"A classifier tells synthetic rows from real ones: score {_numbers(row)}.",
    "recall": lambda row: f"Some kinds of real rows are never made: recall {_numbers(row)}.",
    "coverage": lambda row: f"Whole regions of the real rows stay empty: coverage {_numbers(row)}.",
    "precision": lambda row: f"Many synthetic rows are like no real one: precision {_numbers(row)}.",
    "alpha_precision": lambda row: f"Rows are too typical, or too odd: alpha precision {_numbers(row)}.",
    "train_on_synthetic": lambda row: f"Models learn less from synthetic rows: {_numbers(row)}.",
    "likeness": lambda row: f"Images repeat each other: likeness {_numbers(row)}.",
}


def _lost_levels(real, synthetic):
    """Levels that real rows often hold and synthetic rows never."""
    found = []
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        if a.kind != "categorical":
            continue
        levels, counts = np.unique(a.values[~a.missing].astype(str), return_counts=True)
        shares = counts / real.n_rows
        expected = (shares >= COMMON) & _expected(shares, synthetic.n_rows)
        lost = np.flatnonzero(~np.isin(levels, b.values[~b.missing].astype(str)) & expected)
        if len(lost):
            named = [f"{str(levels[i])!r} ({_per_cent(shares[i])})" for i in lost[np.argsort(-shares[lost])]]
            found.append(f"Column {a.name!r} never holds {_listed(named)} of real rows.")
    return found


def _expected(shares, n):
    """Whether a level that so large a share of rows holds can hardly be absent from n rows by chance."""
    return (1 - shares) ** n < 1e-4


def _gaps(real, synthetic):
    """Columns with far more or far fewer gaps."""
    found = []
    for a, b in zip(real.columns, synthetic.columns, strict=True):
        ours, theirs = b.missing.mean(), a.missing.mean()
        noise = 4 * (0.25 / min(real.n_rows, synthetic.n_rows)) ** 0.5
        if abs(ours - theirs) > COMMON + noise or ((ours > 0) != (theirs > 0) and max(ours, theirs) > COMMON):
            found.append(f"Column {a.name!r} has gaps in {_per_cent(ours)} of rows, real ones in {_per_cent(theirs)}.")
    return found[:MOST]


def _worst_columns(frame, real, synthetic):
    """What is wrong in the columns whose shape is worst."""
    shapes = frame[(frame["metric"] == "column_shapes") & frame["column"].notna() & (frame["verdict"] == "off")]
    names = list(real.form.names)
    places = [names.index(name) for name in shapes["column"].head(MOST)]
    return [_difference(real.columns[j], synthetic.columns[j], real.form.times[j]) for j in places]


def _difference(real, synthetic, is_time):
    a, b = real.values[~real.missing], synthetic.values[~synthetic.missing]
    if real.kind == "categorical":
        shares = [Counter(values.astype(str).tolist()) for values in (a, b)]
        shares = [{level: count / len(values) for level, count in held.items()} for held, values in zip(shares, (a, b))]
        share_of = {level: [held.get(level, 0) for held in shares] for level in {**shares[0], **shares[1]}}
        if not share_of:
            return f"Column {real.name!r} is off: it holds nothing but gaps."
        worst = max(share_of, key=lambda level: abs(share_of[level][0] - share_of[level][1]))
        theirs, ours = share_of[worst]
        return f"Column {real.name!r} is off: {_per_cent(ours)} are {worst!r}, of real rows {_per_cent(theirs)}."
    if is_time or not len(a) or not len(b):
        return f"Column {real.name!r} is off: see its picture."
    ours, theirs = (", ".join(f"{x:.4g}" for x in np.quantile(values, [0.05, 0.5, 0.95])) for values in (b, a))
    return f"Column {real.name!r} is off: its 5th, 50th and 95th percentiles are {ours}, in real rows {theirs}."


def _worst_pairs(frame):
    pairs = frame[(frame["metric"] == "pair_trends") & frame["column"].notna() & (frame["verdict"] == "off")]
    if pairs.empty:
        return []
    named = [f"{a!r} and {b!r}" for a, b in pairs["column"].head(MOST)]
    more = f", and {len(pairs) - MOST} more pairs" if len(pairs) > MOST else ""
    return [f"Columns do not depend on each other as they should: {'; '.join(named)}{more}."]


def _listed(items):
    return ", ".join(items[:MOST]) + (f" and {len(items) - MOST} more" if len(items) > MOST else "")
