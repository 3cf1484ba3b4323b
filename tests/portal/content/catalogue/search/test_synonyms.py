"""The data files of synonyms, stop words, ordinal numbers."""

import csv
from collections import Counter
from pathlib import Path

from portal.content.catalogue.search import synonyms
from portal.content.catalogue.search.tokens import parse_terms
from portal.core.languages import LANGUAGES_BY_CODE

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
