"""UUIDs, MAC and IP addresses, URLs: their patterns and makers."""

import re

import numpy as np

from skgan._state import Array, Flag, Text, demand

from ._draw import RandomMaker
from ._layouts import LOWER_HEX, UPPER_HEX, Layouts, alphabet
from ._words import DOMAINS, commonest, n_words, words_at

HEX = r"[0-9a-fA-F]"
UUID = re.compile(rf"(urn:uuid:)?\{{?{HEX}{{8}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{4}}-?{HEX}{{12}}\}}?")
MAC = re.compile(rf"{HEX}{{2}}([:-]){HEX}{{2}}(\1{HEX}{{2}}){{4}}|{HEX}{{4}}\.{HEX}{{4}}\.{HEX}{{4}}")
OCTET = r"(25[0-5]|2[0-4]\d|1?\d?\d)"
IPV4 = re.compile(rf"{OCTET}(\.{OCTET}){{3}}")
IPV6 = re.compile(rf"(?=.*:.*:)({HEX}{{0,4}}:){{2,7}}{HEX}{{0,4}}")
URL = re.compile(r"((https?|ftp)://|www\.)\S+\.\S+", re.IGNORECASE)
PARTS = re.compile(r"((?:https?|ftp)://)?(www\.)?[^/]*(/.+)?", re.IGNORECASE)


def _hex_of(texts):
    joined = "".join(texts)
    return UPPER_HEX if re.search("[A-F]", joined) and not re.search("[a-f]", joined) else LOWER_HEX


def _of_commonest_length(texts, pattern):
    texts = [text for text in texts if pattern.fullmatch(text)]
    length = commonest(map(len, texts))
    return [text for text in texts if len(text) == length]


def uuid_maker(texts):
    """New UUIDs: version, variant, hyphens, braces and case stay; all other digits are random."""
    texts = _of_commonest_length(texts, UUID)
    digits = _hex_of(text.removeprefix("urn:uuid:") for text in texts)
    layout, n_digits = [], 0
    start = len("urn:uuid:") if texts[0].startswith("urn:uuid:") else 0
    for j, character in enumerate(texts[0]):
        is_digit = j >= start and character in LOWER_HEX + UPPER_HEX
        keeps = n_digits in (12, 16)  # version and variant
        layout.append(character if not is_digit else alphabet({text[j] for text in texts}) if keeps else digits)
        n_digits += is_digit
    return Layouts([layout], [1], "UUIDs")


def mac_maker(texts):
    """New MAC addresses: separators and case stay, and so does a manufacturer that all have."""
    texts = _of_commonest_length(texts, MAC)
    digits = _hex_of(texts)
    seen = [set(column) for column in zip(*texts)]
    keeps = all(len(each) == 1 for each in seen[:8]) and any(len(each) > 1 for each in seen)
    layout = [
        digits if next(iter(each)) in LOWER_HEX + UPPER_HEX and not (keeps and j < 8) else "".join(sorted(each))
        for j, each in enumerate(seen)
    ]
    return Layouts([layout], [1], "MAC addresses")


def ipv6_maker(texts):
    """New IPv6 addresses, with all eight groups of four digits; the case stays."""
    digits = _hex_of(texts)
    layout = [":" if j % 5 == 4 else digits for j in range(39)]
    return Layouts([layout], [1], "IP addresses")


class IPAddresses(RandomMaker):
    """IPv4 addresses with each number between the smallest and largest at its place; when used up, of all numbers."""

    STATE = {"low": Array("i", (4,), 0, 255), "high": Array("i", (4,), 0, 255)}
    name = "IP addresses"

    def __init__(self, texts):
        numbers = np.array([text.split(".") for text in texts if IPV4.fullmatch(text)], dtype=np.int64)
        self.low, self.high = numbers.min(axis=0), numbers.max(axis=0)

    def complete(self):
        demand((self.low <= self.high).all(), "low", "be at most high")

    def size(self, stage):
        low, high = self._range(stage)
        return int(np.prod(high - low + 1))

    def draw(self, stage, n, rng):
        numbers = rng.integers(*self._range(stage), (n, 4), endpoint=True)
        return [".".join(map(str, row)) for row in numbers.tolist()]

    def _range(self, stage):
        """All numbers at the last `stage` places."""
        is_free = np.arange(4) >= 4 - stage
        return np.where(is_free, 0, self.low), np.where(is_free, 255, self.high)


class Urls(RandomMaker):
    """URLs at reserved domains with a path of made-up words; scheme and "www." as most have them."""

    STATE = {"start": Text(), "has_path": Flag(), "end": Text()}
    name = "URLs"

    def __init__(self, texts):
        found = [PARTS.match(text) for text in texts if URL.fullmatch(text)]
        self.start = commonest((match[1] or "").lower() + (match[2] or "").lower() for match in found)
        self.has_path = commonest(bool(match[3]) for match in found)
        self.end = commonest(_ending(match[3] or "") for match in found)

    def size(self, stage):
        return len(DOMAINS) * n_words(2) * n_words(3 + stage)

    def draw(self, stage, n, rng):
        domains = rng.integers(0, len(DOMAINS), n).tolist()
        first, second = words_at(rng, n, 2), words_at(rng, n, 3 + stage)
        if not self.has_path:
            return [f"{self.start}{a}{b}.{DOMAINS[d]}" for a, b, d in zip(first, second, domains)]
        return [f"{self.start}{DOMAINS[d]}/{a}/{b}{self.end}" for a, b, d in zip(first, second, domains)]


def _ending(path):
    """A short file ending such as ".html", or a closing slash."""
    match = re.search(r"(\.(html?|php|aspx?|pdf|jpe?g|png|gif)|/)$", path)
    return match[0] if match else ""
