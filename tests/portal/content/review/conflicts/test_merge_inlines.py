"""Edit conflicts in inline rows that one or both users change, add or delete."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.publishing.models import Proposal
from seminars.models import Seminar
from tests.admin_forms import filled
from tests.concurrent_editing import ConcurrentEditors, conflicts_by_label, signed_in
from tests.factories.directory import place
from tests.factories.people import person
from tests.factories.publishing import published, source
from tests.factories.seminars import seminar, session
from tests.unrendered_pages import unrendered

pytestmark = pytest.mark.django_db

SOURCES = "publishing-source-content_type-object_id"
MORNING = dt.datetime(2025, 3, 1, 1, 30, tzinfo=dt.UTC)


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


# For rules that do not depend on the language: the editor reads Chinese, whose formats
# of dates and numbers differ from those of the colleague, who reads English.
in_chinese = pytest.mark.parametrize("language", ["zh-hans"])


@pytest.fixture
def record() -> Seminar:
    new_seminar = seminar("SEM-0200", title_zh_hans="旧标题")
    for number, title in enumerate(("First", "Second", "Third")):
        session(new_seminar, title_en=title, position=number, starts_at=MORNING)
    source(new_seminar, "https://example.org/old")
    return new_seminar


def titles(record) -> list[str]:
    rows = record.sessions.order_by("pk")
    return list(rows.values_list("title_en", flat=True))


def added(number: int, title: str) -> dict:
    row = {"title_en": title, "position": number, "session_kind": "lecture"}
    return {
        "sessions-TOTAL_FORMS": number + 1,
        **{f"sessions-{number}-{name}": value for name, value in row.items()},
    }


@in_chinese
def test_inline_rows_take_colleague_changes(record, language):
    editors = ConcurrentEditors(record, language=language)
    new_place, new_speaker = place(), person()
    editors.save_concurrently(
        **{
            "sessions-1-title_en": "Theirs",
            "sessions-1-starts_at_0": "2025-05-01",
            "sessions-1-session_kind": "visit",
            "sessions-2-place": str(new_place.pk),
            "sessions-2-speaker": str(new_speaker.pk),
            f"{SOURCES}-0-url": "https://example.org/new",
        }
    )

    response = editors.send(title_zh_hans="新标题")
    editors.resubmit(response)

    assert record.title_zh_hans == "新标题"
    assert titles(record) == ["First", "Theirs", "Third"]
    _first, second, third = record.sessions.order_by("pk")
    assert (second.starts_at.month, second.session_kind) == (5, "visit")
    assert (third.place, third.speaker) == (new_place, new_speaker)
    assert record.sources.get().url == "https://example.org/new"


def test_inline_row_changes_are_listed(record, language):
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(
        **{
            "sessions-1-title_en": "Theirs",
            f"{SOURCES}-0-url": "https://example.org/new",
            "sessions-0-DELETE": "on",
            **added(3, "Fourth"),
        }
    )

    response = editors.send_and_render(title_zh_hans="新标题")

    conflicts = response.context["adminform"].form.conflicts
    assert len(conflicts) == 4
    changed_row, added_row, deleted_row, changed_source = conflicts
    assert (changed_row.baseline, changed_row.theirs) == ("Second", "Theirs")
    assert "Fourth" in added_row.theirs
    assert added_row.baseline == ""
    assert "First" in deleted_row.baseline
    assert deleted_row.theirs in ("(deleted)", "(删除)")
    assert changed_source.theirs == "https://example.org/new"
    for conflict in conflicts:
        assert conflict.label.replace("“", "") in response.text


def test_rows_added_or_edited_by_both_are_merged(record):
    """The row of the colleague comes first; a row of both is merged for each field."""
    editors = ConcurrentEditors(record)
    editors.save_concurrently(
        **{"sessions-1-title_en": "Theirs", "sessions-1-session_kind": "visit"},
        **added(3, "New of theirs"),
    )

    response = editors.send(
        **{"sessions-1-title_en": "Mine", "sessions-1-speaker_office_en": "Office"},
        **added(3, "New of mine"),
    )
    editors.resubmit(response)

    assert ("Second", "Theirs", "Mine", False) in conflicts_by_label(response).values()
    assert titles(record) == ["First", "Mine", "Third", "New of theirs", "New of mine"]
    second = record.sessions.get(title_en="Mine")
    assert (second.session_kind, second.speaker_office_en) == ("visit", "Office")


def test_row_deleted_by_colleague_or_by_both_is_removed(record):
    editors = ConcurrentEditors(record)
    editors.save_concurrently(
        **{"sessions-0-DELETE": "on", "sessions-1-DELETE": "on"},
        **{f"{SOURCES}-0-DELETE": "on"},
    )

    response = editors.send(
        **{"sessions-1-DELETE": "on", "sessions-2-title_en": "Mine"}
    )
    editors.resubmit(response)

    assert titles(record) == ["Mine"]
    assert not record.sources.exists()


def test_row_deleted_by_one_and_edited_by_the_other_is_reported(record):
    """The own change is kept: the edited row stays, the deleted row stays deleted."""
    editors = ConcurrentEditors(record)
    editors.save_concurrently(
        **{"sessions-0-DELETE": "on", "sessions-1-title_en": "Theirs"}
    )

    response = editors.send(
        **{"sessions-0-title_en": "Mine"},
        **{"sessions-1-DELETE": "on", "sessions-2-DELETE": "on"},
    )

    edited, deleted = sorted(
        conflicts_by_label(response).values(), key=lambda values: values[2][0] == "("
    )
    opened, theirs, yours, is_taken = edited
    assert "First" in opened
    assert theirs == "(deleted)"
    assert "Title (English): Mine" in yours
    assert not is_taken
    opened, theirs, yours, is_taken = deleted
    assert ("Second" in opened, "Theirs" in theirs) == (True, True)
    assert yours == "(deleted)"
    assert not is_taken
    editors.resubmit(response)
    assert titles(record) == ["Mine"]


@in_chinese
def test_typed_times_follow_colleague_place_time_zone(record, language):
    """Times are entered in the time zone of the place, so the typed text is kept."""
    editors = ConcurrentEditors(record, language=language)
    hanoi = place("hanoi", time_zone="Asia/Bangkok")
    before = editors.shown(editors.second)
    editors.save_concurrently(places=[str(hanoi.pk)])

    response = editors.send(title_zh_hans="新标题")
    editors.resubmit(response)

    after = editors.shown(editors.second)
    assert list(record.places.all()) == [hanoi]
    assert after["sessions-0-starts_at_1"] == before["sessions-0-starts_at_1"]


@in_chinese
def test_invalid_row_is_merged(record, language):
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(
        **{"sessions-0-DELETE": "on", "sessions-1-title_en": "Theirs"}
    )

    response = editors.send(**{"sessions-2-starts_at_0": "soon"})

    form_data = filled(response)
    assert form_data["sessions-1-starts_at_0"] == "soon"
    assert form_data["sessions-0-title_en"] == "Theirs"
    editors.resubmit(response, **{"sessions-1-starts_at_0": "2025-06-01"})
    assert titles(record) == ["Theirs", "Third"]
    assert record.sessions.get(title_en="Third").starts_at.month == 6


def test_third_editor_rows_are_not_overwritten(record):
    editors = ConcurrentEditors(record)
    editors.save_concurrently(**{"sessions-0-DELETE": "on"})
    response = editors.send(**{"sessions-2-title_en": "Mine"})
    editors.save_concurrently(signed_in("sample.third"), **added(2, "Of the third"))

    with unrendered():
        refused_response = editors.first.post(editors.address, filled(response))

    assert refused_response.status_code == 200
    assert len(conflicts_by_label(refused_response)) == 1
    editors.resubmit(refused_response)
    assert titles(record) == ["Second", "Mine", "Of the third"]


@in_chinese
def test_rows_of_pending_proposal_are_merged(settings, record, language):
    settings.TWO_PERSON_APPROVAL = True
    published(record)
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(**added(3, "Waits") | {"sessions-0-DELETE": "on"})

    response = editors.send(**{"sessions-1-title_en": "Mine"})
    editors.resubmit(response)

    form_data = editors.shown(editors.second)
    names = {form_data[name] for name in form_data if name.endswith("-title_en")}
    assert names == {"Mine", "Third", "Waits"}
    assert titles(record) == ["First", "Second", "Third"]


def test_unsaved_rows_of_pending_proposal_keep_identity_and_order(settings, record):
    """They have no key of their own yet."""
    settings.TWO_PERSON_APPROVAL = True
    published(record)
    editors = ConcurrentEditors(record)
    editors.save_concurrently(**added(3, "Fourth") | {"sessions-3-position": 9})
    editors.save_concurrently(**added(4, "Fifth") | {"sessions-4-position": 9})
    editors.open()
    editors.save_concurrently(title_zh_hans="新标题")

    response = editors.send(title_en="Mine")

    assert {
        label for label in conflicts_by_label(response) if "Session" in label
    } == set()
    form_data = filled(response)
    session_titles = [form_data[f"sessions-{number}-title_en"] for number in range(5)]
    assert sorted(session_titles) == ["Fifth", "First", "Fourth", "Second", "Third"]
    editors.resubmit(response)
    parts = Proposal.objects.get().wanted["parts"]["sessions"]
    assert [part["values"]["title_en"] for part in parts][3:] == ["Fourth", "Fifth"]


def test_merging_query_count_is_constant():
    query_count, higher_query_count = (merging_queries(number) for number in (1, 3))

    assert higher_query_count == query_count


def merging_queries(rows: int) -> int:
    """Return how many more queries a merged form takes than one with an error."""
    record = seminar(title_en="Many rows")
    for position in range(rows):
        session(record, title_en=f"Session {position}", position=position)
    editors = ConcurrentEditors(record)
    new_place, new_speaker = place(), person()
    values = {}
    for position in range(rows):
        values[f"sessions-{position}-place"] = str(new_place.pk)
        values[f"sessions-{position}-speaker"] = str(new_speaker.pk)
    editors.save_concurrently(**values)
    with CaptureQueriesContext(connection) as merged:
        response = editors.send_and_render(starts_on="soon")
    with CaptureQueriesContext(connection) as unmerged:
        editors.first.post(editors.address, filled(response))
    return len(merged) - len(unmerged)
