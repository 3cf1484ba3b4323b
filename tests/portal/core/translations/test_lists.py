"""Lists of names and of headings in the twelve languages."""

import pytest

from portal.core.languages import LANGUAGES, LANGUAGES_BY_CODE
from portal.core.translations.lists import join_headings, join_names

# Language → a list of two and a list of three names.
LISTS = {
    "zh-hans": ("甲和乙", "甲、乙和丙"),
    "zh-hant": ("甲及乙", "甲、乙及丙"),
    "en": ("甲 and 乙", "甲, 乙 and 丙"),
    "vi": ("甲 và 乙", "甲, 乙 và 丙"),
    "th": ("甲และ乙", "甲 乙 และ丙"),
    "lo": ("甲 ແລະ 乙", "甲, 乙 ແລະ 丙"),
    "km": ("甲 និង\u200b乙", "甲, 乙 និង 丙"),
    "my": ("甲နှင့် 乙", "甲၊ 乙နှင့် 丙"),
    "id": ("甲 dan 乙", "甲, 乙, dan 丙"),
    "ms": ("甲 dan 乙", "甲, 乙 dan 丙"),
    "fil": ("甲 at 乙", "甲, 乙, at 丙"),
    "pt": ("甲 e 乙", "甲, 乙 e 丙"),
}


@pytest.mark.parametrize("code", LISTS)
def test_names_are_joined_with_the_conjunction_of_the_language(code):
    language = LANGUAGES_BY_CODE[code]

    assert join_names(["甲"], language) == "甲"
    assert join_names(["甲", "乙"], language) == LISTS[code][0]
    assert join_names(["甲", "乙", "丙"], language) == LISTS[code][1]


def test_thai_list_has_a_space_after_a_bracket():
    assert join_names(["甲 (乙)", "丙"], LANGUAGES_BY_CODE["th"]) == "甲 (乙) และ丙"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_headings_without_capital_or_conjunction_are_joined_like_names(language):
    assert join_headings(["甲", "乙"], language) == LISTS[language.code][0]


@pytest.mark.parametrize(
    ("code", "headings", "text"),
    [
        ("en", ["Rule of law", "Legal services"], "Rule of law; Legal services"),
        ("en", ["corruption", "arms and drugs"], "corruption; arms and drugs"),
        ("pt", ["Corrupção", "Formação e cursos"], "Corrupção; Formação e cursos"),
        ("vi", ["tham nhũng", "kiểm sát, công tố"], "tham nhũng; kiểm sát, công tố"),
        ("zh-hans", ["检察制度与业务", "培训"], "检察制度与业务、培训"),
        ("zh-hant", ["培訓", "調解和仲裁"], "培訓、調解和仲裁"),
        ("th", ["การฝึกอบรมและหลักสูตร", "การทุจริต"], "การฝึกอบรมและหลักสูตร, การทุจริต"),
        ("lo", ["ການຝຶກ ແລະ ຫຼັກສູດ", "ການທູດ"], "ການຝຶກ ແລະ ຫຼັກສູດ, ການທູດ"),
        ("km", ["វគ្គ និងមេរៀន", "ច្បាប់"], "វគ្គ និងមេរៀន, ច្បាប់"),
        ("my", ["သင်တန်းနှင့် သင်ရိုး", "ဥပဒေ"], "သင်တန်းနှင့် သင်ရိုး၊ ဥပဒေ"),
    ],
)
def test_ambiguous_headings_are_only_separated(code, headings, text):
    assert join_headings(headings, LANGUAGES_BY_CODE[code]) == text
