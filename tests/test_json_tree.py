"""Python values to JSON and back: bit-equal, types kept, nothing but what the table of forms names."""

import copy
import datetime as dt
import json
import math
import uuid
import zoneinfo
from collections import OrderedDict, namedtuple
from decimal import Decimal
from enum import IntEnum

import numpy as np
import pandas as pd
import pytest
import torch

from skgan._json_tree import _BUILDERS, DEPTH, decode, encode
from skgan.exceptions import BrokenFileError

PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def through_json(tree):
    text = json.dumps(tree, allow_nan=False)
    return json.loads(text)


def round_trip(value):
    tree, arrays = encode(value)
    return decode(through_json(tree), [array.copy() for array in arrays])


def bits(tensor):
    return tensor.contiguous().view(-1).view(torch.uint8).tolist()


def assert_same(got, want):
    """Equal bit for bit, with the same types all the way down."""
    assert type(got) is type(want)
    if isinstance(want, dict):
        assert len(got) == len(want)
        for (got_key, got_item), (key, item) in zip(got.items(), want.items()):
            assert_same(got_key, key)
            assert_same(got_item, item)
    elif isinstance(want, list | tuple):
        assert len(got) == len(want)
        for got_item, item in zip(got, want):
            assert_same(got_item, item)
    elif isinstance(want, torch.Tensor):
        assert (got.dtype, got.shape, got.device.type) == (want.dtype, want.shape, "cpu")
        assert bits(got) == bits(want)
    elif isinstance(want, np.ndarray) and want.dtype == object:
        assert (got.dtype, got.shape) == (want.dtype, want.shape)
        assert_same(got.ravel().tolist(), want.ravel().tolist())
    elif isinstance(want, np.ndarray | np.generic):
        assert (got.dtype, got.shape) == (want.dtype, want.shape)
        assert got.tobytes() == want.tobytes()
    elif isinstance(want, float | complex):
        assert np.array(got).tobytes() == np.array(want).tobytes()
    elif isinstance(want, pd.Timestamp | pd.Timedelta):
        assert (got.unit, got.asm8) == (want.unit, want.asm8)
        assert str(getattr(got, "tz", None)) == str(getattr(want, "tz", None))
    elif isinstance(want, dt.datetime | dt.time):
        assert got.replace(tzinfo=None) == want.replace(tzinfo=None)
        assert (got.fold, got.tzinfo) == (want.fold, want.tzinfo)
    elif isinstance(want, Decimal):
        assert got.as_tuple() == want.as_tuple()
    else:
        assert got is want or got == want


LEAVES = [
    None, True, False, 0, 1, -1, 2**63 - 1, -(2**63), 2**63, -(2**200), 1 << 20_000,
    0.0, -0.0, 0.1, 1.0, 1e300, 5e-324, math.inf, -math.inf, math.nan, -math.nan,
    "", "a", "!tuple", "né 🙂", "\0", "\ud800", "\ud83d\ude42", b"", b"\x00\xff",
    1 + 2j, complex(math.nan, -0.0), Decimal("0.10"), Decimal("-Infinity"), Decimal("1E+999999"),
    uuid.UUID(int=2**127 + 1),
    dt.date(2020, 2, 29), dt.time(1, 2, 3, 4), dt.time(1, 2, tzinfo=dt.UTC), dt.timedelta(-1, 5, 7),
    dt.datetime(2020, 1, 1, 12, 30, 15, 123456), dt.datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=PARIS),
    dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.UTC, dt.timezone(dt.timedelta(hours=-3), "X"), PARIS,
    pd.Timestamp("2020-10-25 00:30:00.123456789", tz="UTC").tz_convert("Europe/Paris"),
    pd.Timestamp("1677-09-22"), pd.Timestamp("2020-01-01", tz="+05:30"), pd.Timestamp("2020").as_unit("s"),
    pd.Timedelta("1.5s"), pd.Timedelta("-3 days").as_unit("ms"), pd.Period("2020-03", "M"),
    pd.Interval(0, 1.5, "left"), pd.Interval(pd.Timestamp("2020"), pd.Timestamp("2021"), "both"),
    np.float64(0.1), np.float32(math.nan), np.float16(1), np.int64(3), np.uint8(255), np.bool_(True),
    np.complex64(1j), np.longdouble("0.1"), np.datetime64("NaT"), np.datetime64("2020-01-01T00:00", "m"),
    np.timedelta64(3, "D"), np.array(3.5), np.zeros((0, 3)), np.array([[True], [False]]),
    *(np.arange(4).astype(kind) for kind in "?bBhHiIlLqQefd"),
    np.array([], "M8[ns]"), np.array(["2020", "NaT"], "M8[s]"), np.array([1, 2], "m8[us]"),
    np.array(["a", "né"]), np.array([b"ab", b"c"]), np.array([1 + 2j]), np.arange(3, dtype=np.longdouble),
    np.array([1, "a", None, [2], (3,), np.arange(2), math.nan], dtype=object), np.empty((2, 0), object),
    np.array([(1, 2.5)], np.dtype([("count", "<u4"), ("value", "<f8")], align=True)),
    np.zeros(2, [("a", [("b", "i1", (2,))]), ("c", "S3")]),
    torch.arange(6.0).view(2, 3), torch.tensor(1), torch.zeros(0, 2), torch.tensor([True]),
    torch.tensor([1j]), torch.tensor([1, 2], dtype=torch.uint8), torch.tensor([-0.0], dtype=torch.half),
    torch.tensor([1.5, -0.0], dtype=torch.bfloat16), torch.tensor(3.0, dtype=torch.bfloat16),
]


@pytest.mark.parametrize("value", LEAVES, ids=lambda value: type(value).__name__)
def test_a_leaf_comes_back_the_same(value):
    assert_same(round_trip(value), value)


def random_tree(rng, depth):
    pick = rng.integers(0, 8 if depth else 4)
    children = [random_tree(rng, depth - 1) for _ in range(rng.integers(0, 4))] if pick >= 4 else []
    return {
        4: children,
        5: tuple(children),
        6: dict(zip("abcd", children)),
        7: dict(zip(["", "né 🙂", "\0"], children)),
    }.get(int(pick), LEAVES[rng.integers(len(LEAVES))])


@pytest.mark.parametrize("seed", range(100))
def test_a_tree_comes_back_the_same(seed):
    tree = random_tree(np.random.default_rng(seed), depth=6)
    assert_same(round_trip(tree), tree)


def test_the_deepest_tree_comes_back():
    for wrap in (lambda tree: [tree], lambda tree: (tree,), lambda tree: {"a": tree}):
        tree = "leaf"
        for _ in range(DEPTH):
            tree = wrap(tree)
        assert_same(round_trip(tree), tree)
        with pytest.raises(ValueError, match="levels"):
            encode(wrap(tree))


def test_what_changes_its_type():
    assert_same(round_trip(np.str_("a")), "a")
    assert_same(round_trip(np.bytes_(b"b")), b"b")
    assert_same(round_trip(OrderedDict(b=1, a=2)), {"b": 1, "a": 2})
    parameter = round_trip(torch.nn.Parameter(torch.ones(2)))
    assert type(parameter) is torch.Tensor and not parameter.requires_grad


@pytest.mark.parametrize("array", [
    np.arange(6, dtype=">f8").reshape(2, 3), np.arange(6).astype(">M8[s]"), np.arange(12.0)[::-2],
    np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12).astype("m8[s]")[::3],
    np.arange(6).reshape(2, 3).T,
], ids=str)
def test_layout_and_byte_order_are_made_plain(array):
    got = round_trip({"a": array})["a"]
    np.testing.assert_array_equal(got, array)
    assert got.flags.c_contiguous and got.dtype.isnative and got.dtype == array.dtype.newbyteorder("=")


@pytest.mark.parametrize("tensor", [
    torch.arange(6.0).view(2, 3).T, torch.arange(6.0)[::2], torch.ones(1).expand(3),
    torch.tensor([1j]).conj(), torch.tensor([1j]).conj().imag, torch.ones(2, requires_grad=True) * 2,
], ids=str)
def test_any_dense_tensor(tensor):
    got = round_trip(tensor)
    assert torch.equal(got, tensor) and not got.requires_grad and got.is_contiguous()


def test_a_large_array_is_not_copied():
    array = np.arange(1000.0)
    _, arrays = encode({"a": array})
    assert np.shares_memory(arrays[0], array)


def test_the_tree_is_left_alone():
    tree = {"a": [1, {"b": (np.arange(3), math.nan)}], "c": [torch.ones(2)]}
    before = copy.deepcopy(tree)
    encode(tree)
    assert_same(tree, before)


def test_a_value_used_twice_comes_back_as_two():
    shared = np.arange(3)
    first, second = round_trip([shared, shared])
    first[0] = 7
    assert second[0] == 0


class Word(IntEnum):
    ONE = 1


class Text(str):
    pass


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize("value", [
    object(), int, len, lambda: 0, Ellipsis, {1}, frozenset(), range(3), bytearray(b"a"), memoryview(b"a"),
    Word.ONE, Text("a"), Point(1, 2), pd.Series([1]), pd.DataFrame(), pd.Index([1]), pd.CategoricalDtype(),
    np.random.RandomState(0), np.random.default_rng(0), torch.Generator(), torch.nn.Linear(1, 1),
    np.dtype("f8"), torch.float32, np.ma.array([1]), np.rec.array([(1,)]), torch.eye(2).to_sparse(),
    np.array([object()]), np.array([len], dtype=object), np.zeros(2, [("a", object)]), np.zeros(2, "V0"),
    torch.zeros(2, dtype=torch.float8_e5m2),
], ids=lambda value: type(value).__name__)
def test_what_a_file_cannot_hold_is_named_with_its_place(value):
    with pytest.raises(TypeError, match=r"^state\['encoder'\]\[2\]\['a'\].* (cannot|can't) "):
        encode({"state": {"encoder": [0, 1, {"a": value}]}})


@pytest.mark.parametrize("key", [1, None, (1,), "!tuple", "\ud800", np.str_("a")], ids=ascii)
def test_a_key_is_plain_text(key):
    with pytest.raises(TypeError, match=r"^state\[0\] has the key .*, which a file cannot hold"):
        encode({"state": [{key: 1}]})


def test_a_tree_that_holds_itself():
    tree = {"a": []}
    tree["a"].append(tree)
    with pytest.raises(ValueError, match="more than 64 levels"):
        encode(tree)


def test_what_is_alone_is_named_too():
    with pytest.raises(TypeError, match="^the value is of type builtins.object"):
        encode(object())


def bomb(levels, wrap):
    tree = 0
    for _ in range(levels):
        tree = wrap(tree)
    return tree


U8, F8 = np.zeros(8, np.uint8), np.zeros(3)
HOSTILE = {
    "unknown mark": ({"!os.system": ["true"]}, []),
    "unknown mark without parts": ({"!": 1}, []),
    "two marks": ({"!tuple": [], "!decimal": ["1"]}, []),
    "mark and more": ({"!tuple": [], "a": 1}, []),
    "parts are no list": ({"!tuple": "ab"}, []),
    "array absent": ({"!array": 0}, []),
    "array of a negative place": ({"!array": -1}, [F8]),
    "array at True": ([{"!array": 0}, {"!array": True}], [F8, F8]),
    "array at 0.0": ({"!array": 0.0}, [F8]),
    "array used twice": ([{"!array": 0}, {"!array": 0}], [F8]),
    "array never used": ([], [F8]),
    "list nested": (bomb(200, lambda tree: [tree]), []),
    "tuple nested": (bomb(200, lambda tree: {"!tuple": [tree]}), []),
    "dict nested": (bomb(200, lambda tree: {"a": tree}), []),
    "view of a huge shape": ({"!view": ["<M8[ns]", [2**40], {"!array": 0}]}, [U8]),
    "view of an overflowing shape": ({"!view": ["<M8[ns]", [2**63, 2**63], {"!array": 0}]}, [U8]),
    "view of a negative shape": ({"!view": ["<M8[ns]", [-1, -1], {"!array": 0}]}, [U8]),
    "view of a fractional shape": ({"!view": ["<M8[ns]", [1.0], {"!array": 0}]}, [U8]),
    "view as objects": ({"!view": ["|O", [1], {"!array": 0}]}, [U8]),
    "view as objects in a record": ({"!view": [[{"!tuple": ["a", "|O"]}], [1], {"!array": 0}]}, [U8]),
    "view as nothing wide": ({"!view": ["|V0", [2**60], {"!array": 0}]}, [U8[:0]]),
    "view as a huge text": ({"!view": ["<U2000000000", [1], {"!array": 0}]}, [U8]),
    "view as an unknown dtype": ({"!view": ["os", [1], {"!array": 0}]}, [U8]),
    "view as a number": ({"!view": [5, [1], {"!array": 0}]}, [U8]),
    "view of floats": ({"!view": ["<M8[ns]", [3], {"!array": 0}]}, [F8]),
    "view of a word": ({"!view": ["<M8[ns]", [1], "12345678"]}, []),
    "objects of a huge shape": ({"!view": ["object", [2**40], []]}, []),
    "objects of a wrong shape": ({"!view": ["object", [3, 2], [1, 2, 3]]}, []),
    "objects of a negative shape": ({"!view": ["object", [-1, -3], [1, 2, 3]]}, []),
    "scalar without bytes": ({"!scalar": ["<f8", ""]}, []),
    "scalar of two": ({"!scalar": ["<f8", "00" * 16]}, []),
    "scalar object": ({"!scalar": ["|O", "00" * 8]}, []),
    "scalar of no hex": ({"!scalar": ["<f8", "zz"]}, []),
    "tensor of a size": ({"!tensor": [10**12, False]}, []),
    "tensor of records": ({"!tensor": [{"!view": ["<M8[ns]", [1], {"!array": 0}]}, False]}, [U8]),
    "brain of three bytes": ({"!tensor": [{"!array": 0}, True]}, [np.zeros(3, np.uint8)]),
    "bytes of a size": ({"!bytes": [10**12]}, []),
    "float of a word": ({"!float": ["inf"]}, []),
    "int of no hex": ({"!int": ["ten"]}, []),
    "int of an int": ({"!int": [5]}, []),
    "date impossible": ({"!date": ["2020-02-30"]}, []),
    "delta too large": ({"!timedelta": [10**12, 0, 0]}, []),
    "decimal of no number": ({"!decimal": ["many"]}, []),
    "UUID too short": ({"!uuid": ["12"]}, []),
    "zone unknown": ({"!zone": ["Mars/Base"]}, []),
    "zone outside its folder": ({"!zone": ["../../../../etc/passwd"]}, []),
    "zone absolute": ({"!zone": ["/etc/localtime"]}, []),
    "zone of pytz unknown": ({"!pytz": ["Mars/Base"]}, []),
    "Timestamp of no unit": ({"!Timestamp": [1, "parsec", None]}, []),
    "Timestamp beyond its range": ({"!Timestamp": [2**70, "ns", None]}, []),
    "Timestamp of an unknown zone": ({"!Timestamp": [1, "ns", "Mars/Base"]}, []),
    "Period of no frequency": ({"!Period": [1, "parsec"]}, []),
    "Interval backwards": ({"!Interval": [1, 0, "left"]}, []),
    "too many parts": ({"!date": ["2020-02-20", 1]}, []),
}


@pytest.mark.parametrize("tree, arrays", HOSTILE.values(), ids=HOSTILE)
def test_what_encode_cannot_have_made_is_refused(tree, arrays):
    with pytest.raises(BrokenFileError):
        decode(tree, arrays)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mark", _BUILDERS)
def test_random_parts_raise_nothing_else(mark):
    rng = np.random.default_rng(0)
    words = [0, -1, 10**9, 2**64, 0.5, "", "a", "ns", "UTC", "<f8", "00", None, True, [], [1], [[]], {}]
    refused = 0
    for _ in range(300):
        parts = [words[i] for i in rng.integers(0, len(words), rng.integers(0, 4))]
        try:
            decode({mark: parts}, [])
        except BrokenFileError:
            refused += 1
    # Any list is a tuple's; few random parts are what encode could have made of anything else.
    assert refused == 0 if mark == "!tuple" else refused > 150
