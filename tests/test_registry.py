"""A word finds its entry, or the message says what was meant."""

import pytest

from skgan._registry import resolve

TABLE = {"wasserstein": 1, "hinge": 2, "least_squares": None}


@pytest.mark.parametrize("word", TABLE)
def test_a_known_word_finds_its_entry(word):
    assert resolve("loss", word, TABLE) is TABLE[word]


@pytest.mark.parametrize(
    "choice, meant",
    [
        ("wasserstien", "wasserstein"),
        ("Hinge", "hinge"),
        ("least-squares", "least_squares"),
        ("LEAST_SQUARE", "least_squares"),
    ],
)
def test_a_misspelt_word_gets_its_suggestion(choice, meant):
    with pytest.raises(ValueError, match=f"Did you mean '{meant}'\\?$"):
        resolve("loss", choice, TABLE)


@pytest.mark.parametrize("choice", ["qqqq", "", 3, None, True, ["hinge"], ("hinge",), {"hinge"}])
def test_the_error_for_anything_else_lists_the_words(choice):
    with pytest.raises(ValueError) as error:
        resolve("loss", choice, TABLE)
    message = str(error.value)
    assert message.startswith(f"loss={choice!r} ") and "Did you mean" not in message
    assert all(repr(word) in message for word in TABLE)
