"""Searches of the public record in twelve languages, with the first result expected."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command

from portal.core.languages import LANGUAGES_BY_CODE
from portal.management.commands.load_record import RECORD
from tests.failures import collect_failures
from tests.unrendered_pages import unrendered

CASES = Path(__file__).parent / "search_cases"


@dataclass(frozen=True)
class Case:
    language: str
    query: str
    first: str
    why: str


def cases(name: str) -> list[Case]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Case(**row) for row in rows]


def has_new_record() -> bool:
    """Return whether the record has the names of topics in all languages."""
    with (RECORD / "topics.csv").open(encoding="utf-8", newline="") as file:
        return "name_vi" in (csv.DictReader(file).fieldnames or ())


@pytest.fixture(scope="module")
def record(rows_of_module):
    with rows_of_module(lambda: call_command("load_record", verbosity=0)):
        yield


def results(client, case: Case) -> list[str]:
    """Return the results of the first page, as kind and code, in order."""
    cache.clear()
    with unrendered():
        response = client.get(f"/{case.language}/search/", {"q": case.query})
    assert response.status_code == 200
    pages = [f"site:{page.name}" for page in response.context["site_pages"]]
    cards = [item.card for item in response.context["cards"]]
    return pages + [f"{card.kind}:{card.code}" for card in cards]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES_BY_CODE)
def test_expected_result_is_first(client, record, language):
    names = ["record.tsv", *(["new_record.tsv"] if has_new_record() else [])]
    with collect_failures() as failures:
        for case in [case for name in names for case in cases(name)]:
            if case.language == language:
                with failures.case(case.query):
                    # Records of the same day are equally good answers to a date.
                    assert results(client, case)[0] in case.first.split("|")


def test_cases_are_many_in_every_language_and_written_once():
    all_cases = cases("record.tsv") + cases("new_record.tsv")
    by_language = Counter(case.language for case in cases("record.tsv"))
    counts = Counter((case.language, case.query) for case in all_cases)

    assert by_language.total() >= 250
    assert by_language.keys() == LANGUAGES_BY_CODE.keys()
    assert min(by_language.values()) >= 15
    assert [case for case, times in counts.items() if times > 1] == []
