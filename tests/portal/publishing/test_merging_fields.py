"""Two clerks at one record: every kind of field, in two languages of the interface."""

import datetime as dt
import decimal

import pytest
from django.utils import timezone

from delegations.models import Visit
from portal.accounts.models import User
from portal.publishing import operations
from tests.adminforms import filled
from tests.factories.conference import article
from tests.factories.delegations import visit
from tests.factories.directory import any_country, organ, topic
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.two_clerks import TwoClerks, signed_in, told

pytestmark = pytest.mark.django_db

OPENED, SAVED = dt.date(2025, 3, 1), dt.date(2025, 5, 1)


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


AT = dt.datetime(2031, 3, 1, 1, 30, 20, tzinfo=dt.UTC)


def draft(*, publish_at=AT):
    """A draft with something in every kind of field."""
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


def test_every_kind_of_field_is_taken_over_from_the_colleague(language):
    record = draft()
    cyber, thai = topic("cybercrime"), organ("sample-thai", country=any_country("TH"))
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(
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

    answer = clerks.send(title_zh_hans="新标题")
    clerks.again(answer)

    assert (record.title_zh_hans, record.title_th) == ("新标题", "ของเขา")
    assert record.summary_en.endswith("Another one.")
    assert (record.scope, record.state) == ("related", "held")
    assert (record.starts_on, record.hours) == (SAVED, decimal.Decimal("9.5"))
    assert record.reported_participants == 25
    assert record.instruction_languages == ["en", "vi"]
    assert list(record.topics.all()) == [cyber]
    assert list(record.organiser_organs.all()) == [thai]
    assert record.publish_at.year == 2032


def test_each_change_of_the_colleague_is_listed_once_with_who_and_when(language):
    record = draft()
    cyber = topic("cybercrime")
    clerks = TwoClerks(record, language=language)
    assert clerks.opened["starts_on"] == "2025-03-01"
    clerks.meanwhile(starts_on="2025-05-01", state="held", topics=[str(cyber.pk)])

    answer = clerks.send(title_zh_hans="新标题")

    found = {one.name: one for one in answer.context["adminform"].form.conflict}
    assert set(found) == {"starts_on", "state", "topics"}
    record.refresh_from_db()
    assert {(str(one.who), one.at) for one in found.values()} == {
        ("sample.second", record.updated_at)
    }
    days = found["starts_on"].opened, found["starts_on"].theirs
    assert days == ("2025-03-01", "2025-05-01")
    assert str(cyber) in found["topics"].theirs
    assert all(one.is_taken for one in found.values())
    assert "sample.second, " in answer.text


def test_what_both_changed_stays_mine_and_both_are_shown(language):
    record = draft()
    mine, theirs = topic("mine"), topic("theirs")
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(
        starts_on="2025-05-01",
        state="held",
        hours="9",
        topics=[str(theirs.pk)],
        reported_participants="25",
    )

    answer = clerks.send(
        starts_on="2025-06-01",
        state="cancelled",
        hours="10",
        topics=[str(mine.pk)],
        reported_participants="",
    )

    found = {one.name: one for one in answer.context["adminform"].form.conflict}
    assert len(found) == 5
    assert not any(one.is_taken for one in found.values())
    assert (str(theirs), str(mine)) == (found["topics"].theirs, found["topics"].yours)
    hours = found["hours"]
    assert (hours.opened, hours.theirs, hours.yours) == ("8.5", "9", "10")
    for one in found.values():
        assert one.theirs in answer.text
    clerks.again(answer)
    assert (record.starts_on, record.state) == (dt.date(2025, 6, 1), "cancelled")
    assert (record.hours, record.reported_participants) == (10, None)
    assert list(record.topics.all()) == [mine]


def test_what_only_one_changed_oneself_stays(language):
    record = draft()
    mine = topic("mine")
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(title_th="ของเขา")

    answer = clerks.send(
        starts_on="2025/06/01" if language == "zh-hans" else "June 1, 2025",
        topics=[str(mine.pk)],
        instruction_languages=["vi"],
        publish_at_1="11:00",
    )
    clerks.again(answer)

    assert [one.name for one in answer.context["adminform"].form.conflict] == [
        "title_th"
    ]
    assert record.starts_on == dt.date(2025, 6, 1)
    assert list(record.topics.all()) == [mine]
    assert record.instruction_languages == ["vi"]
    assert record.publish_at.minute == 0


def test_field_that_both_changed_to_the_same_is_no_conflict(language):
    clerks = TwoClerks(draft(), language=language)
    clerks.meanwhile(starts_on="2025-05-01")

    answer = clerks.send(
        starts_on="2025/05/01" if language == "zh-hans" else "May 1, 2025"
    )

    (one,) = answer.context["adminform"].form.conflict
    assert one.is_taken


def test_foreign_key_is_taken_over_or_kept():

    record = visit(from_country=any_country("VN"))
    laos, thailand = any_country("LA"), any_country("TH")
    clerks = TwoClerks(record)
    clerks.meanwhile(from_country=str(laos.pk), to_country=str(laos.pk))

    answer = clerks.send(to_country=str(thailand.pk))
    clerks.again(answer)

    found = {one.name: one for one in answer.context["adminform"].form.conflict}
    assert found["from_country"].theirs == str(laos)
    assert (found["to_country"].theirs, found["to_country"].yours) == (
        str(laos),
        str(thailand),
    )
    record = Visit.objects.get()
    assert (record.from_country, record.to_country) == (laos, thailand)


def test_form_with_an_error_in_it_is_merged_and_keeps_what_was_typed(language):
    record = draft()
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(state="held", hours="9")

    answer = clerks.send(starts_on="soon", reported_participants="-3", hours="many")

    form = answer.context["adminform"].form
    assert {"starts_on", "reported_participants", "hours"} <= set(form.errors)
    sent = filled(answer)
    assert (sent["starts_on"], sent["hours"], sent["state"]) == ("soon", "many", "held")
    hours = next(one for one in form.conflict if one.name == "hours")
    assert (hours.theirs, hours.yours, hours.is_taken) == ("9", "many", False)
    wrong = clerks.first.post(clerks.address, sent)
    assert wrong.status_code == 200
    assert not wrong.context["adminform"].form.conflict
    clerks.again(
        wrong, starts_on="", date_precision="", reported_participants="", hours="10"
    )
    assert (record.state, record.hours, record.starts_on) == ("held", 10, None)


def test_third_colleague_who_saves_meanwhile_is_not_overwritten_either(language):
    record = draft()
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(state="held", hours="9")
    answer = clerks.send(title_zh_hans="新标题", hours="10")
    clerks.meanwhile(
        signed_in("sample.third"), starts_on="2025-05-01", title_th="ของคนที่สาม"
    )

    refused = clerks.first.post(clerks.address, filled(answer))

    assert refused.status_code == 200
    found = refused.context["adminform"].form.conflict
    assert {one.name for one in found} == {"starts_on", "title_th"}
    assert {str(one.who) for one in found} == {"sample.third"}
    clerks.again(refused)
    assert (record.title_zh_hans, record.title_th) == ("新标题", "ของคนที่สาม")
    assert (record.starts_on, record.state, record.hours) == (SAVED, "held", 10)


def test_change_that_waits_is_merged_as_a_draft_is(settings, language):
    settings.FOUR_EYES = True
    record = published(draft(publish_at=None))
    first = signed_in("sample.earlier")
    clerks = TwoClerks(record, language=language)
    clerks.meanwhile(first, title_en="Waits")
    clerks.open()
    clerks.meanwhile(
        starts_on="2025-05-01", hours="9", **{"public_note-en": "The day was wrong."}
    )

    answer = clerks.send(title_zh_hans="新标题")
    assert answer.context["public_note"]["en"].value() == "The day was wrong."
    clerks.again(answer, **{"public_note-en": "The day was wrong."})

    names = {one.name for one in answer.context["adminform"].form.conflict}
    assert names == {"starts_on", "hours", "en"}
    shown = filled(clerks.second.get(clerks.address))
    assert (shown["title_en"], shown["title_zh_hans"]) == ("Waits", "新标题")
    assert (shown["starts_on"], shown["hours"]) == (SAVED, decimal.Decimal("9.00"))
    assert record.starts_on == OPENED


def test_form_that_does_not_know_when_it_was_opened_overwrites_nothing():
    """Such as one that was opened before the portal was brought up to date."""
    record = draft()
    clerks = TwoClerks(record)
    clerks.meanwhile(state="held", title_th="ของเขา")
    clerks.opened["seen"] = "2024-01-01T00:00:00+00:00"

    answer = clerks.send(title_zh_hans="新标题")

    found = told(answer)
    assert len(found) == 3
    assert all(is_taken for *_words, is_taken in found.values())
    assert "新标题" in answer.text
    clerks.again(answer)
    assert (record.state, record.title_zh_hans) == ("held", "旧标题")


def test_state_of_a_record_may_change_without_anything_in_its_form():

    record = article("opening", title_en="Opened")
    clerks = TwoClerks(record)
    second = User.objects.get(username="sample.second")
    operations.submit(record, by=second, at=timezone.now())

    answer = clerks.send(title_en="Mine")

    assert told(answer) == {}
    assert "Nothing that stands in this form was changed." in answer.text
    assert clerks.again(answer).title_en == "Mine"
