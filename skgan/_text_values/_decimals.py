"""How many decimals a column writes: always as many, as many as are needed, or all or none."""

from skgan._state import Stateful, Whole, Word, demand

from ._style import totals_of

RULES = ("as needed", "all or none")


class Decimals(Stateful):
    """A number of decimals between `least` and `most`.

    Parameters
    ----------
    least, most : int
        Equal if the number is fixed.
    rule : {"as needed", "all or none"}
        "as needed" removes trailing zeros down to `least` decimals; "all or none" removes the decimals of whole
        numbers alone.
    """

    STATE = {"least": Whole(0, 40), "most": Whole(0, 40), "rule": Word(RULES)}

    def __init__(self, least, most, rule="as needed"):
        self.least, self.most, self.rule = least, most, rule

    def complete(self):
        demand(self.least <= self.most, "least", "be at most most")

    def trim(self, text):
        """Remove decimals from a text that ends in ``.`` and `most` digits."""
        if self.least == self.most:
            return text
        n_removable = self.most - self.least
        kept = text[: len(text) - n_removable]
        removable = text[len(text) - n_removable :].rstrip("0")
        if self.rule == "all or none" and removable:
            return text
        return (kept + removable).removesuffix(".")

    def trim_all(self, texts):
        """Trim each of a list of texts."""
        return texts if self.least == self.most else list(map(self.trim, texts))

    @classmethod
    def candidates(cls, lengths, weights):
        """The rules that may describe a column whose values are written with these numbers of decimals."""
        totals = totals_of(lengths, weights)
        least, most, usual = min(totals), max(totals), max(totals, key=totals.get)
        found = [cls(usual, most), cls(least, most), cls(0, most, "all or none")]
        return [found[0]] if least == most else found
