"""The manner of a file in a model: through a file and back; crafted ones are refused."""

import copy
import gzip

import numpy as np
import pandas as pd
import pytest
from exports import EXPORTS, write_exports

from skgan import GANSampler, _json_tree, _model_file
from skgan.datasets._files import How, Like, open_table, suffix_of, write_file
from skgan.exceptions import BrokenFileError
from skgan.persistence import load, read_sampler, write_sampler


def kept(like):
    """The `Like` after a way through a file's tree."""
    return Like.from_state(_json_tree.decode(*_json_tree.encode(like.get_state())))


@pytest.mark.parametrize("name", [*EXPORTS, "frame.parquet"])
def test_a_manner_survives_a_file(tmp_path, name):
    path = tmp_path / name
    if name == "frame.parquet":
        pytest.importorskip("pyarrow")
        pd.DataFrame({"a": ["1.5 kg", "2.5 kg"] * 20}, index=pd.Index(range(5, 45), name="n")).to_parquet(path)
    else:
        pytest.importorskip("openpyxl") if name.endswith("xlsx") else None
        write_exports(tmp_path, [name])
    table = open_table(path, How())
    like = kept(Like(table, list(table.frame)[:1]))
    assert (like.header, like.layout) == (table.header, table.layout)
    assert like.get_state() == Like(table, list(table.frame)[:1]).get_state()
    assert like.targets == list(table.frame)[:1] and like.is_savable
    if not name.endswith("xlsx"):
        write_file(table.frame, tmp_path / "new", *suffix_of(path), like)
        unpacked = gzip.decompress if name.endswith("gz") else bytes
        assert unpacked((tmp_path / "new").read_bytes()) == unpacked(path.read_bytes()) or name == "frame.parquet"


def test_a_manner_holds_no_rare_text_of_the_file(tmp_path):
    pytest.importorskip("openpyxl")
    prices = [f"{number},5 EUR" for number in range(60)]
    frame = pd.DataFrame({"price": [*prices, "ask Anna"], "n": [*range(60), "ask Bert"], "x": [*range(60), "Cleo"]})
    frame["x"] = frame["x"].astype(str)
    frame.to_csv(tmp_path / "data.csv", index=False)
    frame.to_excel(tmp_path / "data.xlsx", index=False)
    for name in ("data.csv", "data.xlsx"):
        table = open_table(tmp_path / name, How(types={"n": "number"} if name.endswith("csv") else None))
        assert table.frame["price"].isna().sum() == 1
        assert "ask" in str(table.recognised)
        state = repr(Like(table).without_texts().get_state())
        assert "EUR" in state and not any(text in state for text in ("ask", "Cleo"))


def test_a_usual_word_for_a_missing_value_is_kept(tmp_path):
    lines = [f"{number}.5 EUR,n/a\nn/a,{number}\n" for number in range(40)]
    (tmp_path / "data.csv").write_text("price,x\n" + "".join(lines))
    like = Like(open_table(tmp_path / "data.csv", How())).without_texts()
    assert [manner.missing for manner in like.manners.values()] == ["n/a", "n/a"]


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """The tree of a model file with the manner of a file of dates, numbers and texts."""
    folder = tmp_path_factory.mktemp("like")
    rng = np.random.default_rng(0)
    lines = [f"{rng.integers(10, 28)}.03.2024;{number},5;{rng.choice(['x', 'y'])}" for number in range(40)]
    (folder / "data.csv").write_text("day;n;kind\n" + "\n".join(lines))
    table = open_table(folder / "data.csv", How())
    write_sampler(GANSampler(max_iter=2, refine=False).fit(table.frame), folder / "model", Like(table))
    return _json_tree.decode(*_model_file.read(folder / "model"))


def read(document, folder):
    _model_file.write(folder / "model", *_json_tree.encode(document))
    return read_sampler(folder / "model")


def test_the_manner_is_no_part_of_the_sampler(document, tmp_path):
    sampler, like = read(document, tmp_path)
    assert like.columns == ["day", "n", "kind"] and like.layout.separator == ";"
    assert len(load(tmp_path / "model").sample(3)) == len(sampler.sample(3)) == 3
    without = {name: part for name, part in document.items() if name != "like"}
    assert read(without, tmp_path)[1] is None


@pytest.mark.parametrize(("place", "value", "says"), [
    ((), [1], "Like: its state must be a dict"),
    (("suffix",), ".exe", "suffix must be one of"),
    (("suffix",), ".parquet", "layout must be that of a file with this suffix"),
    (("columns",), ["day", "other"], "columns must be in the header"),
    (("targets",), ["other"], "targets must be columns"),
    (("in_header",), ["day", "day", "kind"], "in_header must name each column once"),
    (("said",), ["day"], "said must and the manners be one for each column"),
    (("said",), ["day", "n", [1]], r"said\[2\] must be None, text, a number"),
    (("column_manners", 0, "kind"), "code", "kind must be one of"),
    (("column_manners", 0, "style"), {}, "style"),
    (("column_manners", 0, "missing"), 3, "missing must be"),
    (("layout", "kind"), "pickle", "kind must be one of"),
    (("layout", "encoding"), "nothing", "LookupError"),
    (("layout", "encoding"), "zip", "LookupError"),
    (("layout", "separator"), ";;", "separator must be one character"),
    (("layout", "line_end"), "x", "line_end must be one of"),
    (("layout", "mark"), b"#!/bin/sh", "mark must be a byte order mark"),
    (("layout", "row_ends"), 10**9, "row_ends must be a whole number"),
    (("layout", "quoted"), [1, 0, 0], r"quoted\[0\] must be True or False"),
])  # fmt: skip
def test_a_crafted_manner_is_refused(document, tmp_path, place, value, says):
    changed = copy.deepcopy({"like": document["like"]})
    at, last = changed, ("like", *place)[-1]
    for step in ("like", *place)[:-1]:
        at = at[step]
    at[last] = value
    with pytest.raises(BrokenFileError, match=says):
        read({**document, **changed}, tmp_path)
