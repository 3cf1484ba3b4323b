"""The version of a record: what belongs to it, and who decides without one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.catalogue.models import EntryText
from portal.conference.models import Article
from portal.files.models import Picture
from portal.history.models import Deed
from portal.publishing import operations
from portal.publishing.choices import Status
from portal.publishing.models import Proposal
from portal.publishing.review import operations as proposals
from portal.publishing.review import versions
from portal.publishing.review.versions import (
    ReviewedVersionError,
    version_of,
    version_of_proposal,
)
from tests import reviewing
from tests.factories import files
from tests.factories.conference import article
from tests.factories.directory import organ, party, place, topic
from tests.factories.publishing import (
    AT,
    actor,
    attachment,
    illustration,
    in_review,
    proposal,
    published,
    republished,
    scheduled,
    source,
    staff,
)
from tests.factories.seminars import material, seminar, session

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def record():
    nanning = place("nanning")
    made = seminar(
        title_en="Sample title",
        topics=[topic("first")],
        places=[nanning],
        organiser_parties=[party("Sample Ministry")],
        participating_countries=[nanning.country],
    )
    session(made, title_en="Opening")
    material(made)
    source(made)
    attachment(made)
    illustration(made)
    return made


def update(rows, **values):
    assert rows.update(**values) == 1


CONTENT = {
    "column": lambda one: update(type(one).objects, title_th="ชื่อ"),
    "remark": lambda one: update(type(one).objects, remark_en="Another remark"),
    "publishing time": lambda one: update(type(one).objects, publish_at=AT + DAY),
    "correction note": lambda one: update(
        type(one).objects, corrections=[{"at": AT.isoformat(), "texts": {"en": "x"}}]
    ),
    "relation": lambda one: one.topics.add(topic("second")),
    "session": lambda one: update(one.sessions, title_en="Closing"),
    "new session": lambda one: session(one),
    "material": lambda one: update(
        one.materials, file=files.stored_file(files.PNG, "x.png")
    ),
    "source": lambda one: update(one.sources, url="https://example.org/other"),
    "attached file": lambda one: update(
        one.attachments, file=files.stored_file(files.PNG, "x.png")
    ),
    "removed attachment": lambda one: one.attachments.all().delete(),
    "illustration": lambda one: update(
        one.illustrations, picture=files.picture(files.PNG, "x.png")
    ),
    "picture text": lambda one: update(Picture.objects, alternative_lo="ຮູບ"),
    "picture caption": lambda one: update(Picture.objects, caption_en="Other"),
    "topic name": lambda one: update(
        one.topics.model.objects.filter(key="first"), name_vi="Tên"
    ),
    "place name": lambda one: update(one.places, name_en="Elsewhere"),
    "party name": lambda one: update(one.organiser_parties, name="Other Ministry"),
}


@pytest.mark.parametrize("change", CONTENT.values(), ids=CONTENT)
def test_version_changes_with_content(change, record):
    before = version_of(record)

    change(record)

    assert version_of(record).digest != before.digest


def test_version_does_not_change_with_state_or_signature(record):
    before = version_of(record).digest

    in_review(record)
    reviewing.return_to_draft(record, by=actor(), at=AT + DAY)
    record.organiser_organs.model.objects.update(name_en="Another record")

    assert version_of(record).digest == before


def test_version_counts_stored_content_not_what_is_in_memory(record):
    before = version_of(record).digest
    record.title_en = "Not saved"

    assert version_of(record).digest == before


def test_versions_of_many_are_those_of_each_in_the_same_queries(record):
    others = [seminar(topics=[topic(f"topic-{number}")]) for number in range(3)]
    for other in others:
        session(other)
        illustration(other)
        attachment(other)
        source(other)
    records = [*others, record]
    each = [version_of(one) for one in records]

    with CaptureQueriesContext(connection) as for_one:
        versions.read_contents([record])
    with CaptureQueriesContext(connection) as for_all:
        together = versions.read_contents(records)

    assert [one.version for one in together] == each
    assert len(for_all) == len(for_one)


# ------------------------------------------------------------------ who decides


DECISIONS = {
    "approve": (in_review, operations.approve),
    "return": (in_review, operations.return_to_draft),
    "withdraw": (published, operations.withdraw),
}


@pytest.mark.parametrize(("state", "decide"), DECISIONS.values(), ids=DECISIONS)
def test_person_without_version_decides_nothing(state, decide):
    record = state(article("one"))
    before = record.status

    with pytest.raises(ReviewedVersionError, match="“one” was not shown to you"):
        decide(record, by=staff(), at=AT, version=None)

    assert Article.objects.get().status == before


@pytest.mark.parametrize(("state", "decide"), DECISIONS.values(), ids=DECISIONS)
def test_decision_on_another_version_is_refused(state, decide):
    record = state(article("one"))
    before, version = record.status, version_of(record)
    Article.objects.update(title_en="Not reviewed")

    with pytest.raises(ReviewedVersionError, match="“one” is no longer what was shown"):
        decide(record, by=staff(), at=AT, version=version)

    assert Article.objects.get().status == before


def test_proposal_is_decided_only_with_its_version(settings):
    settings.FOUR_EYES = True
    record = published(article("one"))
    change = proposal(record)
    version = version_of_proposal(change)
    proposal(record, remark="Another text without a reader.", at=AT + DAY)
    reviewer = staff()

    for decide, values in (
        (proposals.accept, {}),
        (proposals.return_to_author, {"reason": "Sample."}),
        (proposals.discard, {"reason": "Sample."}),
    ):
        for shown in (None, version):
            with pytest.raises(ReviewedVersionError):
                decide(change, by=reviewer, at=AT, version=shown, **values)

    assert Proposal.objects.get().state == "waiting"
    assert Article.objects.get().remark_en != "Another text without a reader."


def test_version_of_a_change_includes_the_names_that_it_brings(settings):
    settings.FOUR_EYES = True
    record, new = published(article("one")), topic("new", name_en="First name")
    change = proposal(record)
    change.wanted["links"]["topics"] = [new.pk]
    change.save()
    before = version_of_proposal(change)

    type(new).objects.update(name_en="Second name")

    assert version_of_proposal(change).digest != before.digest


def test_approval_publishes_what_is_stored_not_what_was_loaded():
    record = in_review(article("one", title_en="Loaded"))
    stale = Article.objects.get()
    Article.objects.update(title_en="Stored")
    version = version_of(record)

    operations.approve(stale, by=staff(), at=AT, version=version)

    assert EntryText.objects.get(language="en").title == "Stored"


def test_error_names_fields_and_persons_since_the_version(settings):
    settings.FOUR_EYES = True
    record = in_review(article("one", title_en="Old"))
    editor, version = staff("sample.editor"), version_of(record)
    before = operations.snapshot(record, record.parts)
    record.title_en = "New"
    record.save()
    operations.republish(record, by=editor, at=AT, before=before)

    with pytest.raises(ReviewedVersionError) as problem:
        operations.approve(record, by=staff("sample.reviewer"), at=AT, version=version)

    assert "Changed since then: Title (English) (by sample.editor)" in str(
        problem.value
    )


# ------------------------------------------------------------------- publish_due


def due(at=AT + 2 * DAY) -> int:
    return operations.publish_due(by=User.objects.actor("publish-due"), at=at)


def test_publish_due_publishes_the_approved_version():
    record = scheduled(article("one"), AT + DAY)
    assert record.approved_version == version_of(record).digest

    assert due() == 1

    record.refresh_from_db()
    assert (record.status, record.approved_version) == (Status.PUBLISHED, "")


LATER_CHANGES = {
    "text": lambda one: Article.objects.update(title_en="Not approved"),
    "topic name": lambda one: one.topics.update(name_en="Not approved"),
    "picture text": lambda one: Picture.objects.update(alternative_en="Not approved"),
    "attachment": lambda one: attachment(one),
}


@pytest.mark.parametrize("change", LATER_CHANGES.values(), ids=LATER_CHANGES)
def test_publish_due_returns_another_version_to_review(change, caplog):
    record = article("one", topics=[topic("first")])
    illustration(record)
    scheduled(record, AT + DAY)
    change(record)

    assert [due(), due()] == [0, 0]

    record.refresh_from_db()
    assert (record.status, record.revision) == (Status.IN_REVIEW, 0)
    assert Deed.objects.about(record)[0].verb == "approval_lapsed"
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == [
        "article one was returned to review: its content is not the approved version"
    ]


def test_record_approved_before_versions_were_stored_returns_to_review_at_once():
    record = scheduled(article("one"), AT + DAY)
    Article.objects.update(approved_version="")

    assert due(at=AT) == 0

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


def test_return_to_draft_forgets_the_approved_version():
    record = scheduled(article("one"), AT + DAY)

    reviewing.return_to_draft(record, by=actor(), at=AT)

    assert Article.objects.get().approved_version == ""


def test_edit_by_an_office_of_one_stays_approved(settings):
    settings.FOUR_EYES = False
    record = scheduled(article("one"), AT + DAY)
    record.title_en = "Edited"
    record.save()
    republished(record, by=staff())

    assert due() == 1

    assert EntryText.objects.get(language="en").title == "Edited"


def test_organ_name_is_reviewed_with_the_organ_not_with_each_record():
    host = published(organ("cn-gx"))
    record = article(organs=[host])
    before = version_of(record).digest

    type(host).objects.update(name_en="Renamed")

    assert version_of(record).digest == before
