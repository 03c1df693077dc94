"""Tables in files: read as they are, and written as they were read."""

import gzip
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from exports import EXPORTS, write_exports

from skgan.datasets import load_penguins, read_table, write_table
from skgan.datasets._files import How, open_table
from skgan.datasets._real import PENGUINS

NEEDS = {".xlsx": "openpyxl", ".parquet": "pyarrow"}


def put(folder, text, name="data.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def column(folder, cells, **how):
    """Cells of a column as they are read, and as they are written back."""
    path = put(folder, "a,b\n" + "".join(f"{cell},x\n" for cell in cells))
    frame = read_table(path, **how)
    write_table(frame, folder / "new.csv", like=frame)
    return frame["a"], [line.rsplit(",", 1)[0] for line in (folder / "new.csv").read_text().splitlines()[1:]]


def cells_of(path):
    """All cells of an Excel sheet, with their number formats."""
    import openpyxl

    sheet = openpyxl.load_workbook(path).active
    return sheet.title, [[(cell.value, cell.data_type, cell.number_format) for cell in row] for row in sheet.rows]


# Files as programs export them ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPORTS)
def test_a_file_is_written_as_it_was_read(tmp_path, name):
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    write_exports(tmp_path, [name])
    old, new = tmp_path / name, tmp_path / f"new_{name}"
    write_table(read_table(old), new, like=old)
    if name.endswith("xlsx"):
        assert cells_of(old) == cells_of(new)
        return
    unpacked = gzip.decompress if name.endswith("gz") else bytes
    assert unpacked(old.read_bytes()) == unpacked(new.read_bytes())


@pytest.mark.parametrize("name", [name for name in EXPORTS if not name.endswith("xlsx")])
def test_without_recognition_a_file_is_written_as_it_was_read(tmp_path, name):
    write_exports(tmp_path, [name])
    old, new = tmp_path / name, tmp_path / f"new_{name}"
    frame = read_table(old, infer_types=False)
    assert frame.attrs["recognised"] == {}
    assert set(map(str, frame.dtypes)) <= {"str", "object", "int64", "Int64", "float64", "bool", "boolean"}
    write_table(frame, new, like=old)
    assert gzip.decompress(new.read_bytes()) == gzip.decompress(old.read_bytes()) if name.endswith("gz") else (
        new.read_bytes() == old.read_bytes()
    )


def exported(folder, name, **how):
    write_exports(folder, [name])
    return read_table(folder / name, **how)


def test_amounts_and_dates_of_a_german_file(tmp_path):
    frame = exported(tmp_path, "german_excel.csv")
    assert frame.dtypes.astype(str).tolist()[1:3] == ["float64", "float64"]
    assert frame["Datum"].dtype.kind == "M" and frame["Umsatz (€)"].between(10, 100_000).all()
    assert set(frame["Stadt"]) == {"Köln", "München", "Berlin", "Düsseldorf"}
    assert list(frame.attrs["recognised"]) == ["Datum", "Umsatz (€)", "Anteil", "Fällig"]


def test_amounts_and_dates_of_an_american_file(tmp_path):
    frame = exported(tmp_path, "american.csv")
    assert (frame["Balance"] < 0).any() and frame["Balance"].dtype == "int64"
    assert frame["Order Date"].dt.day.max() > 12
    assert '"$"' in frame.attrs["recognised"]["Amount"]


def test_only_empty_cells_are_missing(tmp_path):
    frame = exported(tmp_path, "not_missing.csv")
    assert set(frame["country"].dropna()) == {"NA", "DE", "FR", "None", "NULL", "nan"}
    assert frame["country"].isna().any()
    # In a column of numbers, such a text can only mean a missing one.
    assert frame["weight"].isna().sum() == 9
    assert '"NA" means missing' in frame.attrs["recognised"]["weight"]


@pytest.mark.parametrize("text", [
    'amount,n\n"$1,234.50",1\n"$2,000.00",2\n$9.00,3\n',
    'amount,n\n"$1,234.50",1\n"$2,000.00",2\n',
    '"amount","n"\n"$1,234.50","1"\n"$2,000.00","2"\n"$9.00","3"\n',
])
def test_cells_are_quoted_where_the_file_quotes_them(tmp_path, text):
    old, new = put(tmp_path, text), tmp_path / "new.csv"
    frame = read_table(old)
    write_table(frame, new, like=old)
    assert new.read_text() == text
    frame["amount"] = 5.0
    write_table(frame, new, like=old)
    cell = '"$5.00"' if text.startswith('"') else "$5.00"
    assert [line.split(",")[0] for line in new.read_text().splitlines()[1:]] == [cell] * len(frame)


def test_codes_stay_text(tmp_path):
    frame = exported(tmp_path, "codes.csv")
    assert frame["order"].nunique() == len(frame)
    assert all(isinstance(value, str) for name in ("order", "phone", "zip", "part") for value in frame[name])


def test_doubled_and_empty_headers_get_names_of_their_own(tmp_path):
    frame = exported(tmp_path, "doubled_headers.csv")
    assert list(frame)[:4] == ["a", "a (2)", "column 3", "b"]
    put(tmp_path, "a,a (2),a,,column 4\n1,2,3,4,5\n", "worse.csv")
    frame = read_table(tmp_path / "worse.csv")
    assert list(frame) == ["a", "a (2)", "a (3)", "column 4 (2)", "column 4"]
    assert frame.iloc[0].tolist() == [1, 2, 3, 4, 5]


# Columns ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("infer_types", [True, False])
@pytest.mark.parametrize(("cells", "dtype"), [
    (["1", "", "3"], "Int64"),
    (["1", "2", "3"], "int64"),
    (["9007199254740993", "", "1"], "Int64"),
    (["-9223372036854775808", "9223372036854775807"], "int64"),
    (["9223372036854775808", "1"], "text"),
    (["0.5", "1.25", "3.75"], "float64"),
    (["0.1", "1e-05", "12.5"], "float64"),
    (["True", "", "False"], "boolean"),
    (["TRUE", "TRUE", "FALSE"], "bool"),
    (["true", "FALSE"], "text"),
    (["", "", ""], "float64"),
    (["00501", "10001", "90210"], "text"),
    (["00501", "", "90210"], "text"),
    (["a", "", "00501"], "text"),
    (["1E05", "2E07"], "text"),
    (["NA", "None"], "text"),
    (["inf", "1.5"], "text"),
    (["1_000", "2"], "text"),
])
def test_columns_stay_what_they_are(tmp_path, cells, dtype, infer_types):
    values, written = column(tmp_path, cells, infer_types=infer_types)
    assert written == cells
    assert values.isna().tolist() == [cell == "" for cell in cells]
    if dtype == "text":
        assert values.dropna().tolist() == [cell for cell in cells if cell]
    else:
        assert values.dtype == dtype
    if dtype == "Int64":
        assert values.dropna().tolist() == [int(cell) for cell in cells if cell]


@pytest.mark.parametrize("cells", [
    ["2020-01-02", "1999-12-31", ""],
    ["2020-01-02 10:11", "", "2021-12-31 23:59"],
    ["2020-01-02T10:11:12", "2020-02-29T00:00:00"],
    ["2020-01-02T10:11:12.123Z", ""],
    ["2020-01-02 10:11:12.123456"],
    ["25 Mar 2024 14:05", "1 Apr 2024 02:00"],
])
def test_dates_are_read_and_written_back_as_they_were(tmp_path, cells):
    values, written = column(tmp_path, cells)
    assert values.dtype.kind == "M" and written == cells


@pytest.mark.parametrize("cells", [["bread", "milk"], ["2020-02-30"], ["2020-01-02", "soon"]])
def test_other_columns_are_no_dates(tmp_path, cells):
    values, written = column(tmp_path, cells)
    assert values.tolist() == written == cells


@pytest.mark.parametrize(("cells", "n_missing", "written_as"), [
    (["1.5", "n/a", "2.5", "n/a", "", "3.5"], 3, "n/a"),
    (["1.5", "n/a", "2.5", "", "", "3.5"], 3, ""),
    (["7", "-", "8"], 1, "-"),
    (["2024-01-02", "NULL", "2024-01-03"], 1, "NULL"),
    # A text that a single row holds may be a note about a person.
    ([*map(str, range(1, 40)), "ask Anna"], 1, ""),
    ([*map(str, range(1, 100)), *["none today"] * 5], 5, "none today"),
])
def test_missing_values_are_written_as_most_of_them_were(tmp_path, cells, n_missing, written_as):
    values, written = column(tmp_path, cells)
    assert values.isna().sum() == n_missing and values.dtype.kind in "fiM"
    assert {text for text, missing in zip(written, values.isna(), strict=True) if missing} == {written_as}


def test_new_numbers_are_written_in_the_style_of_the_column(tmp_path):
    path = put(tmp_path, 'price,n\n"$1,234.50",1\n$69.20,2\n($5.00),3\n')
    frame = read_table(path)
    frame["price"] = [-1234567.891, 0.5, np.nan]
    write_table(frame, tmp_path / "new.csv", like=path)
    assert (tmp_path / "new.csv").read_text() == 'price,n\n"($1,234,567.89)",1\n$0.50,2\n,3\n'


def test_ambiguous_dates_are_told_and_can_be_decided(tmp_path):
    cells = ["03/05/2024", "04/06/2024"]
    with pytest.warns(UserWarning, match="column 'a' may start with the day or with the month.*day_first=True"):
        values, written = column(tmp_path, cells)
    assert values.dt.month.tolist() == [3, 4] and written == cells
    values, written = column(tmp_path, cells, day_first=True)
    assert values.dt.month.tolist() == [5, 6] and written == cells


@pytest.mark.parametrize(("decimal", "cells", "values"), [
    ("auto", ["1.234", "5.678"], [1.234, 5.678]),
    (",", ["1.234", "5.678"], [1234, 5678]),
    (".", ["1,234", "5,678"], [1234, 5678]),
    (",", ["1,234", "5,678"], [1.234, 5.678]),
    (",", ["1.234,5", "5.678,25"], [1234.5, 5678.25]),
    (".", ["1.5", "2.25"], [1.5, 2.25]),
    (".", ["1,5", "2,25"], ["1,5", "2,25"]),
    (",", ["7", "8"], [7, 8]),
    (",", ["25.03.2024", "26.03.2024"], [pd.Timestamp("2024-03-25"), pd.Timestamp("2024-03-26")]),
])
def test_the_mark_of_decimals_can_be_decided(tmp_path, decimal, cells, values):
    path = put(tmp_path, "a;b\n" + "".join(f"{cell};x\n" for cell in cells))
    frame = read_table(path, decimal=decimal)
    assert frame["a"].tolist() == values
    write_table(frame, tmp_path / "new.csv", like=frame)
    assert (tmp_path / "new.csv").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("cells", "wanted", "kind"), [
    (["1", "2"], "text", "text"),
    (["1", "2"], "category", "category"),
    (["1.5", "about 3", "2.5"], "number", "text"),
    (["1.5", "low", "high", "2.5"], "number", "float64"),
    (["2024-01-02", "soon", "2024-01-03"], "date", "date"),
    (["00501", "10001"], "number", "int64"),
    (["05", "123"], "number", "int64"),
])
def test_types_decide(tmp_path, cells, wanted, kind):
    if kind == "text" and wanted == "number":
        with pytest.raises(ValueError, match=r"column 'a' of .*data.csv: it cannot be read as a number, for example"):
            column(tmp_path, cells, types={"a": wanted})
        return
    values, written = column(tmp_path, cells, types={"a": wanted})
    if wanted in ("text", "category"):
        assert values.tolist() == written == cells
    assert kind == "text" or values.dtype.kind == {"float64": "f", "int64": "i", "date": "M", "category": "O"}[kind]
    assert kind != "int64" or written == cells


# Text files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "header"), [
    ("a;b\n1,5;2,5\n", ["a", "b"]),
    ("Preis, EUR;Menge\n1,5;3\n2,5;4\n10;5\n", ["Preis, EUR", "Menge"]),
    ('"a,b",c\n1,2\n', ["a,b", "c"]),
    ("a|b\n1;2|3\n", ["a", "b"]),
    ("a\tb\n1,2\t3\n", ["a", "b"]),
    ("city\nKöln, Dom\nBonn\n", ["city"]),
    ("a\n1\n2\n", ["a"]),
    ("a\n1,5\n2,5\n", ["a"]),
    ("a\n1,234,567\n2,345,678\n", ["a"]),
    ("a,b,\n1,2,\n", ["a", "b"]),
    ("a;b;;\n1;2;;\n", ["a", "b"]),
    ("\na,b\n\n1,2\n\n", ["a", "b"]),
])
def test_separators_are_found(tmp_path, text, header):
    path = put(tmp_path, text)
    frame = read_table(path)
    assert list(frame) == header
    write_table(frame, tmp_path / "new.csv", like=path)
    assert (tmp_path / "new.csv").read_text("utf-8") == "".join(f"{line}\n" for line in text.split("\n") if line)


@pytest.mark.parametrize(("text", "sep", "says"), [
    ("a,b,c\n1,2,3\n4,5,6\n", ";", "its header has 2 times ',', and so have its rows; pass sep=','"),
    ("a\tb\tc\n1\t2\t3\n4\t5\t6\n", ",", r"pass sep='\\t'"),
    ("a~b~c\n1~2~3\n4~5~6\n", "auto", "pass sep='~'"),
    ("sep=;\na|b|c\n1|2|3\n", "auto", r"pass sep='\|'"),
])
def test_a_file_of_another_separator_is_refused(tmp_path, text, sep, says):
    path = put(tmp_path, text)
    with pytest.raises(ValueError, match=says):
        read_table(path, sep=sep)


@pytest.mark.parametrize(("text", "sep", "says"), [
    ("a,b\nx,2\ny,5\n", ";", "one column, 'a,b', but its header has 1 times ',', and so have its rows; pass sep=','"),
    ("a^b\nx^2\ny^5\n", "auto", r"pass sep='\^'"),
    ("age sex n\n31 f 5\n40 m 7\n", "auto", "rows have 3 words; pass sep=' ' if spaces separate its columns"),
    ("age sex\n31 f\n40 m\n", "auto", "have 2 words; pass sep=' '"),
    ("age  sex\n31   f\n40   m\n", "auto", "have 2 words; write a comma between the columns"),
])
def test_a_file_that_may_have_another_separator_warns(tmp_path, text, sep, says):
    path = put(tmp_path, text)
    with pytest.warns(UserWarning, match=says):
        assert read_table(path, sep=sep).shape == (2, 1)


@pytest.mark.parametrize(("text", "sep"), [
    ("first name\nAnna Maria\nJohn Paul\n", "auto"),
    ('"a,b,c"\n"1,2,3"\n', ";"),
    ("Price, EUR\n1,5\n2,5\n", ";"),
    ("note\none two\nthree four\n", "auto"),
])
def test_a_file_of_one_column_does_not_warn(tmp_path, text, sep):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_table(put(tmp_path, text), sep=sep).shape[1] == 1


@pytest.mark.parametrize(("encoding", "kept"), [
    ("utf-8", "auto"), ("utf-8-sig", "auto"), ("utf-16", "auto"), ("cp1252", "auto"), ("utf-16-le", "utf-16-le"),
    ("utf-16", "utf-16"), ("utf-8-sig", "utf-8"), ("cp1250", "cp1250"),
])
def test_encodings(tmp_path, encoding, kept):
    path = put(tmp_path, "stadt,n\nKöln,1\nMünchen,2\n".encode(encoding))
    frame = read_table(path, encoding=kept)
    assert frame["stadt"].tolist() == ["Köln", "München"]
    write_table(frame, tmp_path / "new.csv", like=frame)
    assert (tmp_path / "new.csv").read_bytes() == path.read_bytes()


def test_a_column_of_missing_cells_alone_keeps_its_rows(tmp_path):
    path = put(tmp_path, "a\n1\n\n3\n")
    frame = read_table(path)
    assert frame["a"].isna().tolist() == [False, True, False]
    write_table(frame, tmp_path / "new.csv", like=path)
    assert (tmp_path / "new.csv").read_text() == 'a\n1\n""\n3\n'


def test_long_cells(tmp_path):
    path = put(tmp_path, f"a,b\n{'x' * 200_000},1\n")
    assert len(read_table(path)["a"][0]) == 200_000


@pytest.mark.parametrize(("text", "how", "says"), [
    ("", {}, "data.csv cannot be read: it is empty; it needs a header"),
    ("a,b\n1,2\n1,2,3,4\n", {}, "line 3 has 4 fields, but the header has 2"),
    ("a,b\n1,2\n1\n1\n", {}, r"line 3 \(and 1 more\) has 1 field, but the header has 2"),
    ("sep=;\na;b\n1\n", {}, "line 3 has 1 field"),
    ("a,b\nx,1,0\n", {}, "line 2 has 3 fields, but the header has 2; give each column a name"),
    ('a,b\n"x\ny",1\n1,2,\n', {}, "line 4 has 3 fields"),
    ('a,b\n"x,1\n"y",2\n', {}, "line 2 has a quote that is not closed"),
    ("a,b\nä,1\n".encode("latin-1"), {"encoding": "utf-8"}, "it is not utf-8 text; leave the encoding 'auto'"),
    ("a,b\n1,2\n", {"encoding": "utf-88"}, "no encoding is called 'utf-88'"),
    ("Sales\na,b,c\n1,2,3\n4,5,6\n", {}, "no separator, but most others have 3 fields separated by ','; pass header=1"),
    ("a,b\n1,2\n".encode("utf-16-le"), {}, "it looks like .* UTF-16 .*; pass its encoding, 'utf-16-le'"),
    ("a,b\n1,2\n".encode("utf-16-be"), {}, "pass its encoding, 'utf-16-be'"),
    ("name,b\nAn\0na,2\n", {}, "it holds characters with the code 0, which no text has; remove them"),
    ("a,b\n1,2\n", {"sheet_name": "Data"}, "data.csv has no sheets, but sheet_name='Data'; leave sheet_name out"),
    ("a,b\n1,2\n", {"sep": "::"}, "sep must be one character or 'auto', got '::'"),
    ("a,b\n1,2\n", {"decimal": "'"}, "decimal must be one of 'auto', '.', ','"),
    ("a,b\n1,2\n", {"types": {"c": "text"}}, "types names the column 'c', but .*data.csv has 'a', 'b'"),
    ("a,b\n1,2\n", {"types": {"a": "real"}}, r"types\['a'\] must be one of 'text', 'number', 'date', 'category'"),
    ("a,wei\n1," + "123456" * 4 + "\n2,12\n", {"types": {"wei": "number"}},
     "column 'wei' of .*data.csv: it has whole numbers of 24 digits, such as 1234.*, and a number holds 18 of them "
     "exactly; write them in a larger unit, or leave its type out to have them as texts, which generated rows copy.$"),
    ("a,b\n1,x\n", {"types": {"b": "number"}}, "as a number, for example 'x'; leave its type out.$"),
    ("a,b\n1,x\n", {"types": {"b": "date"}}, "column 'b' of .*data.csv: it cannot be read as a date, for example 'x'"),
])
def test_what_is_wrong_with_a_file_is_told(tmp_path, text, how, says):
    with pytest.raises(ValueError, match=says):
        read_table(put(tmp_path, text), **how)


WHOLE = gzip.compress(b"a,b\n1,2\n")


@pytest.mark.parametrize("data", [
    WHOLE[:-1], WHOLE[:12], WHOLE[:12] + b"\xff" * 9 + WHOLE[21:], WHOLE + b"more", WHOLE[:-5] + b"\0" * 5])
def test_damaged_archives_are_told(tmp_path, data):
    (tmp_path / "data.csv.gz").write_bytes(data)
    with pytest.raises(ValueError, match=r"data.csv.gz cannot be read: it is a damaged gzip archive \(.*; copy"):
        read_table(tmp_path / "data.csv.gz")


def test_other_kinds_and_missing_files_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"data.json must end in .csv, .tsv, .txt \(each also as .gz\), .xlsx or"):
        read_table(tmp_path / "data.json")
    with pytest.raises(ValueError, match="data.xlsx.gz must end in"):
        read_table(tmp_path / "data.xlsx.gz")
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "data.csv")
    with pytest.raises(ValueError, match="like is a frame that read_table did not return"):
        write_table(load_penguins(), tmp_path / "new.csv", like=load_penguins())
    with pytest.raises(TypeError, match="frame must be a pandas DataFrame, got a list"):
        write_table([1], tmp_path / "new.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = put(tmp_path, "stadt\nKöln\nBonn\n".encode("cp1252"))
    frame = read_table(path)
    frame.loc[0, "stadt"] = "東京"
    put(tmp_path, "old", "new.csv")
    with pytest.raises(ValueError, match="cp1252|charmap"):
        write_table(frame, tmp_path / "new.csv", like=path)
    assert (tmp_path / "new.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "new.csv"]


# From one kind to another -----------------------------------------------------------------------------------


def test_without_a_model_a_frame_is_written_as_plain_text(tmp_path):
    frame = pd.DataFrame({
        "n": pd.array([1, None], "Int64"),
        "x": [0.1, np.nan],
        "day": pd.to_datetime(["2024-01-02", None]),
        "time": pd.to_datetime(["2024-01-02 10:00", None]),
        "ok": [True, False],
        "kind": pd.Categorical(["a, b", None]),
    })
    write_table(frame, tmp_path / "new.csv")
    assert (tmp_path / "new.csv").read_text() == (
        'n,x,day,time,ok,kind\n1,0.1,2024-01-02,2024-01-02 10:00:00,True,"a, b"\n,,,,False,\n'
    )
    write_table(frame, tmp_path / "new.tsv")
    assert (tmp_path / "new.tsv").read_text().startswith("n\tx\tday")


def test_penguins_are_the_same(tmp_path):
    frame = read_table(PENGUINS)
    assert frame.attrs["recognised"] == {}
    pd.testing.assert_frame_equal(frame, load_penguins(), check_dtype=False)
    write_table(frame, tmp_path / "new.csv", like=PENGUINS)
    assert (tmp_path / "new.csv").read_bytes() == PENGUINS.read_bytes()


@pytest.mark.parametrize("suffix", NEEDS)
def test_a_text_file_becomes_another_kind(tmp_path, suffix):
    pytest.importorskip(NEEDS[suffix])
    frame = exported(tmp_path, "german_excel.csv")
    write_table(frame, tmp_path / f"new{suffix}", like=tmp_path / "german_excel.csv")
    again = read_table(tmp_path / f"new{suffix}")
    assert again.attrs["recognised"] == {}
    pd.testing.assert_frame_equal(again, frame)
    # And back, with the header of the other kind.
    write_table(again, tmp_path / "back.csv", like=tmp_path / "german_excel.csv")
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "german_excel.csv").read_bytes()


def test_the_suffix_decides_the_separator(tmp_path):
    frame = exported(tmp_path, "german_excel.csv")
    write_table(frame, tmp_path / "new.tsv", like=tmp_path / "german_excel.csv")
    first, second = (tmp_path / "new.tsv").read_bytes().split(b"\r\n")[:2]
    assert first.decode("cp1252").startswith("Datum\tUmsatz (€)\tAnteil\tStadt\t") and b"," in second


def test_doubled_headers_reach_excel(tmp_path):
    pytest.importorskip("openpyxl")
    frame = exported(tmp_path, "doubled_headers.csv")
    write_table(frame, tmp_path / "new.xlsx", like=tmp_path / "doubled_headers.csv")
    assert [cell[0] for cell in cells_of(tmp_path / "new.xlsx")[1][0]][:4] == ["a", "a", None, "b"]


# The row of the header --------------------------------------------------------------------------------------

ROWS = "Bob,34,2024-01-02\nAnn,28,2024-02-03\nZoe,51,2024-03-04\nTim,44,2024-05-06\n"
BELOW = "day,price,n\n2024-01-02,3.5,2\n2024-01-03,4.5,1\n"


@pytest.mark.parametrize(("text", "says"), [
    (ROWS, r"looks like data \('Bob', '34', '2024-01-02'\); pass header=None"),
    ("yes,no\nyes,yes\nno,no\n", "looks like data"),
    ("5\n6\n7\n9\n", r"looks like data \('5'\)"),
    ("5.5;1.2.2024\n6.5;30.3.2024\n7.0;31.1.2024\n8.0;4.2.2024\n", "looks like data"),
    ("$5.50,a\n$6.50,b\n$7.00,c\n", "looks like data"),
    ("country,2019,2020,2021\nDE,3,2000,4\nFR,2001,2020,2100\n", None),
    ("2019,2020,2021\n3,2000,4\n2001,2020,2100\n", None),
    ("name,0\nBob,34000\nAnn,34001\n", None),
    ("a\n5\n6\n", None),
    ("city\nKöln\nBonn\n", None),
    ("Sales 2024,,\n" + BELOW, r"row 1 is taken as the header, but has one cell, 'Sales 2024'; pass header=1 if that"),
    ("Sales 2024,,\n\nall cities,,\n" + BELOW, "pass header=3 if that"),
    ("Sales\nname,age\nBob,3\nAnn,4\nTim,3\n", "read as one column, 'Sales', .* pass header=1 if the first line"),
    ("name\nSmith, Jo\nDoe, An\nDoe, Em\n", None),
    ("amount\n$1,234\n$2,222\n$4,555\n", None),
    ("a,b\n1,\n2,\n", None),
])
def test_a_header_that_looks_like_something_else_is_told(tmp_path, text, says):
    path = put(tmp_path, text)
    if says is None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read_table(path)
        return
    with pytest.warns(UserWarning, match=says):
        read_table(path)


def test_a_file_without_a_header(tmp_path):
    old, new = put(tmp_path, ROWS), tmp_path / "new.csv"
    frame = read_table(old, header=None)
    assert list(frame) == ["column 1", "column 2", "column 3"] and len(frame) == 4
    assert frame["column 2"].tolist() == [34, 28, 51, 44] and frame["column 3"].dtype.kind == "M"
    write_table(frame, new, like=frame)
    assert new.read_text() == ROWS
    write_table(frame[["column 3"]], new, like=frame)
    assert new.read_text().startswith("2024-01-02\n2024-02-03\n")
    one = read_table(put(tmp_path, "5\n\n7\n"), header=None)
    assert one["column 1"].isna().tolist() == [False, True, False]
    quoted = put(tmp_path, '"a","1"\n"b","2"\n')
    write_table(read_table(quoted, header=None), new, like=read_table(quoted, header=None))
    assert new.read_text() == '"a","1"\n"b","2"\n'


@pytest.mark.parametrize(("title", "header"), [
    ("Sales 2024\n", 1), ("Sales, in 2024\r\n", 1), ("Sales 2024,,\n\nall cities,,\n", 3), ("\n\n", 2), ("", 0),
])
def test_a_header_below_a_title(tmp_path, title, header):
    old, new = put(tmp_path, title + BELOW), tmp_path / "new.csv"
    frame = read_table(old, header=header)
    assert list(frame) == ["day", "price", "n"] and frame["price"].tolist() == [3.5, 4.5]
    write_table(frame, new, like=frame)
    assert new.read_text().splitlines() == BELOW.splitlines()


@pytest.mark.parametrize(("header", "says"), [
    (9, "it has no line 10 that could be the header"),
    (-1, "header must be 'auto', None or the number of a row, from 0"),
    ("first", "header must be 'auto'"),
    (True, "header must be 'auto'"),
])
def test_a_header_that_cannot_be_is_told(tmp_path, header, says):
    with pytest.raises(ValueError, match=says):
        read_table(put(tmp_path, BELOW), header=header)


def test_the_header_of_a_sheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    path, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"

    def sheet(*rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)

    sheet(["Sales 2024"], [], ["kind", "n"], ["a", 5], ["b", 7], ["a", 6])
    with pytest.warns(UserWarning, match="row 1 is taken as the header, but has one cell, 'Sales 2024'; pass header=2"):
        read_table(path)
    frame = read_table(path, header=2)
    assert list(frame) == ["kind", "n"] and frame["n"].tolist() == [5, 7, 6]
    with pytest.raises(ValueError, match="its row 2 has no cells, and cannot be the header"):
        read_table(path, header=1)
    sheet(["a", 5], ["b", 7], ["a", 6])
    with pytest.warns(UserWarning, match=r"looks like data \('a', '5'\); pass header=None"):
        read_table(path)
    frame = read_table(path, header=None)
    assert list(frame) == ["column 1", "column 2"] and frame["column 2"].tolist() == [5, 7, 6]
    write_table(frame, new, like=frame)
    assert [[cell[0] for cell in row] for row in cells_of(new)[1]] == [["a", 5], ["b", 7], ["a", 6]]


# Excel ------------------------------------------------------------------------------------------------------


def test_types_of_an_excel_sheet(tmp_path):
    pytest.importorskip("openpyxl")
    frame = exported(tmp_path, "excel_sheet.xlsx")
    assert [dtype.kind for dtype in frame.dtypes] == list("MfiOifbMiO")
    assert frame["written"].equals(frame["amount"]) and set(frame["code"]) == {f"{i:04d}" for i in range(7)}
    told = frame.attrs["recognised"]
    assert told["pieces"] == 'a number ("n/a" means missing)' and told["written"].startswith("an amount")
    raw = exported(tmp_path, "excel_sheet.xlsx", infer_types=False)
    assert raw["written"].str.endswith(" EUR").all()


def test_another_sheet(tmp_path):
    pytest.importorskip("openpyxl")
    write_exports(tmp_path, ["excel_sheet.xlsx"])
    path = tmp_path / "excel_sheet.xlsx"
    assert len(open_table(path, How(sheet_name="Sales 2024")).frame) == 60
    for name in ("Sales", 2):
        with pytest.raises(ValueError, match=f"it has no sheet {name!r}; its sheets are 'Sales 2024', 'Notes'"):
            read_table(path, sheet_name=name)


@pytest.mark.parametrize(("text", "says"), [
    ("a;b\n45.710;7,60\n1.250;8,10\n", "'a' may have .*: 45.710 is read as 45.71, but column 'b' has decimal commas"),
    ("b;a\n7,65;45,710\n8,10;1,250\n", "'a' may have .*: 45,710 is read as 45710, but column 'b' has decimal commas"),
    ("a;b\n45.710;7,60\n812;8,10\n", None),
    ("a;b\n45.71;7,60\n1.250;8,10\n", None),
    ("a;b\n45.710;7.60\n1.250;8.10\n", None),
    ("a;b\n45.710;1\n1.250;2\n", None),
    ("a;b\n0.710;7,60\n0.250;8,10\n", None),
])
def test_a_mark_of_decimals_or_of_thousands(tmp_path, text, says):
    path = put(tmp_path, text)
    if says is not None:
        with pytest.warns(UserWarning, match=says):
            read_table(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = read_table(path) if says is None else read_table(path, decimal=",")
    if text.startswith("a;b\n45.710;7,60"):
        assert frame["a"].iloc[0] == 45710


def test_other_sheets_are_named(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Info"
    book.active.append(["Made by", "us"])
    book.active.append(["Anna", 5])
    data = book.create_sheet("Data")
    book.create_sheet("Empty")
    for row in (["a", "b"], [1, 2], [3, 4]):
        data.append(row)
    book.save(tmp_path / "old.xlsx")
    says = "the first sheet, 'Info', is read, and not 'Data'; pass sheet_name='Data' to read another"
    with pytest.warns(UserWarning, match=says):
        assert list(read_table(tmp_path / "old.xlsx")) == ["Made by", "us"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(read_table(tmp_path / "old.xlsx", sheet_name="Info")) == ["Made by", "us"]
        assert read_table(tmp_path / "old.xlsx", sheet_name="Data")["b"].tolist() == [2, 4]


def test_texts_in_excel_are_no_formulas(tmp_path):
    pytest.importorskip("openpyxl")
    frame = pd.DataFrame({"x": ["=1+1", "#N/A", "plain"], "big": [2**60, 1, 2]})
    write_table(frame, tmp_path / "new.xlsx")
    assert [[cell[:2] for cell in row] for row in cells_of(tmp_path / "new.xlsx")[1][1:3]] == [
        [("=1+1", "s"), (2**60, "n")], [("#N/A", "s"), (1, "n")]
    ]
    with pytest.raises(ValueError, match="Excel cannot hold control characters"):
        write_table(pd.DataFrame({"x": ["\x01"]}), tmp_path / "bad.xlsx")


def test_a_file_that_is_no_excel_file_is_told(tmp_path):
    pytest.importorskip("openpyxl")
    with pytest.raises(ValueError, match="data.xlsx cannot be read: it is no Excel file"):
        read_table(put(tmp_path, "a,b\n1,2\n", "data.xlsx"))


@pytest.mark.parametrize("suffix", NEEDS)
def test_without_the_package_the_error_names_it(tmp_path, monkeypatch, suffix):
    if suffix == ".xlsx":
        monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr("skgan.datasets._files._parquet.find_spec", lambda name: None)
    package = {".xlsx": "openpyxl", ".parquet": "pyarrow"}[suffix]
    with pytest.raises(ImportError, match=f"python -m pip install {package}"):
        write_table(load_penguins(), tmp_path / f"new{suffix}")


# Parquet ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [
    pd.date_range("2024-01-01", periods=4, freq="D", unit="us", name="day"),
    pd.date_range("2024-01-01", periods=4, freq="D", unit="us"),
    pd.Index(["a", "b", "c", "d"], name="key"),
    pd.RangeIndex(4, name="row"),
    pd.RangeIndex(4),
    pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["key", None]),
])
def test_the_index_of_a_parquet_file_is_kept(tmp_path, index):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"x": [1, 2, 3, 4], "amount": ["$1.50", "$2.50", "", None]}, index=index)
    frame.to_parquet(tmp_path / "data.parquet")
    read = read_table(tmp_path / "data.parquet")
    assert read.index.equals(index) and read.index.names == index.names
    assert read["amount"].tolist()[:2] == [1.5, 2.5] and read.attrs["recognised"]["amount"].startswith("an amount")
    # As it was read, and as a sampler returns rows: with the index among the columns.
    flat = open_table(tmp_path / "data.parquet", How()).frame
    for rows in (read, flat):
        write_table(rows, tmp_path / "new.parquet", like=tmp_path / "data.parquet")
        new = pd.read_parquet(tmp_path / "new.parquet")
        assert new.index.equals(index) and new.index.names == index.names
        assert new["amount"].tolist()[:2] == ["$1.50", "$2.50"] and new["x"].tolist() == [1, 2, 3, 4]
    write_table(read, tmp_path / "new.csv")
    n_levels = 0 if index.name is None and isinstance(index, pd.RangeIndex) else index.nlevels
    assert (tmp_path / "new.csv").read_text().splitlines()[0].count(",") == 1 + n_levels


def test_an_index_that_is_lost_is_told(tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    frame.to_parquet(tmp_path / "data.parquet")
    with pytest.warns(UserWarning, match=r"the index of the file \('key'\) is not among the columns.*reset_index"):
        write_table(frame.reset_index(drop=True), tmp_path / "new.parquet", like=tmp_path / "data.parquet")


def test_columns_of_a_parquet_file_keep_their_dtypes(tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({
        "f": np.float32([0.5, 1.5]), "c": pd.Categorical(["u", "v"]), "s": ["00501", ""], "b": [True, False],
        "t": pd.to_datetime(["2024-01-02", "2024-03-04"]).tz_localize("UTC"),
    })
    frame.to_parquet(tmp_path / "data.parquet")
    read = read_table(tmp_path / "data.parquet")
    pd.testing.assert_frame_equal(read, pd.read_parquet(tmp_path / "data.parquet"))
    write_table(read, tmp_path / "new.parquet", like=tmp_path / "data.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "new.parquet"), read)


def test_an_excel_file_with_another_ending_is_named(tmp_path):
    write_table(pd.DataFrame({"a": [1, 2]}), tmp_path / "data.xlsx")
    (tmp_path / "data.xlsx").rename(tmp_path / "data.csv")
    with pytest.raises(ValueError, match="looks like an Excel file; name it .xlsx"):
        read_table(tmp_path / "data.csv")


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder '.*nowhere' to write 'new.csv' to; make it first"):
        write_table(pd.DataFrame({"a": [1, 2]}), tmp_path / "nowhere" / "new.csv")
