"""A dry run tells everything that is bad, and everything that would be done."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from exchanges.models import Mechanism, Meeting
from portal.directory.models import Organ, Place
from portal.publishing.models import ImportBatch, ImportedFile, ImportedRow
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.progress import Progress
from seminars.models import Seminar
from tests.factories import directory, exchanges, seminars
from tests.factories import publishing as states
from tests.portal.publishing.office_sheets import (
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


def test_all_bad_cells_are_told_at_once_with_row_column_value_and_remedy():
    content = xlsx_of(
        ("研修班名单",),
        ("标题", "范围", "首日", "日期精确度", "参加人数（据报道）"),
        ("甲", "检察机关活动", "2018年9月", None, 12),
        ("乙", "外交", "2018年13月", "日", "很多"),
        ("", "related", "2018年9月", "日", 1),
    )

    batch = checked(content)

    assert errors(batch) == [
        (4, "范围", "外交", "Use one of these: prosecutors, related."),
        (4, "首日", "2018年13月", "Write the day as YYYY-MM-DD, or leave it empty."),
        (
            *(4, "参加人数（据报道）", "很多"),
            "Write a whole number in digits, or leave it empty.",
        ),
        (
            *(5, "首日", "2018-09"),
            "Only a month or a year is written; write the day, or not “day”.",
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


def test_what_the_model_has_against_a_row_is_told():
    batch = checked(csv_of(HEAD, ("SEM-1", "", "", "", "")))

    assert errors(batch) == [
        (
            *(2, "code", "SEM-1"),
            "Write the prefix and at least four digits, such as SEM-0001.",
        ),
        (2, "scope", "", "This field cannot be blank."),
        (
            *(2, "-", ""),
            "The title or name is empty. Write it in simplified Chinese or in English.",
        ),
    ]


def test_month_is_kept_as_a_month():
    written(csv_of(("title_zh", "scope", "首日"), ("A", "related", "2018年9月")))

    seminar = Seminar.objects.get()
    assert (seminar.starts_on, seminar.date_precision) == (dt.date(2018, 9, 1), "month")


def test_columns_that_the_file_has_not_are_left_as_they_are():
    seminar = seminars.seminar("SEM-0001", venue_as_recorded="Hall", title_en="Old")

    batch = written(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    seminar.refresh_from_db()
    assert counts(batch) == (0, 1, 0)
    assert (seminar.title_en, seminar.venue_as_recorded) == ("New", "Hall")


def test_published_record_is_refused_and_an_unchanged_one_is_not():
    seminar = seminars.seminar("SEM-0001", title_en="Old", scope="related")
    states.published(seminar)

    same = checked(csv_of(("code", "title_en"), ("SEM-0001", "Old")))
    other = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    assert counts(same) == (0, 0, 1)
    assert errors(other) == [
        (
            *(2, "title_en", "New"),
            "The record is published: change it in its form.",
        )
    ]


@pytest.mark.parametrize("state", ["in_review", "withdrawn"])
def test_record_on_its_way_is_refused(state):
    getattr(states, state)(seminars.seminar("SEM-0001"))

    (error,) = errors(checked(csv_of(("code", "title_en"), ("SEM-0001", "New"))))

    assert error[3].endswith("return it to draft first.")


def test_draft_of_a_colleague_is_changed():
    seminars.seminar("SEM-0001", updated_by=states.staff("sample.colleague"))

    batch = checked(csv_of(("code", "title_en"), ("SEM-0001", "New")))

    assert counts(batch) == (0, 1, 0)


def test_name_that_readers_see_at_once_is_refused():
    directory.place("hanoi", name_en="Hanoi")
    rows = (("key", "name_en"), ("hanoi", "Ha Noi"))

    (error,) = errors(checked(csv_of(*rows), "places"))

    assert error[3] == "Readers see this at once: change it in its form."
    assert Place.objects.get().name_en == "Hanoi"


def test_key_twice_and_missing_are_told():
    rows = (("organ_key", "name_en"), ("a", "A"), ("a", "A"), ("", "B"))

    told = errors(checked(csv_of(*rows), "organs"))

    assert [(row, column) for row, column, *_ in told if column == "organ_key"] == [
        (3, "organ_key"),
        (4, "organ_key"),
    ]


def test_reference_that_the_record_needs_is_asked_for_without_its_column():
    with translation.override("zh-hans"):
        rows = csv_of(("organ_key", "name_en", "level"), ("a", "A", "national"))
        (error,) = errors(checked(rows, "organs"))

    assert error[:2] == (2, "国家")


def test_row_without_a_code_is_known_again_by_its_title_and_date():
    rows = (("title_zh", "scope", "starts_on"), ("A", "related", "2018-09-03"))
    written(csv_of(*rows))

    again = checked(csv_of(*rows))
    other_day = checked(csv_of(rows[0], ("A", "related", "2019-09-03")))

    assert (counts(again), counts(other_day)) == ((0, 0, 1), (1, 0, 0))
    assert again.notes[-1] == "The same file was written before."


def test_rows_without_a_code_that_say_the_same_are_told():
    rows = (("title_zh", "scope"), ("A", "related"), ("A", "related"), ("", "related"))

    told = errors(checked(csv_of(*rows)))

    assert told == [
        (
            *(3, "code", ""),
            "The row says the same as row 2. Remove one of them.",
        ),
        (4, "code", "", "Give each row a key of its own."),
    ]


def test_title_that_several_records_have_needs_the_code():
    seminars.seminar(title_en="A")
    seminars.seminar(title_en="A")

    (error,) = errors(checked(csv_of(("title_en", "scope"), ("A", "related"))))

    assert error[3] == "Several records say the same. Give the code of one."


def test_number_taken_in_its_series_is_told():
    mechanism = exchanges.mechanism().key
    exchanges.meeting(mechanism=Mechanism.objects.get(), series_number=1)
    head = ("title_en", "mechanism_key", "number_in_series")
    rows = [("B", mechanism, "1"), ("C", mechanism, "2"), ("D", mechanism, "2")]

    told = errors(checked(csv_of(head, *rows), "border_meetings"))

    taken = [row for row, column, *_ in told if column == "number_in_series"]
    assert taken == [2, 4]
    assert Meeting.objects.count() == 1


def test_agenda_in_another_language_is_not_lost():
    meeting = exchanges.meeting()
    exchanges.agenda_item(meeting, text_en="One", text_zh_hans="一")

    (error,) = errors(
        checked(csv_of(("code", "agenda"), (meeting.code, "Two")), "border_meetings")
    )

    assert "written in other languages too" in error[3]


def test_number_of_queries_does_not_grow_with_the_rows():
    directory.country("VN")

    def queries(count: int) -> int:
        rows = [("", f"A{n}", "related", "2018", "VN") for n in range(count)]
        batch = received(csv_of(HEAD, *rows))
        with CaptureQueriesContext(connection) as captured:
            operations.check(batch, at=states.AT, progress=Progress(batch.pk))
        return len(captured)

    assert queries(1) == queries(3) == queries(30)


def test_formula_that_never_ran_is_told():
    batch = checked(xlsx_of(("title_en", "scope"), ("=A1", "related")))

    assert (2, "title_en", "", "The formula has no value. Write the value.") in errors(
        batch
    )


def test_file_that_cannot_be_read_fails_with_the_reason():
    batch = checked(b"%PDF-1.7")

    assert batch.state == "failed"
    assert batch.problem == "The file is neither xlsx nor csv. Save it as one of these."


def test_sheets_that_are_not_read_are_named():
    def second(sheet):
        sheet.parent.create_sheet("第二张")

    batch = checked(xlsx_of(("title_en", "scope"), ("A", "related"), change=second))

    assert batch.notes == [
        "The sheet “Sheet” was read.",
        "The sheet “第二张” was not read.",
        "The headings are in row 1.",
    ]


def test_file_that_nobody_wrote_is_forgotten_after_a_month():
    batch = checked(csv_of(("title_en", "scope"), ("A", "?")))
    ImportBatch.objects.update(received_at=states.AT - dt.timedelta(days=31))

    received(csv_of(("title_en",)))

    batch.refresh_from_db()
    assert batch.errors == []
    assert not ImportedFile.objects.filter(batch=batch).exists()


@pytest.mark.parametrize("cells", [("甲", "乙"), ("A" * 501, "related")])
def test_error_is_told_in_the_language_of_whoever_asked(cells):
    with translation.override("zh-hans"):
        batch = checked(csv_of(("标题", "范围"), cells))

    assert all(column in ("标题", "范围") for _row, column, *_ in batch.errors)
