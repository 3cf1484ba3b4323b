"""Version of a record: the content it covers, and decisions that require it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.conference.models import Article
from portal.content.catalogue.models import EntryText
from portal.content.publishing import operations, reviewed_versions
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from portal.content.publishing.reviewed_versions import (
    ReviewedVersionError,
    version_of,
    version_of_proposal,
)
from portal.content.review import operations as proposals
from portal.core.accounts.models import User
from portal.core.audit.models import Deed
from portal.core.files.models import Picture
from portal.reference.directory.models import Organ
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
    new_seminar = seminar(
        title_en="Sample title",
        topics=[topic("first")],
        places=[nanning],
        organiser_parties=[party("Sample Ministry")],
        participating_countries=[nanning.country],
    )
    session(new_seminar, title_en="Opening")
    material(new_seminar)
    source(new_seminar)
    attachment(new_seminar)
    illustration(new_seminar)
    return new_seminar


def update(rows, **values):
    assert rows.update(**values) == 1


CONTENT = {
    "column": lambda record: update(type(record).objects, title_th="ชื่อ"),
    "remark": lambda record: update(type(record).objects, remark_en="Another remark"),
    "publishing time": lambda record: update(type(record).objects, publish_at=AT + DAY),
    "correction note": lambda record: update(
        type(record).objects, corrections=[{"at": AT.isoformat(), "texts": {"en": "x"}}]
    ),
    "relation": lambda record: record.topics.add(topic("second")),
    "session": lambda record: update(record.sessions, title_en="Closing"),
    "new session": lambda record: session(record),
    "material": lambda record: update(
        record.materials, file=files.stored_file(files.PNG, "x.png")
    ),
    "source": lambda record: update(record.sources, url="https://example.org/other"),
    "title of a source": lambda record: update(record.sources, title="Report"),
    "archived copy of a source": lambda record: update(
        record.sources, archive_url="https://archive.example/1"
    ),
    "attached file": lambda record: update(
        record.attachments, file=files.stored_file(files.PNG, "x.png")
    ),
    "removed attachment": lambda record: record.attachments.all().delete(),
    "illustration": lambda record: update(
        record.illustrations, picture=files.picture(files.PNG, "x.png")
    ),
    "picture text": lambda record: update(Picture.objects, alternative_lo="ຮູບ"),
    "picture caption": lambda record: update(Picture.objects, caption_en="Other"),
    "topic name": lambda record: update(
        record.topics.model.objects.filter(key="first"), name_vi="Tên"
    ),
    "place name": lambda record: update(record.places, name_en="Elsewhere"),
    "party name": lambda record: update(
        record.organiser_parties, name="Other Ministry"
    ),
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
    other_records = [seminar(topics=[topic(f"topic-{number}")]) for number in range(3)]
    for other_record in other_records:
        session(other_record)
        illustration(other_record)
        attachment(other_record)
        source(other_record)
    records = [*other_records, record]
    expected_versions = [version_of(seminar_record) for seminar_record in records]

    with CaptureQueriesContext(connection) as single_queries:
        reviewed_versions.read_contents([record])
    with CaptureQueriesContext(connection) as queries_for_all:
        contents = reviewed_versions.read_contents(records)

    assert [content.version for content in contents] == expected_versions
    assert len(queries_for_all) == len(single_queries)


# -------------------------------------------------------------------- decisions


DECISIONS = {
    "approve": (in_review, operations.approve),
    "return": (in_review, operations.return_to_draft),
    "withdraw": (published, operations.withdraw),
}


@pytest.mark.parametrize(("state", "decide"), DECISIONS.values(), ids=DECISIONS)
def test_person_without_version_decides_nothing(state, decide):
    record = state(article("one"))
    before = record.status

    with pytest.raises(ReviewedVersionError, match="You did not read “one”"):
        decide(record, by=staff(), at=AT, version=None)

    assert Article.objects.get().status == before


@pytest.mark.parametrize(("state", "decide"), DECISIONS.values(), ids=DECISIONS)
def test_decision_on_another_version_is_refused(state, decide):
    record = state(article("one"))
    before, version = record.status, version_of(record)
    Article.objects.update(title_en="Not reviewed")

    with pytest.raises(
        ReviewedVersionError, match="“one” has changed since you read it"
    ):
        decide(record, by=staff(), at=AT, version=version)

    assert Article.objects.get().status == before


def test_proposal_is_decided_only_with_its_version(settings):
    settings.TWO_PERSON_APPROVAL = True
    record = published(article("one"))
    change = proposal(record)
    version = version_of_proposal(change)
    proposal(record, remark="Another text without a reader.", at=AT + DAY)
    reviewer = staff()

    for decide, values in (
        (proposals.accept_proposal, {}),
        (proposals.return_proposal, {"reason": "Sample."}),
        (proposals.discard_proposal, {"reason": "Sample."}),
    ):
        for reviewed_version in (None, version):
            with pytest.raises(ReviewedVersionError):
                decide(change, by=reviewer, at=AT, version=reviewed_version, **values)

    assert Proposal.objects.get().state == "waiting"
    assert Article.objects.get().remark_en != "Another text without a reader."


def test_version_of_a_change_includes_the_names_that_it_brings(settings):
    settings.TWO_PERSON_APPROVAL = True
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
    settings.TWO_PERSON_APPROVAL = True
    record = in_review(article("one", title_en="Old"))
    editor, version = staff("sample.editor"), version_of(record)
    before = operations.take_snapshot(record, record.child_relations)
    record.title_en = "New"
    record.save()
    operations.register_edit(record, by=editor, at=AT, before=before)

    with pytest.raises(ReviewedVersionError) as error:
        operations.approve(record, by=staff("sample.reviewer"), at=AT, version=version)

    assert "Changes since then: Title (English) (by sample.editor)" in str(error.value)


# ------------------------------------------------------------------- publish_due


def due(at=AT + 2 * DAY) -> int:
    return operations.publish_due(by=User.objects.get_system_user("publish-due"), at=at)


def test_publish_due_publishes_the_approved_version():
    record = scheduled(article("one"), AT + DAY)
    assert record.approved_version == version_of(record).digest

    assert due() == 1

    record.refresh_from_db()
    assert (record.status, record.approved_version) == (Status.PUBLISHED, "")


LATER_CHANGES = {
    "text": lambda record: Article.objects.update(title_en="Not approved"),
    "topic name": lambda record: record.topics.update(name_en="Not approved"),
    "picture text": lambda record: Picture.objects.update(
        alternative_en="Not approved"
    ),
    "attachment": lambda record: attachment(record),
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
    assert Deed.objects.for_record(record)[0].verb == "approval_lapsed"
    assert [
        log_record.getMessage()
        for log_record in caplog.records
        if log_record.levelname == "ERROR"
    ] == ["article one was returned to review: its content is not the approved version"]


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
    settings.TWO_PERSON_APPROVAL = False
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


def test_only_the_default_of_an_added_column_is_left_out_of_a_version(monkeypatch):
    """“No” is another content than “unknown”, the default of an added column."""
    record = organ()
    column = Organ._meta.get_field("is_name_formed")
    monkeypatch.setattr(column, "db_default", None)
    digests = []
    for value in (None, False, True):
        Organ.objects.update(is_name_formed=value)
        digests.append(version_of(record).digest)

    assert len(set(digests)) == 3
