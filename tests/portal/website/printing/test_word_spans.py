"""Rewriting of page content, with content as typst writes it."""

import pytest

from portal.website.printing.page_texts import Font
from portal.website.printing.word_spans import span_words


@pytest.fixture
def fonts():
    """The letter ក, the vowel sign ិ above it, both with the text កិ; a space and A."""
    texts = {1: "កិ", 2: "កិ", 40: "ក", 41: "ខ"}
    return {
        b"/f0": Font(texts, {1: 600, 40: 600, 41: 600}, 0),
        b"/f1": Font({1: " ", 2: "A"}, {1: 250, 2: 600}, 0),
    }


def _text(x: float, shown: str, y: float = 700, font: str = "f0") -> bytes:
    return (
        f"q 1 0 0 -1 {x} {y} cm/c0 cs 0 0 0 scn\n"
        f"BT 0 Tr/{font} 10 Tf 1 0 0 -1 0 0 Tm{shown}\nET\nQ\n"
    ).encode()


def _sequence(number: int, content: bytes) -> bytes:
    return b"/Span<</MCID %d>>BDC\n%s" % (number, content)


def _actual_texts(content: bytes) -> list[str]:
    return [
        bytes.fromhex(part.partition(b">")[0].decode()).decode("utf-16-be")
        for part in content.split(b"/ActualText<FEFF")[1:]
    ]


SYLLABLE = [_text(50, "(\\000\\001)Tj"), _text(56, "[32(\\000\\002)]TJ", 700.3)]


def test_parts_of_syllable_become_one_span(fonts):
    content = b"".join(SYLLABLE)

    result = span_words(content, fonts, [])

    assert _actual_texts(result) == ["កិ"]
    # The codes 42 and 43 are new: the glyphs of 1 and 2 with a character each.
    assert fonts[b"/f0"].new_codes == {(1, "ក"): 42, (2, "ិ"): 43}
    assert b"1 0 0 -1 0 0 Tm[<002A>]TJ" in result
    # Its place is 56 - 0.032 × 10 = 55.68; 0.32 points are left to the end at 56.
    assert b"0.32 Tc 1 0 0 -1 5.68 -0.3 Tm[<002B>]TJ 0 Tc" in result


def test_code_with_right_text_is_kept(fonts):
    result = span_words(_text(50, "(\\000(\\000))Tj"), fonts, [])

    assert b"[<00280029>]TJ" in result
    assert fonts[b"/f0"].new_codes == {}


def test_glyphs_without_character_have_zero_width_space(fonts):
    """Two glyphs for one character."""
    content = _text(50, "(\\000(\\000))Tj").replace(
        b" 0 Tr", b"/Span<</ActualText<FEFF1780>>>BDC 0 Tr"
    )

    result = span_words(content.replace(b"Tj\n", b"Tj\nEMC\n"), fonts, [])

    assert _actual_texts(result) == ["ក"]
    assert fonts[b"/f0"].new_codes == {(40, "\u200b"): 42, (41, "ក"): 43}


def test_repeated_syllable_is_kept(fonts):
    again = [_text(56, "(\\000\\001)Tj"), _text(62, "[32(\\000\\002)]TJ", 700.3)]

    result = span_words(b"".join([*SYLLABLE, *again]), fonts, [])

    assert "".join(_actual_texts(result)) == "កិកិ"


def test_word_is_moved_to_first_sequence_of_same_element(fonts):
    first, second = SYLLABLE
    content = _sequence(0, first) + b"EMC" + _sequence(1, second) + b"EMC\n"

    joined = span_words(content, fonts, [8, 8])
    separate = span_words(content, fonts, [8, 9])

    assert _actual_texts(joined) == ["កិ"]
    assert joined.endswith(b"EMC/Span<</MCID 1>>BDC\nEMC\n")
    assert _actual_texts(separate) == ["កិ", "កិ"]


def test_space_belongs_to_word_before_it(fonts):
    content = b"".join([*SYLLABLE, _text(56, "(\\000\\001\\000\\002)Tj", font="f1")])

    assert _actual_texts(span_words(content, fonts, [])) == ["កិ ", "A"]


def test_next_line_is_another_word(fonts):
    content = b"".join([*SYLLABLE, _text(50, "(\\000\\002)Tj", 686)])

    assert _actual_texts(span_words(content, fonts, [])) == ["កិ", "កិ"]


def test_strings_with_escapes_and_parentheses_are_read(fonts):
    for shown in ("(\\000(\\000))Tj", "(\\000\\(\\000\\))Tj", "<00280029>Tj"):
        result = span_words(_text(50, shown), fonts, [])

        assert _actual_texts(result) == ["កខ"]
        assert b"[<00280029>]TJ" in result


def test_other_content_is_unchanged(fonts):
    contents = [
        b"",
        b"q 1 0 0 1 0 0 cm\n0 0 m 10 10 l\nS\nQ\n",
        _text(50, "(\\000\\002)Tj", font="f1"),
        _text(50, "(\\000\\001)Tj", font="f9"),
        _text(50, "(\\000\\003)Tj"),
        _text(50, "(\\000\\001)Tj 5 Ts"),
        _text(50, f"[{'123' * 50}]"),
        _text(50, "(\\000\\001)Tj").replace(b"q 1 0", b"q 2 0"),
    ]
    for content in contents:
        assert span_words(content, fonts, []) == content
