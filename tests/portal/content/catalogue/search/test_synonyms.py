"""The data files of synonyms, stop words, ordinal numbers."""

import csv
from collections import Counter
from pathlib import Path

from portal.content.catalogue.search import synonyms
from portal.content.catalogue.search.tokens import parse_terms
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.normal_form import fold
from tests.failures import collect_failures

FOLDER = Path(synonyms.__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_data_files_name_languages_and_texts_with_letters():
    for name in ("synonyms.csv", "stop_words.csv", "ordinals.csv"):
        wrong = [
            row
            for row in rows(name)
            if row["language"] not in LANGUAGES_BY_CODE or not parse_terms(row["text"])
        ]
        assert wrong == [], name


def test_synonyms_are_written_once_and_each_group_is_searched():
    table = rows("synonyms.csv")
    counts = Counter((row["group"], row["text"].casefold()) for row in table)
    searched = {row["group"] for row in table if row["use"] == "both"}

    assert [key for key, times in counts.items() if times > 1] == []
    assert {row["use"] for row in table} == {"both", "query"}
    assert {row["group"] for row in table} - searched == set()


def texts_with_synonyms(text: str) -> list[str]:
    folded = fold(text)
    return [folded[match.start : match.end] for match in synonyms.find_synonyms(folded)]


def test_vowel_signs_belong_to_the_texts_of_synonyms():
    with collect_failures() as failures:
        for text in ("ថៃ", "พม่า", "ထိုင်း", "ລາວ", "สิงคโปร์"):
            with failures.case(text):
                assert texts_with_synonyms(text) == [fold(text)]
        # Words of the same consonants.
        for text in ("ថា", "ថ្ងៃ", "ထောင်"):
            with failures.case(text):
                assert texts_with_synonyms(text) == []


def test_synonyms_are_whole_grapheme_clusters():
    assert texts_with_synonyms("ကတရုတ်က") == [fold("တရုတ်")]
    for text in ("เลาว", "จีนี", "ចិនា"):
        assert texts_with_synonyms(text) == [], text


def test_longer_name_is_not_the_country_that_it_contains():
    assert texts_with_synonyms("Lào Cai") == ["lao cai"]
    assert texts_with_synonyms("ລາວກາຍ") == ["ລາວກາຍ"]
