"""Two clerks at the rows of one record: changed, added, deleted, by either or both."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.publishing.models import Proposal
from seminars.models import Seminar
from tests.adminforms import filled
from tests.factories.directory import place
from tests.factories.people import person
from tests.factories.publishing import published, source
from tests.factories.seminars import seminar, session
from tests.two_clerks import TwoClerks, signed_in, told

pytestmark = pytest.mark.django_db

SOURCES = "publishing-source-content_type-object_id"
MORNING = dt.datetime(2025, 3, 1, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


@pytest.fixture
def record() -> Seminar:
    made = seminar("SEM-0200", title_zh_hans="旧标题")
    for number, title in enumerate(("First", "Second", "Third")):
        session(made, title_en=title, position=number, starts_at=MORNING)
    source(made, "https://example.org/old")
    return made


def titles(record) -> list[str]:
    rows = record.sessions.order_by("pk")
    return list(rows.values_list("title_en", flat=True))


def added(number: int, title: str) -> dict:
    row = {"title_en": title, "position": number, "session_kind": "lecture"}
    return {
        "sessions-TOTAL_FORMS": number + 1,
        **{f"sessions-{number}-{name}": value for name, value in row.items()},
    }


def test_rows_that_the_colleague_changed_are_taken_over(record, language):
    clerks = TwoClerks(record, language=language)
    where, who = place(), person()
    clerks.meanwhile(
        **{
            "sessions-1-title_en": "Theirs",
            "sessions-1-starts_at_0": "2025-05-01",
            "sessions-1-session_kind": "visit",
            "sessions-2-place": str(where.pk),
            "sessions-2-speaker": str(who.pk),
            f"{SOURCES}-0-url": "https://example.org/new",
        }
    )

    answer = clerks.send(title_zh_hans="新标题")
    clerks.again(answer)

    assert record.title_zh_hans == "新标题"
    assert titles(record) == ["First", "Theirs", "Third"]
    _first, second, third = record.sessions.order_by("pk")
    assert (second.starts_at.month, second.session_kind) == (5, "visit")
    assert (third.place, third.speaker) == (where, who)
    assert record.sources.get().url == "https://example.org/new"


def test_changes_of_rows_are_listed_with_who_and_when(record, language):
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(
        **{
            "sessions-1-title_en": "Theirs",
            f"{SOURCES}-0-url": "https://example.org/new",
            "sessions-0-DELETE": "on",
            **added(3, "Fourth"),
        }
    )

    answer = clerks.send(title_zh_hans="新标题")

    found = answer.context["adminform"].form.conflict
    record.refresh_from_db()
    assert {(str(one.who), one.at) for one in found} == {
        ("sample.second", record.updated_at)
    }
    assert len(found) == 4
    changed, new, gone, address = found
    assert (changed.opened, changed.theirs) == ("Second", "Theirs")
    assert "Fourth" in new.theirs
    assert new.opened == ""
    assert "First" in gone.opened
    assert gone.theirs in ("(deleted)", "(删除)")
    assert address.theirs == "https://example.org/new"
    for one in found:
        assert one.label.replace("“", "") in answer.text


def test_row_that_the_colleague_added_appears_before_my_own(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**added(3, "Theirs"))

    answer = clerks.send(**added(3, "Mine"))
    clerks.again(answer)

    assert titles(record) == ["First", "Second", "Third", "Theirs", "Mine"]


def test_row_that_the_colleague_deleted_is_gone(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**{"sessions-0-DELETE": "on", f"{SOURCES}-0-DELETE": "on"})

    answer = clerks.send(**{"sessions-2-title_en": "Mine"})
    clerks.again(answer)

    assert titles(record) == ["Second", "Mine"]
    assert not record.sources.exists()


def test_row_in_which_both_wrote_keeps_mine_and_what_only_they_wrote(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(
        **{"sessions-1-title_en": "Theirs", "sessions-1-session_kind": "visit"}
    )

    answer = clerks.send(
        **{"sessions-1-title_en": "Mine", "sessions-1-speaker_office_en": "Office"}
    )
    clerks.again(answer)

    assert ("Second", "Theirs", "Mine", False) in told(answer).values()
    second = record.sessions.get(title_en="Mine")
    assert (second.session_kind, second.speaker_office_en) == ("visit", "Office")


def test_row_that_they_deleted_and_i_changed_stays_mine_and_is_told(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**{"sessions-0-DELETE": "on"})

    answer = clerks.send(**{"sessions-0-title_en": "Mine"})

    ((opened, theirs, yours, is_taken),) = told(answer).values()
    assert "First" in opened
    assert theirs == "(deleted)"
    assert "Mine" in yours
    assert not is_taken
    clerks.again(answer)
    assert titles(record) == ["Second", "Third", "Mine"]


def test_row_that_they_changed_and_i_deleted_stays_deleted_and_is_told(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**{"sessions-0-title_en": "Theirs"})

    answer = clerks.send(**{"sessions-0-DELETE": "on", "sessions-1-DELETE": "on"})

    ((opened, theirs, yours, is_taken),) = told(answer).values()
    assert ("First" in opened, "Theirs" in theirs) == (True, True)
    assert yours == "(deleted)"
    assert not is_taken
    clerks.again(answer)
    assert titles(record) == ["Third"]


def test_row_that_both_deleted_is_gone(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**{"sessions-0-DELETE": "on"})

    answer = clerks.send(**{"sessions-0-DELETE": "on"})
    clerks.again(answer)

    assert titles(record) == ["Second", "Third"]


def test_times_move_with_the_place_that_the_colleague_chose(record, language):
    """What is typed is on the clock of the place: the words stay."""
    clerks = TwoClerks(record, language=language)
    hanoi = place("hanoi", time_zone="Asia/Bangkok")
    before = filled(clerks.second.get(clerks.address))
    clerks.meanwhile(places=[str(hanoi.pk)])

    answer = clerks.send(title_zh_hans="新标题")
    clerks.again(answer)

    after = filled(clerks.second.get(clerks.address))
    assert list(record.places.all()) == [hanoi]
    assert after["sessions-0-starts_at_1"] == before["sessions-0-starts_at_1"]


def test_row_with_an_error_in_it_is_merged(record, language):
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(**{"sessions-0-DELETE": "on", "sessions-1-title_en": "Theirs"})

    answer = clerks.send(**{"sessions-2-starts_at_0": "soon"})

    sent = filled(answer)
    assert "soon" in answer.text
    assert sent["sessions-0-title_en"] == "Theirs"
    clerks.again(answer, **{"sessions-1-starts_at_0": "2025-06-01"})
    assert titles(record) == ["Theirs", "Third"]
    assert record.sessions.get(title_en="Third").starts_at.month == 6


def test_third_colleague_at_the_rows_is_not_overwritten_either(record):
    clerks = TwoClerks(record)
    clerks.meanwhile(**{"sessions-0-DELETE": "on"})
    answer = clerks.send(**{"sessions-2-title_en": "Mine"})
    clerks.meanwhile(signed_in("sample.third"), **added(2, "Of the third"))

    refused = clerks.first.post(clerks.address, filled(answer))

    assert refused.status_code == 200
    assert len(told(refused)) == 1
    clerks.again(refused)
    assert titles(record) == ["Second", "Mine", "Of the third"]


def test_rows_of_a_change_that_waits_are_merged(settings, record, language):
    settings.FOUR_EYES = True
    published(record)
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(**added(3, "Waits") | {"sessions-0-DELETE": "on"})

    answer = clerks.send(**{"sessions-1-title_en": "Mine"})
    clerks.again(answer)

    shown = filled(clerks.second.get(clerks.address))
    names = {shown[name] for name in shown if name.endswith("-title_en")}
    assert names == {"Mine", "Third", "Waits"}
    assert titles(record) == ["First", "Second", "Third"]


def test_rows_of_a_change_that_waits_keep_their_order_and_are_not_mixed_up(
    settings, record
):
    """They have no key of their own yet."""
    settings.FOUR_EYES = True
    published(record)
    clerks = TwoClerks(record)
    clerks.meanwhile(**added(3, "Fourth") | {"sessions-3-position": 9})
    clerks.meanwhile(**added(4, "Fifth") | {"sessions-4-position": 9})
    clerks.open()
    clerks.meanwhile(title_zh_hans="新标题")

    answer = clerks.send(title_en="Mine")

    assert {label for label in told(answer) if "Session" in label} == set()
    shown = filled(answer)
    written = [shown[f"sessions-{number}-title_en"] for number in range(5)]
    assert sorted(written) == ["Fifth", "First", "Fourth", "Second", "Third"]
    clerks.again(answer)
    parts = Proposal.objects.get().wanted["parts"]["sessions"]
    assert [one["values"]["title_en"] for one in parts][3:] == ["Fourth", "Fifth"]


def test_merging_takes_no_query_for_each_row_that_was_changed():
    few, many = (merging_queries(number) for number in (2, 12))

    assert many == few


def merging_queries(rows: int) -> int:
    """How many more queries a form takes that is merged than one with an error."""
    record = seminar(title_en="Many rows")
    for position in range(rows):
        session(record, title_en=f"Session {position}", position=position)
    clerks = TwoClerks(record)
    where, who = place(), person()
    words = {}
    for position in range(rows):
        words[f"sessions-{position}-place"] = str(where.pk)
        words[f"sessions-{position}-speaker"] = str(who.pk)
    clerks.meanwhile(**words)
    with CaptureQueriesContext(connection) as merged:
        answer = clerks.send(starts_on="soon")
    with CaptureQueriesContext(connection) as plain:
        clerks.first.post(clerks.address, filled(answer))
    return len(merged) - len(plain)
