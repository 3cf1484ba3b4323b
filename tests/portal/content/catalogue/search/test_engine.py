import datetime as dt

import pytest

from portal.content.catalogue.models import SearchRow
from portal.content.catalogue.search import engine, index
from portal.content.catalogue.search.engine import search_entries, terms_with_matches
from portal.content.catalogue.search.query import SearchQueryError
from tests import reviewing
from tests.factories.conference import article, document, edition, page, paragraph
from tests.factories.directory import country, organ, place, topic
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db


def dated(slug: str, day: dt.date | None = None, **values):
    values = {"title_en": slug, "body_en": "common", **values}
    when = {"reported_on": day, "date_precision": "day"} if day else {}
    return published(article(slug, **values, **when))


def codes(q: str, **options) -> list[str]:
    return [code for _kind, code in search_entries(q, **options).codes]


def test_all_terms_must_match_in_any_language():
    dated("one", title_en="Cyber fraud", title_vi="Lừa đảo qua mạng")
    dated("two", title_en="Cyber crime")

    assert codes("cyber lừa đảo") == ["one"]
    assert sorted(codes("cyber")) == ["one", "two"]
    assert codes("fraud crime") == []


@pytest.mark.parametrize("q", ["", "  ", "…", "—!?", "\u200b"])
def test_query_without_letter_or_digit_finds_nothing(q):
    dated("one")

    assert search_entries(q) == engine.SearchResult()


def test_too_long_query_is_rejected_without_database_query(
    django_assert_num_queries,
):
    with django_assert_num_queries(0), pytest.raises(SearchQueryError):
        search_entries("a" * 10_000)


def test_best_order_ranks_by_match_location_then_date():
    old, new = dt.date(2020, 1, 1), dt.date(2024, 1, 1)
    dated("body", new, body_en="A joint fraud statement")
    dated("summary", new, summary_en="statement on joint fraud")
    dated("words", new, title_en="Fraud: a statement, joint")
    dated("phrase", old, title_en="The joint fraud statement of all")
    dated("newer-phrase", new, title_en="A joint fraud statement again")
    dated("whole", old, title_en="Joint Fraud Statement")

    assert codes("joint fraud statement") == [
        "whole",
        "newer-phrase",
        "phrase",
        "words",
        "summary",
        "body",
    ]


def test_newest_order_sorts_by_date_with_undated_last():
    dated("undated", title_en="common")
    dated("old", dt.date(2020, 1, 1), title_en="common")
    dated("new", dt.date(2024, 1, 1))

    assert codes("common", order="newest") == ["new", "old", "undated"]
    assert codes("common") == ["old", "undated", "new"]


def test_next_page_continues_after_previous():
    for day in range(1, 6):
        dated(f"day-{day}", dt.date(2024, 1, day))

    pages = [codes("common", order="newest", limit=2, offset=at) for at in (0, 2, 4, 6)]

    assert pages == [["day-5", "day-4"], ["day-3", "day-2"], ["day-1"], []]


def test_filters_restrict_hits():
    vietnam, laos = published(country("VN")), published(country("LA"))
    dated("viet", dt.date(2024, 1, 1), countries=[vietnam])
    dated("both", dt.date(2023, 1, 1), countries=[vietnam, laos])
    published(page("about", body_en="common"))

    assert sorted(codes("common", filters={"country": "VN"})) == ["both", "viet"]
    assert codes("common", filters={"country": "VN", "year": "2023"}) == ["both"]
    assert codes("common", filters={"kind": "page"}) == ["about"]
    assert codes("common", filters={"kind": "page", "country": "VN"}) == []


def test_facets_count_hits():
    vietnam, laos = published(country("VN")), published(country("LA"))
    dated("viet", dt.date(2024, 1, 1), countries=[vietnam])
    dated("both", dt.date(2024, 6, 1), countries=[vietnam, laos])
    dated("other", dt.date(2024, 6, 1), body_en="rare", countries=[laos])
    published(page("about", body_en="common"))

    assert search_entries("common", limit=1).facets == {
        "kind": {"article": 2, "page": 1},
        "country": {"VN": 2, "LA": 1},
        "year": {2024: 2},
    }


def test_total_is_capped_and_marked_as_more(monkeypatch):
    for module in (engine, index):
        monkeypatch.setattr(module, "MAX_RESULTS", 2)
    for day in range(1, 6):
        dated(f"day-{day}", dt.date(2024, 1, day), body_en="common")
    dated("old-title", dt.date(2020, 1, 1), title_en="common")

    best, newest = search_entries("common"), search_entries("common", order="newest")

    assert (best.total, best.has_more) == (2, True)
    assert (newest.total, newest.has_more) == (2, True)
    assert newest.codes == [("article", "day-5"), ("article", "day-4")]
    # A match in a title ranks among the best, however old the record is.
    assert best.codes == [("article", "old-title"), ("article", "day-5")]


def test_total_equal_to_cap_is_not_marked_as_more(monkeypatch):
    for module in (engine, index):
        monkeypatch.setattr(module, "MAX_RESULTS", 2)
    dated("one")
    dated("two")

    assert not search_entries("common").has_more
    assert search_entries("common").total == 2


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("order", ["best", "newest"])
def test_find_executes_three_queries(rows, order, django_assert_num_queries):
    for number in range(rows):
        dated(f"row-{number}", title_vi="chung", body_th="ร่วม")

    with django_assert_num_queries(3):
        result = search_entries("common", order=order)
        assert len(result.entries) == rows
        assert all(len(entry.prefetched_texts) == 2 for entry in result.entries)
        assert all(entry.search_row.passages for entry in result.entries)


def test_record_is_found_by_names_of_related_records():
    china = published(country("CN", name_en="China", name_th="จีน"))
    nanning = place("nanning", country=china, name_en="Nanning", name_zh_hans="南宁")
    drugs = topic("drugs", name_en="Narcotics", name_vi="Ma túy")
    college = published(organ("college", country=china, name_en="Prosecutors College"))
    published(
        edition(
            15,
            host_country=china,
            places=[nanning],
            topics=[drugs],
            host_organs=[college],
            starts_on=dt.date(2025, 9, 22),
            date_precision="day",
        )
    )

    for q in ("南寧", "จีน", "ma tuy", "prosecutors college", "2025 narcotics"):
        assert ("edition", "15") in search_entries(q).codes, q


def test_record_is_found_by_code_and_display_name():
    published(document("DOC-0007"))
    published(edition(15))

    assert search_entries("doc-0007").codes == [("document", "DOC-0007")]
    assert search_entries("15th China-ASEAN Prosecutors-General Conference").codes == [
        ("edition", "15")
    ]
    assert search_entries("CAPGC").codes == [("edition", "15")]


def test_paragraphs_are_found():
    treaty = document("DOC-0001")
    paragraph(treaty, 1, text_en="Extradition.", text_km="សហប្រតិបត្តិការអន្តរជាតិ")
    published(treaty)
    published(document("DOC-0002"))

    assert search_entries("អន្តរជាតិ").codes == [("document", "DOC-0001")]


def test_unpublished_record_is_not_found():
    hidden = organ("hidden", name_en="Marked office")
    article("draft", title_en="Marked draft")
    withdrawn(article("gone", title_en="Marked and gone"))
    dated("carrier", organs=[hidden])

    assert search_entries("marked").codes == []
    assert SearchRow.objects.count() == 1


def test_index_follows_publication_of_related_records(
    django_capture_on_commit_callbacks,
):
    from tests.factories.publishing import AT, actor

    office = organ("office", name_en="Marked office")
    dated("carrier", organs=[office])
    with django_capture_on_commit_callbacks(execute=True):
        published(office)
    known = search_entries("marked").codes
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.withdraw(office, by=actor(), at=AT)

    assert sorted(known) == [("article", "carrier"), ("organ", "office")]
    assert search_entries("marked").codes == []


def test_terms_that_match_alone_are_reported():
    dated("one", title_en="Fraud")
    result = search_entries("fraud absent 不在")

    assert result.total == 0
    assert [term.text for term in terms_with_matches(result.terms)] == ["fraud"]
