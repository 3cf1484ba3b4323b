import pytest

from portal.printing.texts import clusters, parts, settable


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
def test_text_can_be_set(text, expected):
    assert settable(text) == expected


def test_long_word_may_be_broken():
    assert settable("x" * 70) == "\u200b".join("x" * 70)
    assert settable("x" * 69) == "x" * 69
    assert settable(f"https://example.org/{'x' * 90}").endswith("x" * 90)


def test_clusters_are_never_cut():
    assert clusters("ក្ដីសង្ឃឹម", 3) == ["ក្ដី", "ស", "ង្ឃឹ"]
    assert clusters("ນ້ຳ ໃຈ", 2) == ["ນ້ຳ", " "]
    assert clusters("Việt", 4) == ["V", "i", "ệ", "t"]


def test_chinese_sign_takes_the_room_of_three():
    assert clusters("检察官abc", 7) == ["检", "察"]


def test_parts_are_where_lines_may_break():
    found, is_cut = parts("Joint Statement of Prosecutors", 180)

    assert found == ["Joint ", "Statement ", "of ", "Prosecutors"]
    assert not is_cut


def test_word_that_was_cut_is_left_out():
    assert parts("Joint Statement", 10) == (["Joint "], True)


def test_endless_word_is_cut_between_clusters():
    found, is_cut = parts("ê" * 1000, 50)

    assert found == ["ê\u200b"] * 50
    assert is_cut
