"""Convert a tree of Python values to a tree that JSON holds exactly and a list of arrays, and back.

A value that JSON cannot hold is written as an object with one marked key, ``{"!tuple": [1, 2]}``: the mark names an
entry of ``_FORMS``, and the list holds the parts from which that entry builds the value. An array is written as its
position in the list of arrays: ``{"!array": 0}``.

There is a mark for each type that a saved sampler can hold in its fitted state, among its categories, as the name of a
column or as a parameter.
"""

from __future__ import annotations

import datetime
import decimal
import math
import uuid
import zoneinfo
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.lib.format import descr_to_dtype, dtype_to_descr

from skgan.exceptions import BrokenFileError

# A deeper tree is a cycle, or an attack on the reader's recursion.
DEPTH = 64

_KEPT_ARRAYS = {f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)} | {"b1", "f2", "f4", "f8"}
_NOT_OURS = "skgan.save did not write this; do not trust the file"


def encode(tree):
    """Split a tree of Python values into a tree that JSON holds exactly and a list of arrays.

    Parameters
    ----------
    tree : object
        Dicts with str keys, lists and tuples of: None, bool, int, float, complex, Decimal, UUID, str, bytes; date,
        time, datetime, timedelta, time zones; NumPy scalars and arrays of any shape and dtype (an object array
        holds values of this list); dense torch tensors; pandas Timestamp, Timedelta, Period and Interval.

    Returns
    -------
    tree : object
        Dicts with str keys, lists, str, int, finite float, bool and None.
    arrays : list of ndarray
        Boolean, integer or float, C-contiguous and of native byte order. They share the memory of the tree's
        own arrays if those already have this form.

    Raises
    ------
    TypeError
        If the tree holds a value of any other type; the message names its position.
    ValueError
        If the tree has more than 64 levels.

    Examples
    --------
    >>> import numpy as np
    >>> encode({"bounds": (0, 2.5), "knots": np.arange(3.0)})
    ({'bounds': {'!tuple': [0, 2.5]}, 'knots': {'!array': 0}}, [array([0., 1., 2.])])
    """
    arrays = []
    return _encode(tree, (), arrays), arrays


def decode(tree, arrays):
    """Build a tree of Python values again; the reverse of `encode`, bit for bit.

    Tensors are returned on the CPU and without gradients, a ``numpy.str_`` as a str, an OrderedDict as a dict.

    Parameters
    ----------
    tree : object
        As `encode` returns it.
    arrays : list of ndarray
        As `encode` returns it. The arrays become part of the result.

    Returns
    -------
    object

    Raises
    ------
    BrokenFileError
        If `encode` cannot have made this tree: it has unknown marks, invalid parts, too many levels, or arrays that
        are missing, used twice or unused.

    Examples
    --------
    >>> decode({"!tuple": [1, {"!decimal": ["0.10"]}]}, [])
    (1, Decimal('0.10'))
    """
    unused = dict(enumerate(arrays))
    value = _decode(tree, 0, unused)
    if unused:
        raise BrokenFileError(f"{len(unused)} of its arrays belong to no value; {_NOT_OURS}")
    return value


def _encode(value, place, arrays):
    if len(place) > DEPTH:
        raise ValueError(
            f"{_name(place[:4])}... has more than {DEPTH} levels of containers, more than a file may "
            "hold; use fewer, and nothing that holds itself."
        )
    if type(value) is np.str_:
        value = str(value)
    kind = type(value)
    if kind in _KEPT_BY_JSON and _KEPT_BY_JSON[kind](value):
        return value
    if kind is list:
        return [_encode(item, (*place, i), arrays) for i, item in enumerate(value)]
    if kind in (dict, OrderedDict):
        strange = [key for key in value if type(key) is not str or not _is_utf8(key) or key.startswith("!")]
        if strange:
            raise TypeError(f"{_name(place)} has the key {strange[0]!r}, which a file cannot hold; use plain text.")
        return {key: _encode(item, (*place, key), arrays) for key, item in value.items()}
    if kind is np.ndarray and value.dtype.str[1:] in _KEPT_ARRAYS:
        arrays.append(np.asarray(value, value.dtype.newbyteorder("="), order="C"))
        return {"!array": len(arrays) - 1}
    form = _form_of(value)
    if form is None:
        raise TypeError(
            f"{_name(place)} is of type {kind.__module__}.{kind.__qualname__}, which a file without pickle "
            "cannot hold; use plain Python values, NumPy arrays or tensors there."
        )
    try:
        parts = form.parts(value)
    except TypeError as error:
        raise TypeError(f"{_name(place)} cannot be saved: {error}.") from None
    return {form.mark: [_encode(part, (*place, i), arrays) for i, part in enumerate(parts)]}


def _decode(value, depth, unused):
    if depth > DEPTH:
        raise BrokenFileError(f"it has more than {DEPTH} levels of containers; {_NOT_OURS}")
    if isinstance(value, list):
        return [_decode(item, depth + 1, unused) for item in value]
    if not isinstance(value, dict):
        return value
    mark = next(iter(value), "")
    if not mark.startswith("!"):
        return {key: _decode(item, depth + 1, unused) for key, item in value.items()}
    parts = value[mark]
    if mark == "!array" and type(parts) is int and parts in unused:
        return unused.pop(parts)
    if len(value) > 1 or mark not in _BUILDERS or not isinstance(parts, list):
        raise BrokenFileError(f"it holds {str(value)[:60]!r}, which means nothing; {_NOT_OURS}")
    parts = [_decode(part, depth + 1, unused) for part in parts]
    try:
        return _BUILDERS[mark](*parts)
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise BrokenFileError(f"the parts of a {mark[1:]} in it do not fit ({error}); {_NOT_OURS}") from error


def _name(place):
    """``state['knots'][3]`` for the place ("state", "knots", 3)."""
    return "".join([str(place[0]), *(f"[{key!r}]" for key in place[1:])]) if place else "the value"


def _is_utf8(text):
    # A lone surrogate has no UTF-8, and JSON would read two of them back as one other character.
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


_KEPT_BY_JSON = {
    type(None): lambda _: True,
    bool: lambda _: True,
    int: lambda number: -(2**63) <= number < 2**63,
    float: math.isfinite,
    str: _is_utf8,
}


def _checked(dtype):
    if dtype.hasobject or dtype.kind not in "biufcmMSUV" or dtype.itemsize == 0:
        raise TypeError(f"a file cannot hold the dtype {dtype}")
    return dtype


def _array_parts(array):
    if array.dtype == object:
        return "object", list(array.shape), array.ravel().tolist()
    array = np.asarray(array, _checked(array.dtype).newbyteorder("="), order="C")
    return dtype_to_descr(array.dtype), list(array.shape), array.reshape(-1).view(np.uint8)


def _array(descr, shape, content):
    size = math.prod(shape)
    if descr == "object" and size == len(content):
        return np.fromiter(content, object, size).reshape(shape)
    dtype = _checked(descr_to_dtype(descr))
    if content.dtype != np.uint8 or content.nbytes != size * dtype.itemsize:
        raise ValueError(f"{content.nbytes} bytes for the shape {shape}")
    return np.ndarray(shape, dtype, buffer=content)


def _scalar_parts(scalar):
    return dtype_to_descr(_checked(scalar.dtype)), scalar.tobytes().hex()


def _scalar(descr, content):
    (scalar,) = np.frombuffer(bytes.fromhex(content), _checked(descr_to_dtype(descr)))
    return scalar


def _tensor_parts(tensor):
    if tensor.layout != torch.strided or tensor.is_quantized:
        raise TypeError(f"a file cannot hold a tensor of the layout {tensor.layout} and dtype {tensor.dtype}")
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous()
    # NumPy has no bfloat16, so that its bits are stored as int16.
    is_brain = tensor.dtype == torch.bfloat16
    return (tensor.view(torch.int16) if is_brain else tensor).numpy(), is_brain


def _tensor(array, is_brain):
    # Copied to aligned memory: the rounding of a matrix product can depend on the alignment of its operands.
    tensor = torch.from_numpy(array).clone()
    return tensor.view(torch.bfloat16) if is_brain else tensor


def _clock_parts(clock):
    if hasattr(clock.tzinfo, "localize"):
        raise TypeError("a file holds a time with a zone of pytz only as a pandas Timestamp; use zoneinfo")
    return clock.replace(tzinfo=None, fold=0).isoformat(), clock.tzinfo, clock.fold


def _timestamp(count, unit, zone):
    moment = pd.Timestamp(np.datetime64(count, unit))
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)


def _pytz(name):
    try:
        import pytz
    except ImportError:
        return zoneinfo.ZoneInfo(name)
    return pytz.timezone(name)


class _Form(NamedTuple):
    """How a value of one of `types` is split into parts, ``parts(value)``, and built from them, ``build(*parts)``."""

    mark: str
    types: tuple
    parts: Callable
    build: Callable


_FORMS = (
    _Form("!int", (int,), lambda number: [hex(number)], lambda digits: int(digits, 16)),
    _Form("!float", (float,), lambda number: [np.float64(number).tobytes().hex()],
          lambda digits: float(_scalar("<f8", digits))),
    _Form("!str", (str,), lambda s: [s.encode("utf-8", "surrogatepass").hex()],
          lambda digits: bytes.fromhex(digits).decode("utf-8", "surrogatepass")),
    _Form("!bytes", (bytes, np.bytes_), lambda b: [np.frombuffer(b, np.uint8)],
          lambda array: array.tobytes()),
    _Form("!complex", (complex,), lambda z: [z.real, z.imag], complex),
    _Form("!tuple", (tuple,), list, lambda *items: items),
    _Form("!decimal", (decimal.Decimal,), lambda d: [str(d)], decimal.Decimal),
    _Form("!uuid", (uuid.UUID,), lambda u: [u.hex], uuid.UUID),
    _Form("!date", (datetime.date,), lambda d: [d.isoformat()], datetime.date.fromisoformat),
    _Form("!time", (datetime.time,), _clock_parts,
          lambda text, zone, fold: datetime.time.fromisoformat(text).replace(tzinfo=zone, fold=fold)),
    _Form("!datetime", (datetime.datetime,), _clock_parts,
          lambda text, zone, fold: datetime.datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)),
    _Form("!timedelta", (datetime.timedelta,), lambda d: [d.days, d.seconds, d.microseconds],
          datetime.timedelta),
    _Form("!offset", (datetime.timezone,), lambda zone: zone.__getinitargs__(), datetime.timezone),
    _Form("!zone", (zoneinfo.ZoneInfo,), lambda zone: [str(zone.key)], zoneinfo.ZoneInfo),
    _Form("!view", (np.ndarray,), _array_parts, _array),
    _Form("!scalar", tuple({*np.sctypeDict.values()} - {np.str_, np.bytes_}), _scalar_parts, _scalar),
    _Form("!tensor", (torch.Tensor, torch.nn.Parameter), _tensor_parts, _tensor),
    _Form("!Timestamp", (pd.Timestamp,), lambda t: [int(t.asm8.astype("i8")), t.unit, t.tz], _timestamp),
    _Form("!Timedelta", (pd.Timedelta,), lambda d: [int(d.asm8.astype("i8")), d.unit],
          lambda count, unit: pd.Timedelta(np.timedelta64(count, unit))),
    _Form("!Period", (pd.Period,), lambda p: [p.ordinal, p.freqstr],
          lambda ordinal, freq: pd.Period(ordinal=ordinal, freq=freq)),
    _Form("!Interval", (pd.Interval,), lambda i: [i.left, i.right, i.closed], pd.Interval),
)
_PYTZ = _Form("!pytz", (), lambda zone: [zone.zone], _pytz)  # each zone of pytz has its own class


_FORM_OF = {kind: form for form in _FORMS for kind in form.types}
_BUILDERS = {form.mark: form.build for form in (*_FORMS, _PYTZ)}


def _form_of(value):
    is_pytz = isinstance(value, datetime.tzinfo) and getattr(value, "zone", None)
    return _PYTZ if is_pytz else _FORM_OF.get(type(value))
