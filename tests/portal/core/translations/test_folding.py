import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.translations.conversion import to_traditional
from portal.core.translations.normal_form import (
    fold,
    fold_form,
    loose_name_key,
    name_key,
)


@settings(deadline=None)
@given(st.text())
def test_fold_twice_is_fold_once(text):
    for folded in (fold, fold_form):
        folded_text = folded(text)

        assert folded(folded_text) == folded_text


@settings(deadline=None)
@given(st.text(), st.text())
def test_chinese_folds_alike_in_any_company(before, after):
    """The context does not change the result, so a part of a phrase is found."""
    assert "干隆" in fold(f"{before} 乾隆 {after}")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Prosecutor-GENERAL", "prosecutor-general"),
        ("Đà Nẵng, Việt Nam", "da nang, viet nam"),
        ("Đà Nẵng", "da nang"),
        ("São Tomé, coração", "sao tome, coracao"),
        ("檢察長會議", "检察长会议"),
        ("說明 説明 衛 衞 裏", "说明 说明 卫 卫 里"),
        ("ＣＡＰＧＣ　１５", "capgc　15"),
        ("๑๕ ໑໕ ១៥ ၁၅ ١٥", "15 15 15 15 15"),
        ("ន\u200bិង ab\u00adc \ufeffd", "និង abc d"),
        ("⼈民检察院", "人民检察院"),
        ("人⺠检察院", "人民检察院"),
        ("最⾼⼈⺠检察院 ⻓ ⻔ ⾞", "最高人民检察院 长 门 车"),
        ("㇐", "一"),
        ("葛󠄀城", "葛城"),
        ("İstanbul ıı", "istanbul ii"),
        ("line\r\nbreak\ttab\0end", "line  break tabend"),
    ],
)
def test_fold_takes_away_what_makes_no_difference(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "text",
    ["สูงสุดมีอำนาจ", "ໄອຍະການ", "សហប្រតិបត្តិការ", "ရှေ့နေချုပ်", "தமிழ்", "한국"],
)
def test_fold_keeps_vowels_and_tones_of_other_scripts(text):
    assert fold(text) == text


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("\u0e40\u0e40ละ", "และ"),
        ("\u0edd\u0eb2", "\u0eab\u0ea1\u0eb2"),
        ("ນ\u0ecd\u0eb2", "ນຳ"),
    ],
)
def test_fold_makes_one_of_two_spellings(typed, usual):
    assert fold(typed) == fold(usual)


@settings(deadline=None)
@given(st.text(alphabet="检察长会议中国东盟说里台卫后发复只干系"))
def test_simplified_text_is_found_as_it_is_shown_in_traditional(text):
    assert fold(to_traditional(text)) == fold(text)


def test_forms_of_one_name_have_one_key():
    for names in (
        ("Nguyễn Thị Hồng", "NGUYỄN THỊ HỒNG", "Nguyê\u0303n Thi\u0323 Hô\u0300ng"),
        ("阮氏红", "阮氏紅", "阮 氏\u3000红", "阮氏红\u200b", "阮氏红\u3164"),
        ("Alfie", "ＡＬＦＩＥ", "Al\ufb01e"),
        ("ｱｲ", "アイ"),
        ("น\u0e4d\u0e49า", "น้ำ"),
    ):
        assert len({name_key(name) for name in names}) == 1, names


def test_tone_marks_make_another_key_but_not_another_loose_key():
    for first, second in (("Hồng", "Hòng"), ("Đức", "Duc"), ("Nguyễn", "Nguyen")):
        assert name_key(first) != name_key(second)
        assert loose_name_key(first) == loose_name_key(second)


def test_marks_of_other_scripts_make_another_loose_key():
    for first, second in (("ปา", "ปี"), ("ကာ", "ကီ"), ("កា", "កី")):
        assert loose_name_key(first) != loose_name_key(second)


def test_tone_marks_of_thai_lao_and_burmese_make_no_other_loose_key():
    for first, second in (("กอง", "ก้อง"), ("ປາ", "ປ່າ"), ("ကာ", "ကား"), ("မင်", "မင့်")):
        assert name_key(first) != name_key(second)
        assert loose_name_key(first) == loose_name_key(second)


def test_characters_that_simplified_names_have_too_make_another_key():
    for first, second in (("李乾", "李干"), ("陈昇", "陈升"), ("甯静", "宁静")):
        assert name_key(first) != name_key(second)
        assert loose_name_key(first) == loose_name_key(second)
