"""Co-organisers of seminars and editions: page, API, search, export and import."""

import pytest

from portal.content.catalogue.models import Entry
from portal.content.publishing.api.serializers import RecordSerializer
from portal.content.publishing.links import get_linked_pks
from portal.content.spreadsheets.registry import get_resource
from tests.factories.conference import edition
from tests.factories.directory import any_country, organ, party
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.page_html import fact_of, text_of
from tests.portal.content.spreadsheets.import_helpers import (
    written,
    xlsx_of,
)

pytestmark = pytest.mark.django_db

NEW_FIELDS = [
    "co_organiser_as_recorded",
    "co_organiser_organs",
    "co_organiser_parties",
]
NEW_COLUMNS = [
    "co_organiser",
    "co_organiser_organ_keys",
    "co_organiser_named_parties",
]


def with_co_organisers(factory, *args):
    return published(
        factory(
            *args,
            co_organiser_as_recorded="as the source has it",
            co_organiser_organs=[published(organ("sample-organ", name_en="College"))],
            co_organiser_parties=[party("Sample Ministry")],
        )
    )


def test_page_names_co_organisers(client):
    kinds = ((seminar, "SEM-0001", "seminars/SEM-0001/"), (edition, 1, "conference/1/"))
    with collect_failures() as failures:
        for factory, code, path in kinds:
            with failures.isolated_case(path):
                with_co_organisers(factory, code)
                fact = fact_of(text_of(client, f"/en/{path}"), "Co-organiser")
                assert "College" in fact
                assert "Sample Ministry" in fact
                entry = Entry.objects.get(path=path)
                assert entry.tags.filter(value="sample-organ").exists()


def test_page_without_co_organisers_has_no_row(client):
    published(seminar("SEM-0001"))

    assert "Co-organiser" not in text_of(client, "/en/seminars/SEM-0001/")


def test_api_has_new_fields_at_the_end(client):
    with collect_failures() as failures:
        for factory, code, path in (
            (seminar, "SEM-0001", "seminars/SEM-0001"),
            (edition, 1, "editions/1"),
        ):
            with failures.isolated_case(path):
                with_co_organisers(factory, code)
                data = client.get(f"/api/v1/{path}/?lang=en").json()
                # The fields of all records were the last ones.
                common = RecordSerializer.COMMON
                assert list(data)[-len(common) - 3 :] == [*common, *NEW_FIELDS]
                assert data["co_organiser_as_recorded"] == "as the source has it"
                [college] = data["co_organiser_organs"]
                assert college["key"] == "sample-organ"
                [ministry] = data["co_organiser_parties"]
                assert ministry["name"] == "Sample Ministry"


def test_former_columns_are_before_the_new_ones():
    with collect_failures() as failures:
        for code in ("seminars", "conference_editions"):
            with failures.case(code):
                headers = [column.header for column in get_resource(code).columns]
                assert headers[-3:] == NEW_COLUMNS
        seminar_headers = [column.header for column in get_resource("seminars").columns]
        assert seminar_headers[-7:-3] == ["state", "hours", "summary_en", "summary_zh"]


def test_sheet_fills_in_co_organisers():
    record = seminar("SEM-0001", title_en="Sample")
    first, second = organ("sample-organ"), organ("other-organ")
    country = any_country().iso2

    written(
        xlsx_of(
            ("code", *NEW_COLUMNS),
            (
                "SEM-0001",
                "as the source has it",
                "sample-organ;other-organ",
                f"Sample Ministry|{country}",
            ),
        )
    )

    record.refresh_from_db()
    assert record.co_organiser_as_recorded == "as the source has it"
    assert get_linked_pks(record, "co_organiser_organs") == [first.pk, second.pk]
    assert record.co_organiser_parties.get().name == "Sample Ministry"
    [values] = get_resource("seminars").get_values([record])
    assert values["co_organiser_organs"] == ["sample-organ", "other-organ"]
    assert values["co_organiser_parties"] == [f"Sample Ministry|{country}"]
