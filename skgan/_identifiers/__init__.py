"""Find columns of identifiers and of free text, and generate identifiers anew.

An identifier (a customer number, a UUID, an e-mail address, a person's name) says which row it is and nothing else
about the row. A generator that learns such a column learns the training rows themselves. So it is found here, to be
left out of training and generated anew: distinct, never a training value, and independent of all other columns.

Which columns are identifiers
-----------------------------
A column must be nearly unique: all values distinct, or with 50 rows or more 99 % of whole numbers and 95 % of texts.
Each pattern needs 95 % of the values; the first that applies decides. Whoever replaces a quantity destroys it: so
`Identifier.certain` is False where a quantity can look like that, and callers should then only warn. If the name of
the column says identifier (``id``, ``customer_id``), the column is certain.

The fewest rows: 1 for UUIDs, e-mail addresses, URLs and MAC addresses; 5 if the name of the column says identifier or
person; 10 for anything else. `identifiers_of` leaves out what is not certain, and whole numbers whose name does not say
identifier, in tables of fewer than 50 rows.

======================================================================================  ==============================
whole numbers, also as floats                                                           certain
======================================================================================  ==============================
written dates, such as 20240131                                                         (not an identifier)
0, 1, 2, ... or 1, 2, 3, ... in the order of the rows                                   yes
50 rows or more, any order: counting (95 % of the sorted steps are 1, or half of the    yes, but not years (1500
numbers between the smallest and the largest occur)                                     to 2100)
50 rows or more: a fifth of these numbers occurs                                        (only by the column's name)
10 to 49 rows: counting, in ascending order                                             no
50 rows or more: constant step above 1, as times or depths have                         no
50 rows or more: uniform over all numbers of at least 6 digits, or of 31, 32, 53, 63    from 200 rows and 8 digits, or
or 64 bits                                                                              if repeats were expected; not
                                                                                        in ascending order
any other                                                                               (only by the column's name)
======================================================================================  ==============================

======================================================================================  ==============================
texts                                                                                   certain
======================================================================================  ==============================
dates, times, decimals, amounts, numbers with a unit, coordinates, sizes, colours       (not an identifier)
UUIDs (also as objects), e-mail addresses, URLs, MAC and IP addresses                   yes
"First Last": a fifth has common first names, half have titles (Mr., Dr.), or the       yes
column's name says persons
the same text before and after numbers that count                                       yes, if there is a letter
                                                                                        before; else as whole numbers
phone numbers: with "+", "(", a leading 0, or as 555-123-4567                           yes
digits only                                                                             as whole numbers; from 12
                                                                                        digits on, but not times
fixed kinds of characters at each position                                              with a letter and 3 changing
                                                                                        digits, with 8 digits, or if
                                                                                        repeats were expected
tokens: 8 or more letters and digits mixed, without spaces                              yes
other short texts, 50 rows or more ("unique texts")                                     no
======================================================================================  ==============================

"Repeats were expected" means: that many independent, uniform draws from the pattern would have at least 10 repeats,
and the column has less than a tenth of them. Quantities repeat by chance; identifiers are given out without
repeating.

A column whose name says quantity (``age``, ``year``, ``price``, ``zip``) is never certain.

What is generated
-----------------
Sequences continue above their largest number. Everything else is drawn at random. A pattern with `size` possible
values is drawn from ``2 * size`` times; then it gets one more digit (or position, or syllable), and so on. So any
number of values can be had, and the first k of n values are those of a call for k. IP addresses first leave their
ranges instead.

Free text
---------
At least half of the values are distinct (of fewer than 10, all), and their median has 4 words, or 25 characters in
several words; and they are neither times, amounts nor certainly identifiers.
"""

from ._columns import free_texts_of, identifiers_of
from ._find import declared_identifier, find_identifier
from ._free_text import is_free_text
from ._hints import names_postcodes
from ._identifier import Identifier

__all__ = [
    "Identifier",
    "declared_identifier",
    "find_identifier",
    "free_texts_of",
    "identifiers_of",
    "is_free_text",
    "names_postcodes",
]
