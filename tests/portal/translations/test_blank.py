import pytest

from portal.translations.blank import is_blank


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u3000", "\n\t", "\x00\x1f\x7f", "\u2028"),
        # Without a width: spaces, joiners, marks of direction, the mark of an order.
        *("\u200b", "\u200c\u200d", "\u200e\u202e", "\ufeff", "\u2060\u00ad"),
        # A choice of a shape, of nothing; an accent on nothing; fillers.
        *("\ufe0f", "\u0301", "\u3164", "\u2800"),
    ],
    ids=ascii,
)
def test_text_that_shows_nothing_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "0",
        "。",
        "-",
        "检",
        "កម្ពុជា\u200bថ្មី",
        "ไทย\u200b",
        "မြန်မာ",
        "\u200bລາວ",
        "क्\u200dष",
    ],
)
def test_text_with_a_sign_in_it_is_not(text):
    assert not is_blank(text)
