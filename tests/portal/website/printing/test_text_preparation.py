import pytest

from portal.website.printing.text_preparation import (
    breakable_parts,
    prepare_text,
    take_clusters,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two\n\t words\u2028here", "two words here"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("to\u202ethe\u2066left\u200f\ufeff", "totheleft"),
        ("\ud800x", "x"),
        ("no\u00a0break, zero\u200bwidth", "no\u00a0break, zero\u200bwidth"),
        ("e" + "\u0301" * 100, "e" + "\u0301" * 30),
        ("យុគ\u17d2សម័យ", "យុគ\u17d2សម័យ"),
    ],
)
def test_text_is_cleaned_for_typesetting(text, expected):
    assert prepare_text(text) == expected


def test_long_word_gets_break_opportunities():
    assert prepare_text("x" * 70) == "\u200b".join("x" * 70)
    assert prepare_text("x" * 69) == "x" * 69
    assert prepare_text(f"https://example.org/{'x' * 90}").endswith("x" * 90)


def test_grapheme_clusters_are_never_split():
    assert take_clusters("ក្ដីសង្ឃឹម", 3) == ["ក្ដី", "ស", "ង្ឃឹ"]
    assert take_clusters("ນ້ຳ ໃຈ", 2) == ["ນ້ຳ", " "]
    assert take_clusters("Việt", 4) == ["V", "i", "ệ", "t"]


def test_chinese_character_counts_as_three_units():
    assert take_clusters("检察官abc", 7) == ["检", "察"]


def test_text_is_split_at_line_break_opportunities():
    line_parts, is_cut = breakable_parts("Joint Statement of Prosecutors", 180)

    assert line_parts == ["Joint ", "Statement ", "of ", "Prosecutors"]
    assert not is_cut


def test_truncated_word_is_dropped():
    assert breakable_parts("Joint Statement", 10) == (["Joint "], True)


def test_very_long_word_is_cut_between_clusters():
    line_parts, is_cut = breakable_parts("ê" * 1000, 50)

    assert line_parts == ["ê\u200b"] * 50
    assert is_cut
