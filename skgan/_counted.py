"""Numbers of things, as text."""


def counted(n, noun):
    """ "1 row", "2 rows" or "1,000 rows"."""
    return f"{n:,} {noun}" + "s" * (n != 1)
