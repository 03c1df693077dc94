"""Columns of text that hold numbers or times: read their values, and write values back in the column's own style.

`find_style` looks at the whole column, and returns a `Style` if at least 95 % of its texts follow one and are written
back exactly alike (1 % of these may differ in style, but not in value). The others are its `exceptions`. Words for a
missing value ("n/a", "-", "unknown", blank texts) are exceptions too, but do not count, however many there are. If the
column is text, it returns None.

| what | read as | examples |
|---|---|---|
| amounts | float | ``$1,234.50``, ``1.234,50 EUR``, ``€ 12``, ``-$5.00``, ``$-5.00``, ``($300.00)``, ``Rs.500`` |
| marked numbers | float | ``1,234``, ``1'234.5``, ``1 234,5``, ``1,23,456``, ``(300)``, ``300-``, ``+5``, ``05.50`` |
| units | float | ``12 kg``, ``98.6°F``, ``40 km/h``, ``12 m2``, ``36 months``, ``1 mile`` and ``5 miles`` |
| percentages | float: 12.5 | ``12.5%``, ``12,5 %`` |
| plain numbers | float | ``12``, ``69.20``, ``.25``, ``1.5e-03``, ``1e-05`` among ``0.1``, numbers padded with spaces |
| dates | datetime64 | ``03/25/2024``, ``25.3.24``, ``2024-03-25``, ``20240325``, ``March 5th, 2024``, ``5. Mai 2024`` |
| months, quarters | datetime64 | ``2024-03``, ``03/2024``, ``Mar 2024``, ``Q1 2024``, ``2024-Q1``, ``2024Q1`` |
| date-times | datetime64 | ``2024-03-25T14:05:00.123Z``, ``3/25/2024 2:05 PM``, ``Mon, 25 Mar 2024 14:05:00 +0100`` |
| times of day | seconds | ``14:05``, ``2:05 p.m.``, ``14:05:30.5`` |
| durations | seconds | ``1:23:45``, ``36:15``, ``3 days 04:05:06``, ``90 min``, ``2h 15m``, ``1 hour 5 minutes`` |
| durations of ISO 8601 | seconds | ``PT1H30M``, ``P3D``, ``P1DT2H``, ``PT0.5S``, ``P2W`` |
| powers of a thousand | float: 1200 | ``1.2K``, ``$3M`` and ``$1.5B``, ``950`` and ``12.5K``, ``1,2 k`` |

Words of months and weekdays may be English, German, French or Spanish.

These stay text: yes and no in all spellings; digits with leading zeros (codes, postcodes); more than 15 digits;
telephone numbers (seven digits or more that all have a plus, or are all grouped by spaces and equally long); 1E05 where
no number has a point or a sign of the exponent; more than one currency or unit; anything else with letters or digits
around a number (A12, <=50K, 18-24, 10+).

What a column leaves open:

- ``1,234`` is a thousand, unless the column holds a number that it cannot be (``12,5``, ``0,123``). ``1.234`` is a
  fraction, unless the column is money, or holds whole numbers below 1000 and fractions that end in 0 (``12.500``).
- ``03/05/2024`` starts with the month, and with other separators and the year last, with the day. The style is then
  `ambiguous`, and `day_first` decides. ``24-03-05`` starts with the day, unless the column holds an impossible one.
- Two-digit years are those from 1969 to 2068.
- One offset from UTC: values are the times as written. Several: they are in UTC, and are written with the most frequent
  offset, so that these texts alone are written back as another text of the same moment.
- ``1:23:45`` is a duration where hours have no leading zero and none is as late as noon; ``36:15`` is in hours and
  minutes.
- ``1.2M`` is a number with the unit M where no other letter is there. K, M, B and T are powers of a thousand where they
  follow each other and some number has decimals or three digits.
- Decimals are as many as in the column: fixed if all texts have equally many; otherwise trailing zeros are left out
  down to the fewest decimals in the column, or (``$5``, ``$5.50``) whole numbers have none.
- A minus of negative numbers, where the column has none, is written first (``-$5.00``).
"""

from ._find import find_style, style_from_state
from ._missing_words import is_missing_word
from ._style import Parsed, Style, series

__all__ = ["Parsed", "Style", "find_style", "is_missing_word", "series", "style_from_state"]
