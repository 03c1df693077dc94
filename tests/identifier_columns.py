"""Made-up columns: identifiers of each kind with what new ones look like, and columns that are none."""

import uuid

import numpy as np
import pandas as pd

N = 400


def rng():
    return np.random.default_rng(7)


def digits(n_digits, n=N):
    """Distinct random numbers as texts, padded with zeros."""
    return [f"{number:0{n_digits}d}" for number in rng().choice(10**n_digits, n, replace=False)]


def words(n_letters, n=N, letters="abcdefghijklmnopqrstuvwxyz"):
    return ["".join(row) for row in rng().choice(list(letters), (n, n_letters))]


def uuids(version=4, n=N):
    draw = rng()
    return [uuid.UUID(bytes=draw.bytes(16), version=version) for _ in range(n)]


def mac(n=N):
    return [":".join(f"{byte:02X}" for byte in row) for row in rng().integers(0, 256, (n, 6))]


def persons(pattern="{} {}"):
    first = ["Anna", "Peter", "Mary", "Zoltana", "Bertho", "Quill"]
    return [pattern.format(first[i % 6], last.title()) for i, last in enumerate(words(6))]


# name: (values, description, regular expression of all new values)
IDENTIFIERS = {
    "row numbers": (np.arange(N), "sequential numbers", r"\d+"),
    "from one": (np.arange(1, 13, dtype=np.int8), "sequential numbers", r"\d+"),
    "shuffled": (rng().permutation(N) + 5000, "sequential numbers", r"5[4-9]\d\d|[6-9]\d{3}"),
    "gaps": (np.sort(rng().choice(600, N, replace=False)) + 10**6, "sequential numbers", r"100\d{4}"),
    "blocks": (np.r_[np.arange(200), np.arange(200) + 10**6], "sequential numbers", r"100\d{4}"),
    "negative": (rng().permutation(N) - 200, "sequential numbers", r"\d+"),
    "whole floats": (np.r_[np.arange(N), np.nan], "sequential numbers", r"\d+\.0"),
    "Int64": (pd.array([*range(N), None], dtype="Int64"), "sequential numbers", r"\d+"),
    "Python numbers": (np.array([*range(N)], dtype=object), "sequential numbers", r"\d+"),
    "unsigned": (np.arange(100, dtype=np.uint8), "sequential numbers", r"\d+"),
    "eight digits": (rng().integers(10**7, 10**8, N), "random numbers with 8 digits", r"[1-9]\d{7}"),
    "six digits, many": (rng().choice(900_000, 6000, replace=False) + 100_000, "random numbers with 6 digits",
                         r"[1-9]\d{5}"),
    "63 bits": (rng().integers(0, 2**63, N), "random numbers", r"\d{1,19}"),
    "64 bits": (rng().integers(0, 2**64, N, dtype=np.uint64), "random numbers", r"\d{1,20}"),
    "padded": ([f"AB-{i:05d}" for i in rng().permutation(N)], 'the pattern "AB-00000"',
               r"AB-00[4-9]\d\d|AB-0[1-9]\d{3}"),
    "not padded": ([f"user{i}" for i in range(1, N)], 'the pattern "user000"', r"user[4-9]\d\d|user[1-9]\d{3,}"),
    "suffix": ([f"{i:04d}/x" for i in range(N)], 'the pattern "0000/x"', r"\d{4}/x"),
    "few": ([f"P{i}" for i in range(1, 12)], 'the pattern "P00"', r"P\d+"),
    "digits that count": ([f"{i:05d}" for i in range(N)], 'the pattern "00000"', r"00[4-9]\d\d|0[1-9]\d{3}"),
    "years": ([f"INV{2018 + i % 5}-{int(d):04d}" for i, d in enumerate(digits(4))], 'the pattern "INV2000-0000"',
              r"INV20(18|19|2[0-9]|1[0-9])-\d{4}"),
    "random numbers": ([f"user{i}" for i in rng().choice(90_000, N, replace=False)], 'patterns such as "user00000"',
                       r"user[1-9]\d{2,4}"),
    "hexadecimal": ([f"{i:012x}" for i in rng().integers(0, 2**48, N)], 'the pattern "XXXXXXXXXXXX"', r"[0-9a-f]{12}"),
    "social security": ([f"{d[:3]}-{d[3:5]}-{d[5:]}" for d in digits(9)], 'the pattern "000-00-0000"',
                        r"\d{3}-\d\d-\d{4}"),
    "cards": ([f"4{d[:3]} {d[3:7]} {d[7:11]} {d[11:]}" for d in digits(15)], 'the pattern "4000 0000 0000 0000"',
              r"4\d{3}( \d{4}){3}"),
    "card digits": (["4" + d for d in digits(15)], 'the pattern "4000000000000000"', r"4\d{15}"),
    "IBAN": (["DE" + d + "7" for d in digits(18)], 'the pattern "DE0000000000000000007"', r"DE\d{18}7"),
    "tax numbers": ([d + c.upper() for d, c in zip(digits(8), words(1))], 'the pattern "00000000A"', r"\d{8}[A-Z]"),
    "all codes": ([f"{a}{b}{c}" for a in "ABCDEFGH" for b in "KLMNOPQR" for c in range(10)], 'the pattern "AA0"',
                  r"[A-Z]{2}\d+"),
    "UUIDs": (list(map(str, uuids())), "UUIDs", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "UUIDs of version 1": ([str(u).upper() for u in uuids(1)], "UUIDs",
                           r"[0-9A-F]{8}-[0-9A-F]{4}-1[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"),
    "UUIDs without hyphens": ([u.hex for u in uuids(n=20)], "UUIDs", r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"),
    "UUID objects": (uuids(), "UUIDs", r"[0-9a-f-]{36}"),
    "e-mail": ([f"{a}.{b}@firm{i % 7}.de" for i, (a, b) in enumerate(zip(words(4), words(5)))], "e-mail addresses",
               r"[a-z]+\.[a-z]+@example\.(com|org|net)"),
    "E-mail": ([f"{a.title()}_{b.title()}{i}@web.fr" for i, (a, b) in enumerate(zip(words(4), words(5)))],
               "e-mail addresses", r"[A-Z][a-z]+_[A-Z][a-z]+\d{1,3}@example\.(com|org|net)"),
    "phones": ([f"+49 {d[:3]} {d[3:]}" for d in digits(10)], "phone numbers", r"\+49 \d{3} \d{7}"),
    "phones of two countries": ([f"+{44 + i % 2} {d[:3]}-{d[3:]}" for i, d in enumerate(digits(10))], "phone numbers",
                                r"\+4[45] \d{3}-\d{7}"),
    "phones without space": (["+4917" + d for d in digits(8)], "phone numbers", r"\+4917\d{8}"),
    "phones in brackets": ([f"({d[:3]}) {d[3:6]}-{d[6:]}" for d in digits(10)], "phone numbers",
                           r"\(\d{3}\) \d{3}-\d{4}"),
    "URLs": ([f"https://www.shop.de/a/{d}.html" for d in digits(6)], "URLs",
             r"https://www\.example\.(com|org|net)/[a-z]+/[a-z]+\.html"),
    "hosts": ([f"http://{w}.de" for w in words(6)], "URLs", r"http://[a-z]+\.example\.(com|org|net)"),
    "MAC": (mac(), "MAC addresses", r"([0-9A-F]{2}:){5}[0-9A-F]{2}"),
    "MAC of one maker": (["00:1B:63" + each[8:] for each in mac()], "MAC addresses", r"00:1B:63(:[0-9A-F]{2}){3}"),
    "IP": ([f"10.0.{a}.{b}" for a, b in zip(rng().integers(0, 99, N), rng().permutation(N) % 256)], "IP addresses",
           r"10\.0\.\d{1,2}\.\d{1,3}"),
    "IPv6": ([f"2001:db8::{d[:4]}:{d[4:]}" for d in digits(8)], "IP addresses", r"([0-9a-f]{4}:){7}[0-9a-f]{4}"),
    "persons": (persons(), "names of persons", r"[A-Z][a-z]+ [A-Z][a-z]+"),
    "PERSONS": ([name.upper() for name in persons()], "names of persons", r"[A-Z]+ [A-Z]+"),
    "last names first": (persons("{1}, {0}"), "names of persons", r"[A-Z][a-z]+, [A-Z][a-z]+"),
    "titles": (persons("{1}, Mr. {0} Xaver"), "names of persons", r"[A-Z][a-z]+, [A-Z][a-z]+ [A-Z][a-z]+"),
    "tokens": ([a + d[:2] + b + d[2:] + a[: i % 5] for i, (a, d, b) in
                enumerate(zip(words(4), digits(6), words(3, letters="XYZKLM")))], None, r"[A-Za-z0-9]{13,17}"),
    "tokens of one length": (words(10, letters="abcdefXYZ0123456789_"), None, r"[A-Za-z0-9_]{10}"),
}  # fmt: skip

DAYS = pd.date_range("2015-01-01", periods=N)
# Columns that are no identifiers at all, or not certainly.
NONE = {
    "ages": rng().integers(18, 90, N),
    "incomes": rng().permutation(np.unique(rng().lognormal(10.5, 0.6, 1100).astype(int)))[:1000],
    "populations": np.unique(rng().lognormal(9, 2, 1000).astype(int)),
    "large populations": np.unique((10 ** rng().uniform(6, 7, 1000)).astype(int)),
    "prices": np.unique(rng().gamma(3, 20_000, 500).astype(int)),
    "salaries": np.unique(rng().integers(20_000, 200_000, N)),
    "zip codes": np.r_[rng().integers(10_000, 99_999, N), [10_115] * 50],
    "zip codes as text": [*digits(5), *["10115"] * 50],
    "distinct zip codes": digits(5),
    "times since 1970": np.sort(rng().choice(10**7, N, replace=False)) + 1_600_000_000,
    "times since 1970 as text": [str(1_600_000_000_000 + int(d)) for d in digits(9)],
    "dates as numbers": DAYS.strftime("%Y%m%d").astype(int),
    "squares": np.arange(N) ** 2,
    "amounts": rng().gamma(2, 50, N).round(2),
    "floats": rng().normal(size=N),
    "huge floats": rng().normal(size=N) * 1e300,
    "infinity": np.r_[np.arange(N), np.inf],
    "bools": rng().random(N) < 0.5,
    "dates": DAYS,
    "durations": pd.Series(DAYS - DAYS[0]),
    "dates as text": DAYS.strftime("%Y-%m-%d"),
    "times as text": DAYS.strftime("%Y-%m-%d %H:%M:%S"),
    "German dates": DAYS.strftime("%d.%m.%Y"),
    "dates in words": DAYS.strftime("%b %d, %Y"),
    "days in words": DAYS.strftime("%d %B %Y"),
    "clock": [f"{h:02d}:{m:02d}:{s:02d}" for h, m, s in rng().integers(0, 24, (N, 3))],
    "compact times": DAYS.strftime("%Y%m%d%H%M%S"),
    "weeks": [f"week {i}" for i in range(N)],
    "decimals as text": [f"{x:.3f}" for x in rng().normal(size=N)],
    "prices as text": [f"${x:,.2f}" for x in rng().gamma(2, 5000, N)],
    "currencies": [f"EUR {x}" for x in range(1000, 1000 + N)],
    "weights": [f"{x} kg" for x in range(N)],
    "coordinates": [f"{a:.4f}, {b:.4f}" for a, b in rng().normal(size=(N, 2))],
    "sizes": [f"{a}x{b} cm" for a in range(100, 120) for b in range(10, 30)],
    "running times": [f"{h}h {m:02d}m" for h in range(7) for m in range(60)],
    "colours": [f"#{i:06x}" for i in rng().integers(0, 2**24, N)],
    "categories": rng().choice(["red", "green", "blue"], N),
    "pandas categories": pd.Categorical(rng().choice(["red", "green", "blue"], N)),
    "repeated codes": [f"AB-{i:05d}" for i in rng().integers(0, 50, N)],
    "too few": [3, 1, 2],
    "few numbers": [48, 12, 77, 31, 5, 90, 64, 23, 8, 55, 41, 19],
    "few texts": ["red", "lime", "pink", "sand", "aqua", "gold", "navy", "plum", "teal", "rust", "grey", "wine"],
    "mixed": [1, "a", 2.5] * 30,
    "bytes": np.array([b"%d" % i for i in range(N)]),
    "Decimal-like objects": [complex(i) for i in range(N)],
    "missing": [None] * N,
    "empty": [],
}
UNCERTAIN = {
    "hours": np.arange(N) * 3600 + 1_577_836_800,
    "depths": rng().permutation(N) * 5,
    "years": np.arange(1900, 2020),
    "six digits": rng().choice(900_000, N, replace=False) + 100_000,
    "places": [a + b for a in "Ber Lon Par Mos Vien Ham Koel Ess Bonn Ulm".split()
               for b in "lin don is kau burg stadt heim dorf furt bach".split()],
    "blood pressures": [f"{a}/{b}" for a in range(100, 140) for b in range(60, 95)],
    "two words": [f"{a.title()} {b.title()}" for a, b in zip(words(4), words(5))],
    "short codes": words(3, 60, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "ascending and uniform": np.sort(rng().integers(10**8, 10**9, N)),
    "uniform, few rows": rng().integers(10**8, 10**9, 120),
    "in order": np.arange(101, 131),
    "financial years": [f"FY{year}" for year in range(1990, 2021)],
}  # fmt: skip
