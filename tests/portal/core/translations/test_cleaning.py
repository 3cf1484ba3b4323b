from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.translations.cleaning import clean_text, find_unreadable_character


@settings(deadline=None)
@given(st.text(), st.booleans())
def test_a_clean_text_stays_as_it_is(text, is_line):
    cleaned = clean_text(text, is_line=is_line)

    assert clean_text(cleaned, is_line=is_line) == cleaned


def test_invisible_characters_are_removed():
    for text, clean in (
        ("Anna\u200b", "Anna"),
        ("\ufeffAnna", "Anna"),
        ("An\u200bna", "Anna"),
        ("陈\u200d大文", "陈大文"),
        ("\u202aAnna\u202c", "Anna"),
        ("An\u00adna\x00", "Anna"),
        ("Anna\u3164", "Anna"),
        ("An\u034fna\u2800\u115f\u17b5", "Anna"),
        ("Ho\u0302\u0300ng", "Hồng"),
        ("\u3000陈大文\u00a0", "陈大文"),
        ("one\u2028two\r\nthree\x85four", "one\ntwo\nthree\nfour"),
    ):
        assert clean_text(text) == clean


def test_a_line_has_no_line_ends():
    assert clean_text("one\u2028two\r\nthree\tfour", is_line=True) == (
        "one two three four"
    )


def test_signs_that_part_words_of_khmer_and_join_letters_stay():
    for text in ("សហ\u200bប្រតិបត្តិការ", "พระ\u200bราช", "க்\u200cஷ", "क्\u200dष"):
        assert clean_text(text) == text


def test_characters_that_readers_cannot_be_shown_are_found():
    for text, unreadable in (
        ("陈\ue5e6大文", "\ue5e6"),
        ("陈\ufffd", "\ufffd"),
        ("\ud842", "\ud842"),
        ("李𠮷 Hồng", ""),
        ("plain", ""),
    ):
        assert find_unreadable_character(text) == unreadable
