"""Dates are shown to staff and exported with the precision that is known."""

import csv
import datetime as dt
import io
from itertools import cycle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.content.publishing import operations
from portal.content.publishing.models import ImportBatch, Proposal
from portal.content.spreadsheets import changelist_mixin
from portal.content.spreadsheets.columns import DateColumn
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.core.accounts.form_tokens import TOKEN_INPUT
from portal.core.accounts.models import User
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import take_snapshot
from seminars.models import Seminar
from tests import reviewing
from tests.concurrent_editing import ConcurrentEditors, conflicts_by_label
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import organ
from tests.factories.exchanges import mechanism, meeting
from tests.factories.figures import reported_figure
from tests.factories.publishing import AT, actor, in_review, published, staff
from tests.factories.seminars import seminar
from tests.portal.content.spreadsheets.import_helpers import counts, permitted
from tests.unrendered_pages import opened_form, unrendered

pytestmark = pytest.mark.django_db
IMPORT = "/admin/publishing/importbatch/add/"
NEW_YEAR = dt.date(2008, 1, 1)
# That day as it may be formatted; must not appear if only the year is known.
DAYS = ("1 Jan 2008", "1 January 2008", "2008年1月1日", "2008-01-01")
# Factory, date field, precision field, and whether the changelist shows the date.
DATED = [
    (edition, "starts_on", "date_precision", True),
    (document, "signed_on", "date_precision", True),
    (document, "in_force_on", "in_force_precision", False),
    (article, "reported_on", "date_precision", True),
    (organ, "established_on", "date_precision", False),
    (mechanism, "since", "date_precision", True),
    (seminar, "starts_on", "date_precision", True),
    (visit, "starts_on", "date_precision", True),
    (meeting, "starts_on", "date_precision", True),
    (reported_figure, "as_of", "precision", True),
]


@pytest.fixture
def chief(client):
    client.force_login(staff("sample.chief", is_superuser=True))
    return client


def in_language(client, language: str):
    User.objects.filter(username="sample.chief").update(interface_language=language)
    return client


def with_date(factory, name, precision_field, precision, day=NEW_YEAR):
    record = factory(**{name: day, precision_field: precision})
    record.clean()
    record.save()
    return record


def export_file(client, model, form: str) -> bytes:
    response = client.get(f"{reviewing.list_of(model)}export/{form}/")
    return b"".join(response.streaming_content)


def exported(client, model) -> list[dict[str, str]]:
    text = export_file(client, model, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def days_on_page(page: str) -> list[str]:
    return [day for day in DAYS if day in page]


def test_every_date_with_a_precision_is_declared():
    """Models and the columns of their sheets declare the same precision fields."""
    for code in get_resource_codes():
        resource = get_resource(code)
        declared = getattr(resource.model, "date_precisions", {})
        assert declared == {
            column.field: column.precision
            for column in resource.columns
            if isinstance(column, DateColumn) and column.precision
        }, code


def test_lists_show_a_year_as_a_year(chief):
    for factory, name, precision_field, is_column in DATED:
        record = with_date(factory, name, precision_field, "year")
        years = {"en": "2008", "zh-hans": "2008年"}
        for language, year in years.items():
            page = in_language(chief, language).get(reviewing.list_of(type(record)))
            assert days_on_page(page.text) == [], record
            cell = f'<td class="field-{name}_as_known">{year}</td>'
            assert is_column == (cell in page.text), (record, language)


def test_lists_show_months_and_days_as_they_are_known(chief):
    with_date(seminar, "starts_on", "date_precision", "month", dt.date(2018, 9, 3))
    with_date(seminar, "starts_on", "date_precision", "day", dt.date(2018, 9, 4))
    seminar()

    english = chief.get("/admin/seminars/seminar/").text
    chinese = in_language(chief, "zh-hans").get("/admin/seminars/seminar/").text

    for text in (">September 2018<", ">4 September 2018<", ">-<"):
        assert f'field-starts_on_as_known"{text}' in english
    for text in (">2018年9月<", ">2018年9月4日<", ">-<"):
        assert f'field-starts_on_as_known"{text}' in chinese


def test_lists_are_sorted_by_the_date(chief):
    days = (dt.date(2019, 1, 1), dt.date(2008, 5, 1), dt.date(2011, 3, 3))
    for day, precision in zip(days, ("year", "month", "day"), strict=True):
        with_date(seminar, "starts_on", "date_precision", precision, day)
    page = chief.get("/admin/seminars/seminar/")
    names = page.context["cl"].list_display
    column_index = names.index("starts_on_as_known")
    assert "Start date" in page.text

    for order in (column_index, -column_index):
        changelist = chief.get("/admin/seminars/seminar/", {"o": order}).context["cl"]
        sorted_days = [row.starts_on for row in changelist.result_list]
        assert sorted_days == sorted(days, reverse=order < 0)


def test_page_that_only_shows_a_record_shows_a_year_as_a_year(client):
    client.force_login(permitted("seminars.view_seminar", "directory.view_organ"))
    for factory, name in ((seminar, "starts_on"), (organ, "established_on")):
        record = with_date(factory, name, "date_precision", "year")
        page = client.get(f"{reviewing.list_of(type(record))}{record.pk}/change/")
        assert page.status_code == 200
        assert days_on_page(page.text) == [], record
        assert f"field-{name}_as_known" in page.text


def test_exports_are_as_exact_as_the_record_and_change_nothing(
    chief, django_capture_on_commit_callbacks
):
    """Every list is exported and imported again, with dates of every precision."""
    headings = {column: column for column in ("starts_on", "signed_on", "since")}
    headings |= {"reported_on": "occurred_on"}
    # Each list in one format, in rotation: which dates a cell may have does not depend
    # on the format, and test_export.py imports every sheet in both.
    formats = cycle(["csv", "xlsx"])
    for (factory, name, precision_field, _is_column), form in zip(
        DATED, formats, strict=False
    ):
        for precision in ("year", "month", "day"):
            record = with_date(factory, name, precision_field, precision)
        model = type(record)
        rows = exported(chief, model)
        exported_dates = {row[headings.get(name, name)] for row in rows} - {""}
        expected = {"2008", "2008-01", "2008-01-01"}
        assert exported_dates == expected, record

        before = list(model.objects.order_by("pk").values())
        file = SimpleUploadedFile(f"a.{form}", export_file(chief, model, form))
        code = changelist_mixin.get_resource_for_model(model).code()
        with unrendered():
            token = chief.get(IMPORT).context["form_token"]
        form_data = {TOKEN_INPUT: token, "resource": code, "file": file}
        with django_capture_on_commit_callbacks(execute=True):
            chief.post(IMPORT, form_data)
        batch = ImportBatch.objects.latest("pk")
        assert (batch.problem, batch.errors) == ("", []), (code, form)
        assert counts(batch) == (0, 0, len(rows)), (code, form)
        assert list(model.objects.order_by("pk").values()) == before


def test_list_without_a_sheet_is_exported_as_exactly_as_known(chief, monkeypatch):
    with_date(seminar, "starts_on", "date_precision", "year")
    with_date(seminar, "starts_on", "date_precision", "month", dt.date(2018, 9, 3))
    seminar()
    monkeypatch.setattr(changelist_mixin, "get_resource_for_model", lambda model: None)

    rows = exported(chief, Seminar)

    assert sorted(row["Start date"] for row in rows) == ["", "2008", "2018-09"]


def test_history_shows_dates_as_they_were_known(chief):
    """An edit of only the date is shown with the record's precision at that time."""
    record, editor = seminar("SEM-0001"), actor()
    url = f"/admin/seminars/seminar/{record.pk}/"
    for values in (
        {"starts_on": "2007-02-01", "date_precision": "month"},
        {"starts_on": "2008-01-01"},
        {"date_precision": "year"},
        {"starts_on": "2009-01-01"},
        {"starts_on": "2009-03-04", "date_precision": "day"},
    ):
        before = take_snapshot(record, record.child_relations)
        Seminar.objects.filter(pk=record.pk).update(**values)
        record.refresh_from_db()
        operations.register_edit(record, by=editor, at=AT, before=before)

    def dates(entries) -> list[tuple[str, str]]:
        return [
            (change.old, change.new)
            for entry in entries
            for change in entry["changes"]
            if change.label == "Start date"
        ]

    page = chief.get(f"{url}history/")
    assert dates(page.context["entries"]) == [
        ("2009", "4 March 2009"),
        ("2008", "2009"),
        ("February 2007", "January 2008"),
        ("", "February 2007"),
    ]
    entry = Deed.objects.order_by("position")[1]
    entry_page = chief.get(f"/admin/history/deed/{entry.pk}/change/").text
    assert "<td>February 2007</td><td>January 2008</td>" in entry_page
    chinese = in_language(chief, "zh-hans").get(f"{url}history/").text
    assert "2009年1月1日" not in chinese


def test_reviewers_read_dates_as_exactly_as_known(chief, settings):
    settings.TWO_PERSON_APPROVAL = True
    pending = in_review(with_date(seminar, "starts_on", "date_precision", "year"))

    page = reviewing.open_confirmation(chief, "approve", pending)

    assert "<span>2008</span>" in page.text
    assert days_on_page(page.text) == []

    public = published(with_date(seminar, "starts_on", "date_precision", "year"))
    url = f"/admin/seminars/seminar/{public.pk}/change/"
    form_data = opened_form(chief, url) | {"starts_on": "2010-01-01"}
    assert chief.post(url, form_data).status_code == 302
    page = chief.get(reviewing.page_of(Proposal.objects.get())).text
    assert "<td><del>2008</del></td>" in page
    assert "<ins>2010</ins>" in page
    assert "2010-01-01" not in page


def test_versions_of_two_editors_show_dates_as_exactly_as_known():
    record = with_date(seminar, "starts_on", "date_precision", "year")
    editors = ConcurrentEditors(record)
    editors.save_concurrently(starts_on="2009-01-01")

    response = editors.send(starts_on="2010-02-01", date_precision="month")

    assert conflicts_by_label(response)["Start date"] == (
        "2008",
        "2009",
        "February 2010",
        False,
    )
