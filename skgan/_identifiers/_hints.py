"""What the name of a column says about its values."""

import re

# The last word of a name, or its first where that is one of `LEADING`.
IDENTIFIERS = set(
    "id ids uid uuid guid oid pid ssn iban isbn imei vin email mail phone telephone mobile fax url ip mac hash token "
    "passport serial barcode username login".split()
)
LEADING = {"id", "uuid", "guid"}
# As the last of several words.
NUMBERS = {"no", "nr", "number", "num", "key"}
# Anywhere in a name: the values mean something.
QUANTITIES = set(
    "age year years month week day days hour minute second date time timestamp rank level score count amount price "
    "cost income salary revenue sales population temperature depth distance height weight size area latitude "
    "longitude zip zipcode postcode postal plz".split()
)
POSTCODES = {"zip", "zipcode", "postcode", "postcodes", "postal", "plz", "postleitzahl", "eircode"}
# Only as the whole name: a cap is a limit, too.
SHORT_POSTCODES = {"cp", "cap"}
PERSONS = set(
    "fullname person patient employee author passenger student client owner contact teacher doctor customer firstname "
    "lastname surname".split()
)
FULL_NAMES = ({"full", "name"}, {"first", "name"}, {"last", "name"})
RUN_TOGETHER = re.compile(
    r"(user|customer|client|patient|passenger|order|account|employee|product|person|member|transaction|session|row|case"
    r"|student|device|invoice|record|sample|subject)(id|no|nr)"
)


def words_of(name):
    """The words of a name in lower case: ["customer", "id"] of "customerID", "Customer-Id" or "customer_id"."""
    if not isinstance(name, str):
        return []
    name = re.sub(r"(?i)\be[-_ ]?mail\b", "email", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return re.findall(r"[a-z]+", name.lower())


def hint_of(name):
    """ "identifier", "quantity", "persons" or None, by a column's name (any object; only text says something)."""
    words = words_of(name)
    if not words:
        return None
    if not QUANTITIES.isdisjoint(words):
        return "quantity"
    if words[-1] in IDENTIFIERS or words[0] in LEADING or RUN_TOGETHER.fullmatch(words[-1]):
        return "identifier"
    if len(words) > 1 and words[-1] in NUMBERS:
        return "identifier"
    if words[-1] in PERSONS or any(full <= set(words) for full in FULL_NAMES):
        return "persons"
    if len(words) > 1 and words[-1] == "name" and words[-2] in PERSONS:
        return "persons"
    return None


def names_postcodes(name):
    """Whether a column is named as one of postcodes."""
    words = words_of(name)
    return not POSTCODES.isdisjoint(words) or (len(words) == 1 and words[0] in SHORT_POSTCODES)
