import datetime as dt

import pytest

from delegations.choices import Direction, PurposeKind
from delegations.models import Visit
from portal.content.publishing.choices import Precision
from tests.factories.conference import document
from tests.factories.delegations import member, stop, visit
from tests.factories.directory import any_country, organ, place
from tests.factories.exchanges import meeting
from tests.factories.people import person
from tests.factories.publishing import attachment, published, source, withdrawn
from tests.failures import collect_failures
from tests.page_html import fact_of, missing_value, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def countries():
    """Publish China and Viet Nam."""
    return [published(any_country("CN")), published(any_country("VN"))]


def _full_visit(number: int, rows: int) -> Visit:
    record = visit(
        f"VIS-{number:04}",
        from_organs=[organ(f"sender-{number}-{row}") for row in range(rows)],
        places=[place(f"place-{number}-{row}") for row in range(rows)],
        meeting=published(meeting(f"MTG-{number:04}")),
        outcome_document=published(document(f"DOC-{number:04}")),
    )
    for row in range(rows):
        stop(record, place=place(f"stop-{number}-{row}"), organ=organ())
        source(record, f"https://example.org/{number}/{row}")
        attachment(record)
    return published(record)


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_query_count_is_constant(
    client, countries, django_assert_num_queries, rows
):
    record = _full_visit(1, rows)

    with django_assert_num_queries(6):
        client.get(f"/en/delegations/{record.code}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count_is_constant(
    client, countries, django_assert_num_queries, rows
):
    for number in range(1, rows + 1):
        _full_visit(number, rows)

    with django_assert_num_queries(7):
        client.get("/en/delegations/")


def test_visit_without_title_gets_generated_title(client, countries):
    published(visit("VIS-0001"))

    detail = text_of(client, "/en/delegations/VIS-0001/")
    listed = text_of(client, "/en/delegations/")

    assert "<h1>Delegation from Viet Nam to China</h1>" in detail
    assert "<title>Delegation from Viet Nam to China" in detail
    assert '<a href="/en/delegations/VIS-0001/" lang="en">' in listed
    assert "Delegation from Viet Nam to China</a>" in listed


def test_visit_with_title_is_named_by_title(client, countries):
    published(visit("VIS-0001", title_zh_hans="示例访问"))

    assert "<h1>示例访问</h1>" in text_of(client, "/zh-hans/delegations/VIS-0001/")
    page = text_of(client, "/en/delegations/VIS-0001/")
    # A title in the reader's language comes first, even if it is formed.
    assert "<h1>Delegation from Viet Nam to China</h1>" in page
    assert '<span lang="zh-Hans">示例访问</span>' in page


@pytest.mark.parametrize(
    ("public", "name"),
    [("CN", "Delegation to China"), ("LA", "Delegation from Lao PDR")],
)
def test_unpublished_country_is_omitted_from_generated_title(client, public, name):
    published(any_country(public))
    published(
        visit(
            "VIS-0001",
            from_country=any_country("LA"),
            to_country=any_country("CN"),
        )
    )

    detail = text_of(client, "/en/delegations/VIS-0001/")
    listed = text_of(client, "/en/delegations/")

    assert f"<h1>{name}</h1>" in detail
    assert f"{name}</a>" in listed


def test_generated_title_omits_both_unpublished_countries(client):
    published(visit("VIS-0001"))

    page = text_of(client, "/en/delegations/VIS-0001/")

    assert "<h1>Delegation</h1>" in page
    assert "Viet Nam" not in page
    # The head names the locale vi_VN of the page in Vietnamese.
    assert "VN" not in page.replace("vi_VN", "")


def test_detail_shows_placeholder_for_missing_values(client, countries):
    published(visit("VIS-0001"))

    page = text_of(client, "/en/delegations/VIS-0001/")

    with collect_failures() as failures:
        for heading in ("Visiting organisation", "Received by", "Places", "Purpose"):
            with failures.case(heading):
                assert missing_value("Not known") in fact_of(page, heading)


def test_detail_shows_placeholder_for_missing_date_and_head_count(client, countries):
    published(visit("VIS-0001"))

    page = text_of(client, "/en/delegations/VIS-0001/")

    assert "Date not known" in fact_of(page, "Date")
    assert "Not known" in fact_of(page, "Delegation size")


def test_month_precision_date_is_not_shown_as_day(client, countries):
    month = {"starts_on": dt.date(2012, 5, 1), "date_precision": Precision.MONTH}
    published(visit("VIS-0001", **month))

    page = text_of(client, "/en/delegations/VIS-0001/")

    assert '<time datetime="2012-05">May 2012</time>' in page


def test_detail_shows_recorded_text_when_relations_are_empty(client, countries):
    published(visit("VIS-0001", from_as_recorded="Recorded organ"))
    with_organ = visit(
        "VIS-0002", from_as_recorded="Recorded organ", from_organs=[published(organ())]
    )
    published(with_organ)

    assert '<span lang="">Recorded organ</span>' in text_of(
        client, "/en/delegations/VIS-0001/"
    )
    assert "Recorded organ" not in text_of(client, "/en/delegations/VIS-0002/")


def test_detail_shows_purpose_kind_when_purpose_is_empty(client, countries):
    published(visit("VIS-0001", purpose_kind=PurposeKind.STUDY))

    page = text_of(client, "/en/delegations/VIS-0001/")

    assert "Study" in fact_of(page, "Purpose")


def test_border_meeting_is_linked_only_when_published(client, countries):
    published(visit("VIS-0001", meeting=published(meeting("MTG-0001"))))
    published(visit("VIS-0002", meeting=meeting("MTG-0002", title_en="Sample draft")))

    linked = text_of(client, "/en/delegations/VIS-0001/")
    not_linked = text_of(client, "/en/delegations/VIS-0002/")

    sentence = "Meeting of the procuratorates of China and Viet Nam"
    link = f'<a href="/en/exchanges/meetings/MTG-0001/">{sentence}</a>'
    assert link in linked
    assert "MTG-0002" not in not_linked
    assert "Sample draft" not in not_linked


def test_outcome_document_is_linked_only_when_published(client, countries):
    published(visit("VIS-0001", outcome_document=published(document("DOC-0001"))))
    published(visit("VIS-0002", outcome_document=document("DOC-0002")))

    assert "/en/documents/DOC-0001/" in text_of(client, "/en/delegations/VIS-0001/")
    assert "DOC-0002" not in text_of(client, "/en/delegations/VIS-0002/")


def test_stop_shows_place_organ_and_activity(client, countries):
    record = visit("VIS-0001")
    stop(
        record,
        place=place("ha-long", name_en="Ha Long"),
        organ=published(organ("sample-organ", name_en="Sample Organ")),
        activity_zh_hans="示例活动",
        activity_en="",
        visited_on=dt.date(2024, 5, 6),
    )
    published(record)

    page = text_of(client, "/en/delegations/VIS-0001/").split('id="stops"')[1]

    for text in ("Ha Long", "Sample Organ", "6 May 2024"):
        assert text in page
    assert '<span lang="zh-Hans">示例活动</span>' in page


def test_detail_never_names_a_member(client, countries):
    record = visit("VIS-0001")
    member(
        record, person=person("Sample Head"), office_en="Sample office", is_head=True
    )
    published(record)

    page = text_of(client, "/en/delegations/VIS-0001/")

    assert "Sample Head" not in page
    assert "Sample office" not in page


def test_unknown_visit_returns_404(client, countries):
    visit("VIS-0001", title_en="Sample draft")

    assert client.get("/en/delegations/VIS-0001/").status_code == 404
    assert client.get("/en/delegations/VIS-0099/").status_code == 404
    assert "VIS-0001" not in text_of(client, "/en/delegations/")


def test_withdrawn_visit_returns_410(client, countries):
    withdrawn(visit("VIS-0001", title_en="Sample that was taken back"))

    response = client.get("/en/delegations/VIS-0001/")

    assert response.status_code == 410
    assert "Sample that was taken back" not in response.content.decode()


def test_list_respects_filters(client, countries):
    published(visit("VIS-0001"))
    published(visit("VIS-0002", direction=Direction.OUTBOUND))

    page = text_of(client, "/en/delegations/?direction=outbound")

    assert "VIS-0002" in page
    assert "VIS-0001" not in page
    assert '<option value="outbound" selected>Visit from China (1)</option>' in page
