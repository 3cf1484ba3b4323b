"""Search queries in twelve languages with the records they must and must not find."""

from collections import Counter

import pytest

from portal.core.languages import LANGUAGES_BY_CODE
from tests.failures import collect_failures
from tests.search_corpus import CORPUS, Case, cases, records, texts_of

CASES = cases()
# Fields with the name of a record; all other fields are running text.
NAMING = {"title", "name", "theme"}
MARKS = {
    "zh-hans": "（样例）",
    "zh-hant": "（樣例）",
    "en": "Sample",
    "vi": "(Mẫu)",
    "th": "(ตัวอย่าง)",
    "lo": "(ຕົວຢ່າງ)",
    "km": "(គំរូ)",
    "my": "(နမူနာ)",
    "id": "(Contoh)",
    "ms": "(Contoh)",
    "fil": "(Halimbawa)",
    "pt": "(Amostra)",
}


def is_public(record: dict) -> bool:
    return record.get("state", "published") == "published"


def search_codes(query: str, order: str) -> set[str]:
    from portal.content.catalogue.search.engine import search_entries

    result = search_entries(query, order=order, limit=1000)
    return {code for _kind, code in result.codes}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES_BY_CODE)
def test_queries_find_expected_records_in_both_orders(corpus, language):
    with collect_failures() as failures:
        for case in CASES:
            if case.language == language:
                with failures.case(f"line {case.line}"):
                    assert mistakes(case) == {}, case


def mistakes(case: Case) -> dict[str, set[str]]:
    """Return the codes that the search finds or leaves out by mistake, by problem."""
    newest, best = (search_codes(case.query, order) for order in ("newest", "best"))
    unwanted = newest - case.finds if case.is_whole else newest & case.not_finds
    problems = {
        "not found": case.finds - newest,
        "found": unwanted,
        "found in one order only": newest ^ best,
    }
    return {problem: codes for problem, codes in problems.items() if codes}


def test_records_are_many_in_every_language():
    public = [record for record in records() if is_public(record)]
    running = Counter(
        code
        for record in public
        for code, texts in texts_of(record).items()
        if texts.keys() - NAMING
    )
    alone = Counter(
        code
        for record in public
        if len(texts_of(record)) == 1
        for code in texts_of(record)
    )

    assert len(public) >= 60
    assert {
        code: running[code] for code in LANGUAGES_BY_CODE if running[code] < 8
    } == {}
    assert {code: alone[code] for code in LANGUAGES_BY_CODE if alone[code] < 3} == {}


def test_records_are_marked_as_samples():
    unmarked = [
        (record["code"], code)
        for record in records()
        if record["kind"] != "country"
        for code, texts in texts_of(record).items()
        if not any(
            MARKS[code] in text for text in texts.values() if isinstance(text, str)
        )
    ]

    assert unmarked == []


def test_cases_are_many_in_every_language():
    by_language = Counter(case.language for case in CASES)
    negative = Counter(case.language for case in CASES if case.is_negative)

    assert len(CASES) >= 200
    assert {code: n for code, n in by_language.items() if n < 12} == {}
    assert by_language.keys() == LANGUAGES_BY_CODE.keys()
    assert negative.total() >= 40
    assert {
        code: negative[code] for code in LANGUAGES_BY_CODE if negative[code] < 3
    } == {}


def test_cases_are_written_once_and_name_records():
    codes = {record["code"] for record in records()}
    counts = Counter((case.language, case.query) for case in CASES)

    assert [query for query, times in counts.items() if times > 1] == []
    assert {
        code for case in CASES for code in case.finds | case.not_finds
    } - codes == set()
    assert [case for case in CASES if case.finds & case.not_finds] == []


def test_negative_cases_use_records_that_are_otherwise_findable():
    """Each record that a query must not find is found by another query or is hidden.

    A record that no query can find would prove nothing.
    """
    findable = {code for case in CASES for code in case.finds}
    hidden = {
        record["code"]
        for record in records()
        if not is_public(record) and record["kind"] != "country"
    }
    traps = {code for case in CASES for code in case.not_finds}
    silent = {"DOC-9952", "SEM-9951"}

    assert traps - findable - hidden == silent
    assert hidden - traps == set()


def test_corpus_pdfs_are_small_and_cover_each_script():
    papers = sorted(CORPUS.glob("papers/*.pdf"))
    held = {record.get("paper") for record in records() if is_public(record)}

    assert [paper.stem for paper in papers] == ["km", "lo", "my", "th", "vi", "zh-hans"]
    assert {paper.stem for paper in papers} <= held
    assert [paper.name for paper in papers if paper.stat().st_size > 60_000] == []
