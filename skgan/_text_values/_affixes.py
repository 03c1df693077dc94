"""What stands before and after the digits of a number: signs, currencies, units."""

import re
from typing import NamedTuple

MINUS = ("-", "\u2212")
CURRENCY_SIGNS = "$€£¥₹₽₩₺₪₫฿₴₦₱₡₲₸₮₵₭₼₾¢"
CODES = """
    USD EUR GBP JPY CNY RMB CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY RUB UAH INR PKR BDT LKR IDR MYR SGD THB
    PHP VND KRW TWD HKD BRL MXN ARS CLP COP PEN ZAR NGN KES EGP MAD ILS SAR AED QAR KWD ISK BTC ETH
    Rs Rs. INR. kr kr. Kr Kr. Fr Fr. SFr SFr. zł Kč Ft lei RM Rp Rp. Euro euro EURO
""".split()
# A few letters and a sign, as in US$.
CURRENCY = re.compile(f"[A-Za-z]{{0,3}}[{CURRENCY_SIGNS}]")
UNIT = re.compile(rf"(?:[^\W\d_]|[%‰°/²³·^.\"′″{CURRENCY_SIGNS}])+(?<!\.\.)[23]?")
LONGEST_UNIT = 20


class Affix(NamedTuple):
    """The sign (-1, 0 without one, 1 for a plus) of a number, and what stands around it without signs and spaces."""

    sign: int
    before: str
    after: str


def affix_of(lead, tail):
    """What the texts before and after the digits say; None if they do not belong to a number."""
    before, after = ("".join(text.split()) for text in (lead, tail))
    signs = []
    if "(" in before and ")" in after:
        before, after = before.replace("(", "", 1), after.replace(")", "", 1)
        signs.append(-1)
    for sign, marks in ((-1, MINUS), (1, ("+",))):
        for mark in marks:
            signs += [sign] * before.count(mark)
            before = before.replace(mark, "")
    if after.endswith(MINUS):
        after = after[:-1]
        signs.append(-1)
    if len(signs) > 1 or not _may_lead(before) or not _may_follow(after):
        return None
    return Affix(signs[0] if signs else 0, before, after)


def _may_lead(before):
    return not before or is_currency(before)


def _may_follow(after):
    if not after:
        return True
    return len(after) <= LONGEST_UNIT and after != "." and bool(UNIT.fullmatch(after)) and after.strip(".") != ""


def is_currency(text):
    return text in CODES or bool(CURRENCY.fullmatch(text))


def with_minus(lead):
    """`lead` of positive numbers with a minus before anything but spaces."""
    bare = lead.replace("+", "")
    stripped = bare.lstrip()
    return bare[: len(bare) - len(stripped)] + "-" + stripped


def without_sign(lead, tail):
    """`lead` and `tail` of negative numbers without their sign."""
    for mark in (*MINUS, "(", ")", "+"):
        lead, tail = lead.replace(mark, ""), tail.replace(mark, "")
    return lead, tail
