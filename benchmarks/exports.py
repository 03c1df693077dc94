"""Do rows of files as programs export them come back in the manner of the file, with nobody's identifiers or texts?

    OMP_NUM_THREADS=1 python benchmarks/exports.py [--files NAME ...] [--ways command python] [--seed SEED ...]

``tests/exports.py`` makes up 15 files of 800 rows and knows what each column is. Each goes through the command line,
with a report and a saved model, and through Python (`read_table`, `GANSampler` with its defaults, `write_table`,
`evaluate`), and 4,000 rows are written. What is written is read by ``tests/exports.py``, not by skgan.

Writes benchmarks/results/exports.csv, one row per file, way and seed:

- types, columns: how many columns were found to be what they are (number, date, boolean, category, identifier, free
  text), of how many.
- styles: the share of written cells that are written as the cells of the file are.
- repeated_ids, training_ids: identifiers that occur twice among the written ones, or in the file.
- verbatim_texts: free texts that occur in the file.
- correlation, pair: the largest absolute difference of a rank correlation between two columns of numbers or dates, file
  and written rows, and the pair. A rank correlation of 4,000 rows has a standard error of about .016, so .1 is well
  outside of chance. Pairs that fewer than 100 rows of the file have are left out.
- pictures: how many the report has.

Bar: all types and all styles are right, no identifier is repeated or of the file, no text is verbatim, and no rank
correlation differs by more than 0.1.
"""

import argparse
import sys
import tempfile
import time
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import record

sys.path.insert(0, str(record.ROOT / "tests"))
from exports import EXPORTS  # noqa: E402

N_ROWS, N_DRAWN, MIN_PAIRS = 800, 4000, 100
RESULTS = record.RESULTS / "exports.csv"
BARS = (
    ("types", ">=", lambda row: row["columns"]),
    ("styles", ">=", 1.0),
    ("repeated_ids", "<=", 0),
    ("training_ids", "<=", 0),
    ("verbatim_texts", "<=", 0),
    ("correlation", "<=", 0.1),
    ("pictures", ">=", 1),
)
KIND_OF_DTYPE = {"M": "date", "f": "number", "i": "number", "u": "number", "b": "boolean"}


def by_command(data, out, report, seed):
    """Run the command line; return the saved sampler and rows that it generates."""
    import skgan

    model = data.with_name("model.skgan")
    arguments = ["--rows", N_DRAWN, "--seed", seed, "--report", report, "--save", model, "--device", "cpu"]
    record.run_child(sys.executable, "-m", "skgan", data, "--out", out, *arguments)
    sampler = skgan.load(model)
    return sampler, sampler.sample(20)


def by_python(data, out, report, seed):
    """Do the same in Python; return the sampler and the frame that it was fitted on."""
    import skgan
    from skgan.datasets import read_table, write_table

    frame = read_table(data)
    sampler = skgan.GANSampler(random_state=seed, device="cpu").fit(frame)
    synthetic = sampler.sample(N_DRAWN)
    write_table(synthetic, out, like=data)
    skgan.evaluate(frame, synthetic, random_state=seed).save(report)
    return sampler, frame


WAYS = {"command": by_command, "python": by_python}


def measured(name, way, seed):
    """One row of results."""
    export = EXPORTS[name](N_ROWS)
    with tempfile.TemporaryDirectory() as folder:
        data, out, report = (Path(folder) / file for file in (name, f"new_{name}", "report.html"))
        data.write_bytes(export.data)
        start = time.perf_counter()
        sampler, frame = WAYS[way](data, out, report, seed)
        seconds = time.perf_counter() - start
        written = export.cells_of(out)
        pictures = report.read_text(encoding="utf-8").count("data:image/png")
    columns = export.columns
    known = {column.name: [cell for cell in written[column.name] if not column.is_missing(cell)] for column in columns}
    ids = [(known[column.name], column.cells) for column in columns if column.kind == "id"]
    kept = [column.keeps_style(cell) for column in columns for cell in written[column.name]]
    correlation, pair = largest_difference(columns, written)
    return {
        "file": name,
        "way": way,
        "seed": seed,
        "rows": N_ROWS,
        "drawn": N_DRAWN,
        "types": sum(kind_of(column.name, frame, sampler) == column.kind for column in columns),
        "columns": len(columns),
        "styles": float(np.mean(kept)),
        "repeated_ids": sum(len(new) - len(set(new)) for new, _ in ids),
        "training_ids": sum(len(set(new) & set(old)) for new, old in ids),
        "verbatim_texts": sum(
            len(set(known[column.name]) & set(column.cells)) for column in columns if column.kind == "text"
        ),
        "correlation": correlation,
        "pair": pair,
        "pictures": pictures,
        "seconds": seconds,
    }


def kind_of(name, frame, sampler):
    """What skgan takes a column for."""
    if name in sampler.id_columns_:
        return "id"
    return "text" if name in sampler.text_columns_ else KIND_OF_DTYPE.get(frame[name].dtype.kind, "category")


def largest_difference(columns, written):
    """The largest absolute difference of a rank correlation between two columns, and the names of these."""
    measured = [column for column in columns if column.kind in ("number", "date")]
    old = {column.name: column.numbers(column.cells) for column in measured}
    new = {column.name: column.numbers(written[column.name]) for column in measured}
    differences = {}
    for a, b in combinations(old, 2):
        if np.isfinite(old[a] + old[b]).sum() >= MIN_PAIRS:
            differences[f"{a} x {b}"] = abs(rank_correlation(old[a], old[b]) - rank_correlation(new[a], new[b]))
    pair = max(differences, key=differences.get)
    return float(differences[pair]), pair


def rank_correlation(a, b):
    """Spearman's, of the rows that have both values; 0 where one of them is constant."""
    from scipy.stats import rankdata

    both = np.isfinite(a) & np.isfinite(b)
    ranks = [rankdata(values[both]) for values in (a, b)]
    return 0.0 if min(map(np.ptp, ranks), default=0) == 0 else float(np.corrcoef(*ranks)[0, 1])


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", nargs="+", choices=list(EXPORTS), default=list(EXPORTS))
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--seed", nargs="+", type=int, default=[0])
    arguments = parser.parse_args(arguments)
    failed = False
    for seed in arguments.seed:
        for name in arguments.files:
            for way in arguments.ways:
                row = measured(name, way, seed)
                row["bar"], row["met"] = record.judge(row, BARS)
                record.append_row(RESULTS, {**row, **record.circumstances()})
                print({key: record.short(value) for key, value in row.items() if key != "bar"}, file=sys.stderr)
                failed |= row["met"] != "yes"
    return int(failed)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
