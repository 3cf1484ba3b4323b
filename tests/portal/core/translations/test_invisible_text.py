import pytest

from portal.core.translations.invisible_text import is_blank


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u3000", "\n\t", "\x00\x1f\x7f", "\u2028"),
        # Zero width: spaces, joiners, direction marks, the byte order mark.
        *("\u200b", "\u200c\u200d", "\u200e\u202e", "\ufeff", "\u2060\u00ad"),
        # A variation selector and an accent without a base character, and fillers.
        *("\ufe0f", "\u0301", "\u3164", "\u2800"),
    ],
    ids=ascii,
)
def test_invisible_text_is_blank(text):
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
def test_text_with_visible_character_is_not_blank(text):
    assert not is_blank(text)
