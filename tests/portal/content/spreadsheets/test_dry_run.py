"""The dry run of an import reports all errors and all changes to be made."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from exchanges.models import Mechanism, Meeting
from portal.content.publishing.models import ImportBatch, ImportedFile, ImportedRow
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.progress import ImportProgress
from portal.reference.directory.models import Organ, Place
from seminars.models import Seminar
from tests.factories import directory, exchanges, seminars
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    counts,
    csv_of,
    received,
    written,
    xlsx_of,
)

pytestmark = pytest.mark.django_db
HEAD = ("code", "title_zh", "scope", "starts_on", "participating_countries")


def errors(batch: ImportBatch) -> list[tuple]:
    return [tuple(error) for error in batch.errors]


def test_all_invalid_cells_are_reported_with_row_column_value_and_fix():
    content = xlsx_of(
        ("研修班名单",),
        ("标题", "范围", "首日", "日期精确到", "参训人数（据公开报道）"),
        ("甲", "检察机关活动", "2018年9月", None, 12),
        ("乙", "外交", "2018年13月", "日", "很多"),
        ("", "related", "2018年9月", "日", 1),
    )

    batch = checked(content)

    assert errors(batch) == [
        (4, "范围", "外交", "Choose one of these: prosecutors, related."),
        (4, "首日", "2018年13月", "Enter the date as YYYY-MM-DD, or leave blank."),
        (
            *(4, "参训人数（据公开报道）", "很多"),
            "Enter a whole number, or leave blank.",
        ),
        (
            *(5, "首日", "2018-09"),
            (
                "The date contains only a month or a year. Enter the full "
                "date, or choose a date precision other than “day”."
            ),
        ),
    ]
    assert (batch.state, batch.error_count) == ("checked", 4)


def test_dry_run_saves_nothing():
    directory.country("VN")
    before = Seminar.objects.count(), Organ.objects.count()

    batch = checked(csv_of(HEAD, ("SEM-0001", "A", "related", "2018", "VN")))

    assert counts(batch) == (1, 0, 0)
    assert (Seminar.objects.count(), Organ.objects.count()) == before
    assert not ImportedRow.objects.exists()


def test_model_validation_error_is_reported():
    batch = checked(csv_of(HEAD, ("SEM-1", "", "", "", "")))

    assert errors(batch) == [
        (
            *(2, "code", "SEM-1"),
            "Enter the prefix and at least 4 digits, for example SEM-0001.",
        ),
        (2, "scope", "", "This field cannot be blank."),
        (
            *(2, "-", ""),
            "Enter a title or name in Simplified Chinese or English.",
        ),
    ]


def test_month_precision_is_kept():
    written(csv_of(("title_zh", "scope", "首日"), ("A", "related", "2018年9月")))

    seminar = Seminar.objects.get()
    assert (seminar.starts_on, seminar.date_precision) == (dt.date(2018, 9, 1), "month")


def test_absent_columns_leave_values_unchanged():
    seminar = seminars.seminar("SEM-0001", venue_as_recorded="Hall", title_en="Old")

    batch = written(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    seminar.refresh_from_db()
    assert counts(batch) == (0, 1, 0)
    assert (seminar.title_en, seminar.venue_as_recorded) == ("New", "Hall")


@pytest.mark.parametrize("state", ["in_review", "withdrawn"])
def test_update_of_record_in_review_or_withdrawn_is_rejected(state):
    getattr(states, state)(seminars.seminar("SEM-0001"))

    (error,) = errors(checked(csv_of(("code", "title_en"), ("SEM-0001", "New"))))

    assert error[3].endswith("Return it to draft first.")


def test_draft_of_colleague_can_be_updated():
    seminars.seminar("SEM-0001", updated_by=states.staff("sample.colleague"))

    batch = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    assert counts(batch) == (0, 1, 0)


def test_update_of_immediately_public_name_is_rejected():
    directory.place("hanoi", name_en="Hanoi")
    rows = (("key", "name_en"), ("hanoi", "Ha Noi"))

    (error,) = errors(checked(csv_of(*rows), "places"))

    assert error[3] == (
        "Changes to this are public immediately. Edit it in its form instead."
    )
    assert Place.objects.get().name_en == "Hanoi"


def test_duplicate_and_missing_keys_are_reported():
    rows = (("organ_key", "name_en"), ("a", "A"), ("a", "A"), ("", "B"))

    row_errors = errors(checked(csv_of(*rows), "organs"))

    assert [
        (row, column) for row, column, *_ in row_errors if column == "organ_key"
    ] == [
        (3, "organ_key"),
        (4, "organ_key"),
    ]


def test_missing_required_reference_column_is_reported():
    with translation.override("zh-hans"):
        rows = csv_of(("organ_key", "name_en", "level"), ("a", "A", "national"))
        (error,) = errors(checked(rows, "organs"))

    assert error[:2] == (2, "国家")


def test_row_without_code_is_matched_by_title_and_date():
    rows = (("title_zh", "scope", "starts_on"), ("A", "related", "2018-09-03"))
    written(csv_of(*rows))

    repeated = checked(csv_of(*rows))
    on_other_day = checked(csv_of(rows[0], ("A", "related", "2019-09-03")))

    assert (counts(repeated), counts(on_other_day)) == ((0, 0, 1), (1, 0, 0))
    assert repeated.notes[-1] == "This file has already been imported."


def test_duplicate_rows_without_code_are_reported():
    rows = (("title_zh", "scope"), ("A", "related"), ("A", "related"), ("", "related"))

    row_errors = errors(checked(csv_of(*rows)))

    assert row_errors == [
        (
            *(3, "code", ""),
            "This row is the same as row 2. Remove one of the rows.",
        ),
        (
            4,
            "code",
            "",
            (
                "Each row must have its own code or identifier. It cannot "
                "be blank or repeated."
            ),
        ),
    ]


def test_ambiguous_title_requires_code():
    seminars.seminar(title_en="A")
    seminars.seminar(title_en="A")

    (error,) = errors(checked(csv_of(("title_en", "scope"), ("A", "related"))))

    assert error[3] == "Several records match. Enter the code of one of them."


def test_duplicate_series_number_is_reported():
    mechanism = exchanges.mechanism().key
    exchanges.meeting(mechanism=Mechanism.objects.get(), series_number=1)
    head = ("title_en", "mechanism_key", "number_in_series")
    rows = [("B", mechanism, "1"), ("C", mechanism, "2"), ("D", mechanism, "2")]

    row_errors = errors(checked(csv_of(head, *rows), "border_meetings"))

    error_rows = [row for row, column, *_ in row_errors if column == "number_in_series"]
    assert error_rows == [2, 4]
    assert Meeting.objects.count() == 1


def test_agenda_items_in_other_languages_are_kept():
    meeting = exchanges.meeting()
    exchanges.agenda_item(meeting, text_en="One", text_vi="Một")

    (error,) = errors(
        checked(csv_of(("code", "agenda"), (meeting.code, "Two")), "border_meetings")
    )

    assert (
        "This text also exists in other languages. Edit it in the form instead."
    ) in error[3]


def test_query_count_is_constant():
    directory.country("VN")

    def queries(count: int) -> int:
        rows = [("", f"A{n}", "related", "2018", "VN") for n in range(count)]
        batch = received(csv_of(HEAD, *rows))
        with CaptureQueriesContext(connection) as captured:
            operations.check_import(
                batch, at=states.AT, progress=ImportProgress(batch.pk)
            )
        return len(captured)

    assert queries(1) == queries(3) == queries(30)


def test_formula_without_cached_value_is_reported():
    batch = checked(xlsx_of(("title_en", "scope"), ("=A1", "related")))

    assert (2, "title_en", "", "The formula has no result. Enter the value.") in errors(
        batch
    )


def test_unreadable_file_fails_with_reason():
    batch = checked(b"%PDF-1.7")

    assert batch.state == "failed"
    assert batch.problem == (
        "The file must be xlsx or csv. Save it in one of these formats."
    )


def test_ignored_worksheets_are_named():
    def second(sheet):
        sheet.parent.create_sheet("第二张")

    batch = checked(xlsx_of(("title_en", "scope"), ("A", "related"), change=second))

    assert batch.notes == [
        "The sheet “Sheet” was read.",
        "The sheet “第二张” was not read.",
        "The headings are in row 1.",
    ]


def test_unwritten_import_file_is_deleted_after_a_month():
    batch = checked(csv_of(("title_en", "scope"), ("A", "?")))
    ImportBatch.objects.update(received_at=states.AT - dt.timedelta(days=31))

    received(csv_of(("title_en",)))

    batch.refresh_from_db()
    assert batch.errors == []
    assert not ImportedFile.objects.filter(batch=batch).exists()


@pytest.mark.parametrize("cells", [("甲", "乙"), ("A" * 501, "related")])
def test_error_uses_language_of_requesting_user(cells):
    with translation.override("zh-hans"):
        batch = checked(csv_of(("标题", "范围"), cells))

    assert all(column in ("标题", "范围") for _row, column, *_ in batch.errors)
