"""Edit conflicts in every kind of field, in two languages of the interface."""

import datetime as dt
import decimal

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from delegations.models import Visit
from portal.content.publishing import operations
from portal.core.accounts.models import User
from tests.admin_forms import filled
from tests.concurrent_editing import ConcurrentEditors, conflicts_by_label, signed_in
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import any_country, organ, topic
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.unrendered_pages import unrendered

pytestmark = pytest.mark.django_db

OPENED, SAVED = dt.date(2025, 3, 1), dt.date(2025, 5, 1)
DAYS = {
    "en": ("1 March 2025", "1 May 2025"),
    "zh-hans": ("2025年3月1日", "2025年5月1日"),
}


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


# For rules that do not depend on the language: the editor reads Chinese, whose formats
# of dates and numbers differ from those of the colleague, who reads English.
in_chinese = pytest.mark.parametrize("language", ["zh-hans"])


AT = dt.datetime(2031, 3, 1, 1, 30, 20, tzinfo=dt.UTC)


def draft(*, publish_at=AT):
    """Create a draft with a value in every kind of field."""
    record = seminar(
        title_zh_hans="旧标题",
        title_th="เดิม",
        summary_en="One line.\nAnother line.",
        starts_on=OPENED,
        date_precision="day",
        hours=decimal.Decimal("8.50"),
        reported_participants=20,
        instruction_languages=["en"],
        publish_at=publish_at,
    )
    record.topics.set([topic("courts")])
    return record


def test_every_field_type_takes_colleague_value(language):
    record = draft()
    cyber, thai = topic("cybercrime"), organ("sample-thai", country=any_country("TH"))
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(
        title_th="ของเขา",
        summary_en="One line.\r\nAnother one.",
        scope="related",
        starts_on="2025-05-01",
        state="held",
        hours="9.5",
        reported_participants="25",
        instruction_languages=["en", "vi"],
        topics=[str(cyber.pk)],
        organiser_organs=[str(thai.pk)],
        publish_at_0="2032-02-02",
        publish_at_1="10:15:00",
    )

    response = editors.send(title_zh_hans="新标题")
    editors.resubmit(response)

    assert (record.title_zh_hans, record.title_th) == ("新标题", "ของเขา")
    assert record.summary_en.endswith("Another one.")
    assert (record.scope, record.state) == ("related", "held")
    assert (record.starts_on, record.hours) == (SAVED, decimal.Decimal("9.5"))
    assert record.reported_participants == 25
    assert record.instruction_languages == ["en", "vi"]
    assert list(record.topics.all()) == [cyber]
    assert list(record.organiser_organs.all()) == [thai]
    assert record.publish_at.year == 2032


def test_colleague_changes_are_listed(language):
    record = draft()
    cyber = topic("cybercrime")
    editors = ConcurrentEditors(record, language=language)
    assert editors.opened["starts_on"] == "2025-03-01"
    editors.save_concurrently(
        starts_on="2025-05-01",
        state="held",
        topics=[str(cyber.pk)],
        publish_at_0="2032-02-02",
        publish_at_1="10:15:00",
    )

    response = editors.send_and_render(title_zh_hans="新标题")

    conflicts = {
        conflict.name: conflict
        for conflict in response.context["adminform"].form.conflicts
    }
    assert set(conflicts) == {"starts_on", "state", "topics", "publish_at"}
    record.refresh_from_db()
    merge_result = response.context["adminform"].form.merge_result
    assert str(merge_result.changed_by) == "sample.second"
    assert merge_result.changed_at == record.updated_at
    days = conflicts["starts_on"].baseline, conflicts["starts_on"].theirs
    assert days == DAYS[language]
    with translation.override(language):
        time = dt.datetime.fromisoformat("2032-02-02T10:15")
        expected_time = date_format(time, "DATETIME_FORMAT")
    assert conflicts["publish_at"].theirs == expected_time
    assert str(cyber) in conflicts["topics"].theirs
    assert all(conflict.uses_theirs for conflict in conflicts.values())
    assert "sample.second, " in response.text


def test_conflicting_field_keeps_own_value_and_shows_both(language):
    record = draft()
    own_topic, their_topic = topic("mine"), topic("theirs")
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(
        starts_on="2025-05-01",
        state="held",
        hours="9",
        topics=[str(their_topic.pk)],
        reported_participants="25",
    )

    response = editors.send_and_render(
        starts_on="2025-06-01",
        state="cancelled",
        hours="10",
        topics=[str(own_topic.pk)],
        reported_participants="",
    )

    conflicts = {
        conflict.name: conflict
        for conflict in response.context["adminform"].form.conflicts
    }
    assert len(conflicts) == 5
    assert not any(conflict.uses_theirs for conflict in conflicts.values())
    assert str(their_topic) in conflicts["topics"].theirs
    assert str(own_topic) in conflicts["topics"].yours
    hours = conflicts["hours"]
    assert (hours.baseline, hours.theirs, hours.yours) == ("8.5", "9", "10")
    for conflict in conflicts.values():
        assert conflict.theirs in response.text
    editors.resubmit(response)
    assert (record.starts_on, record.state) == (dt.date(2025, 6, 1), "cancelled")
    assert (record.hours, record.reported_participants) == (10, None)
    assert list(record.topics.all()) == [own_topic]


def test_own_or_identical_change_is_kept_and_is_not_a_conflict(language):
    record = draft()
    own_topic = topic("mine")
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(title_th="ของเขา", ends_on="2025-07-01")

    is_chinese = language == "zh-hans"
    response = editors.send(
        starts_on="2025/06/01" if is_chinese else "June 1, 2025",
        ends_on="2025/07/01" if is_chinese else "July 1, 2025",
        topics=[str(own_topic.pk)],
        instruction_languages=["vi"],
        publish_at_1="11:00",
    )
    editors.resubmit(response)

    conflicts = response.context["adminform"].form.conflicts
    assert {conflict.name: conflict.uses_theirs for conflict in conflicts} == {
        "title_th": True,
        "ends_on": True,
    }
    assert (record.starts_on, record.ends_on) == (
        dt.date(2025, 6, 1),
        dt.date(2025, 7, 1),
    )
    assert list(record.topics.all()) == [own_topic]
    assert record.instruction_languages == ["vi"]
    assert record.publish_at.minute == 0


def test_foreign_key_is_merged_or_kept():

    record = visit(from_country=any_country("VN"))
    laos, thailand = any_country("LA"), any_country("TH")
    editors = ConcurrentEditors(record)
    editors.save_concurrently(from_country=str(laos.pk), to_country=str(laos.pk))

    response = editors.send(to_country=str(thailand.pk))
    editors.resubmit(response)

    conflicts = {
        conflict.name: conflict
        for conflict in response.context["adminform"].form.conflicts
    }
    assert laos.iso2 in conflicts["from_country"].theirs
    assert laos.iso2 in conflicts["to_country"].theirs
    assert thailand.iso2 in conflicts["to_country"].yours
    record = Visit.objects.get()
    assert (record.from_country, record.to_country) == (laos, thailand)


@in_chinese
def test_invalid_form_is_merged_and_keeps_input(language):
    record = draft()
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(state="held", hours="9")

    response = editors.send(starts_on="soon", reported_participants="-3", hours="many")

    form = response.context["adminform"].form
    assert {"starts_on", "reported_participants", "hours"} <= set(form.errors)
    form_data = filled(response)
    assert (form_data["starts_on"], form_data["hours"], form_data["state"]) == (
        "soon",
        "many",
        "held",
    )
    hours = next(conflict for conflict in form.conflicts if conflict.name == "hours")
    assert (hours.theirs, hours.yours, hours.uses_theirs) == ("9", "many", False)
    with unrendered():
        invalid_response = editors.first.post(editors.address, form_data)
    assert invalid_response.status_code == 200
    assert not invalid_response.context["adminform"].form.conflicts
    editors.resubmit(
        invalid_response,
        starts_on="",
        date_precision="",
        reported_participants="",
        hours="10",
    )
    assert (record.state, record.hours, record.starts_on) == ("held", 10, None)


@in_chinese
def test_third_editor_save_is_not_overwritten(language):
    record = draft()
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(state="held", hours="9")
    response = editors.send(title_zh_hans="新标题", hours="10")
    editors.save_concurrently(
        signed_in("sample.third"), starts_on="2025-05-01", title_th="ของคนที่สาม"
    )

    with unrendered():
        refused_response = editors.first.post(editors.address, filled(response))

    assert refused_response.status_code == 200
    form = refused_response.context["adminform"].form
    assert {conflict.name for conflict in form.conflicts} == {"starts_on", "title_th"}
    assert str(form.merge_result.changed_by) == "sample.third"
    editors.resubmit(refused_response)
    assert (record.title_zh_hans, record.title_th) == ("新标题", "ของคนที่สาม")
    assert (record.starts_on, record.state, record.hours) == (SAVED, "held", 10)


@in_chinese
def test_pending_proposal_is_merged_like_draft(settings, language):
    settings.TWO_PERSON_APPROVAL = True
    record = published(draft(publish_at=None))
    first = signed_in("sample.earlier")
    editors = ConcurrentEditors(record, language=language)
    editors.save_concurrently(first, title_en="Waits")
    editors.open()
    editors.save_concurrently(
        starts_on="2025-05-01", hours="9", **{"public_note-en": "The day was wrong."}
    )

    response = editors.send(title_zh_hans="新标题")
    assert response.context["public_note_form"]["en"].value() == "The day was wrong."
    editors.resubmit(response, **{"public_note-en": "The day was wrong."})

    names = {conflict.name for conflict in response.context["adminform"].form.conflicts}
    assert names == {"starts_on", "hours", "en"}
    form_data = editors.shown(editors.second)
    assert (form_data["title_en"], form_data["title_zh_hans"]) == ("Waits", "新标题")
    assert (form_data["starts_on"], form_data["hours"]) == (
        SAVED,
        decimal.Decimal("9.00"),
    )
    assert record.starts_on == OPENED


def test_form_without_baseline_overwrites_nothing():
    """A form opened before an upgrade of the portal may have no signed baseline."""
    record = draft()
    editors = ConcurrentEditors(record)
    editors.save_concurrently(state="held", title_th="ของเขา")
    editors.opened["seen"] = "2024-01-01T00:00:00+00:00"

    response = editors.send_and_render(title_zh_hans="新标题")

    conflicts = conflicts_by_label(response)
    assert len(conflicts) == 3
    assert all(is_taken for *_values, is_taken in conflicts.values())
    assert "新标题" in response.text
    editors.resubmit(response)
    assert (record.state, record.title_zh_hans) == ("held", "旧标题")


def test_status_change_alone_yields_no_field_conflict():

    record = article("opening", title_en="Opened")
    editors = ConcurrentEditors(record)
    second = User.objects.get(username="sample.second")
    operations.submit(record, by=second, at=timezone.now())

    response = editors.send_and_render(title_en="Mine")

    assert conflicts_by_label(response) == {}
    assert "None of the changes affect this form. Check the status" in response.text
    assert editors.resubmit(response).title_en == "Mine"
