import datetime as dt

import pytest

from portal.conference.models import Article
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.models import Entry, EntryTag, EntryText
from portal.content.changes.choices import ChangeAction
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.operations import InvalidTransition
from portal.core.jobs.models import Job
from portal.reference.directory.models import Country, Topic
from tests import reviewing
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, topic
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    published,
    republished,
    scheduled,
    staff,
    withdrawn,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)

STATES = {
    Status.DRAFT: lambda record: record,
    Status.IN_REVIEW: in_review,
    Status.APPROVED: lambda record: scheduled(record, AT + HOUR),
    Status.PUBLISHED: published,
    Status.WITHDRAWN: withdrawn,
}
VERBS = {
    operations.submit: {
        Status.DRAFT: Status.IN_REVIEW,
        Status.WITHDRAWN: Status.IN_REVIEW,
    },
    reviewing.return_to_draft: {
        Status.IN_REVIEW: Status.DRAFT,
        Status.APPROVED: Status.DRAFT,
        Status.WITHDRAWN: Status.DRAFT,
    },
    reviewing.approve: {Status.IN_REVIEW: Status.PUBLISHED},
    reviewing.publish: {Status.APPROVED: Status.PUBLISHED},
    reviewing.withdraw: {Status.PUBLISHED: Status.WITHDRAWN},
    reviewing.publish_again: {Status.WITHDRAWN: Status.PUBLISHED},
}


def change_values(change: Change) -> tuple:
    return change.kind, change.code, change.action, change.revision, change.changed_at


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("state", STATES)
def test_transition_is_allowed_or_rejected_by_status(verb, state):
    record = STATES[state](article())
    before = list(Change.objects.all())
    allowed = VERBS[verb]

    if state in allowed:
        verb(record, by=actor(), at=AT)
    else:
        with pytest.raises(InvalidTransition):
            verb(record, by=actor(), at=AT)

    stored = Article.objects.get()
    assert stored.status == allowed.get(state, state)
    if state not in allowed:
        assert list(Change.objects.all()) == before


def test_invalid_transition_error_names_record_and_status():
    record = published(document("DOC-0007"))

    with pytest.raises(InvalidTransition, match="“DOC-0007” is “published”"):
        operations.submit(record, by=actor(), at=AT)


def test_transition_checks_status_in_database():
    record = in_review(article())
    stale = Article.objects.get()
    reviewing.approve(record, by=actor(), at=AT)

    with pytest.raises(InvalidTransition):
        reviewing.approve(stale, by=actor(), at=AT)

    assert Change.objects.count() == 1


def test_submit_sets_updated_by_and_updated_at():
    user, record = staff(), article()

    operations.submit(record, by=user, at=AT)

    stored = Article.objects.get()
    assert (stored.updated_by, stored.updated_at) == (user, AT)
    assert (stored.created_by, stored.created_at) == (user, AT)


def test_approve_keeps_created_by():
    author, reviewer = staff("sample.author"), staff("sample.reviewer")
    record = in_review(article(), by=author)

    reviewing.approve(record, by=reviewer, at=AT + HOUR)

    stored = Article.objects.get()
    assert (stored.created_by, stored.created_at) == (author, AT)
    assert (stored.updated_by, stored.updated_at) == (reviewer, AT + HOUR)


def test_publish_writes_record_catalogue_and_change_together():
    vietnam, training = country("VN"), topic("training")
    record = in_review(
        article(
            "opening",
            title_en="Opening",
            title_zh_hans="开幕",
            countries=[vietnam],
            topics=[training],
        )
    )

    reviewing.approve(record, by=actor(), at=AT)

    stored = Article.objects.get()
    assert (stored.status, stored.revision) == (Status.PUBLISHED, 1)
    assert (stored.published_at, stored.changed_at) == (AT, AT)
    assert stored.languages == ["zh-hans", "en"]
    entry = Entry.objects.get()
    assert (entry.kind, entry.code, entry.revision) == ("article", "opening", 1)
    assert entry.languages == ["zh-hans", "en"]
    assert set(EntryText.objects.values_list("language", "title")) == {
        ("en", "Opening"),
        ("zh-hans", "开幕"),
    }
    assert set(EntryTag.objects.values_list("axis", "value")) == {
        ("country", "VN"),
        ("topic", "training"),
        ("row", row_value(Country.objects.get())),
        ("row", row_value(Topic.objects.get())),
    }
    change = Change.objects.get()
    assert change_values(change) == (
        "article",
        "opening",
        ChangeAction.PUBLISHED,
        1,
        AT,
    )


def test_publish_enqueues_refresh_for_dependents():
    vietnam = country("VN")
    published(article(countries=[vietnam]))

    published(vietnam)

    job = Job.objects.get()
    assert job.name == "catalogue.refresh"
    assert job.payload == {"axis": "row", "values": [row_value(vietnam)]}


def test_publish_enqueues_nothing_without_dependents():
    published(article())
    published(country("VN"))

    assert not Job.objects.exists()


def test_publish_rolls_back_completely_on_failure():
    """The change, the last row to be written, gets a position that is already used."""
    record = in_review(article())
    Change.objects.create(
        position=1,
        kind="article",
        code="x",
        action="updated",
        revision=1,
        changed_at=AT,
    )

    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        reviewing.approve(record, by=actor(), at=AT)

    assert Article.objects.get().status == Status.IN_REVIEW
    assert Article.objects.get().revision == 0
    assert not Entry.objects.exists()
    assert Change.objects.count() == 1


def test_languages_of_a_draft_are_those_of_its_written_fields():
    without_texts = republished(edition(theme_en="", summary_en=""))
    by_summary = republished(
        edition(theme_en="", summary_th="สรุป", theme_zh_hans="主题")
    )

    assert without_texts.languages == []
    assert by_summary.languages == ["zh-hans", "th"]


def test_languages_of_a_published_record_follow_an_edit():
    record = published(article("one", title_en="Title", summary_en="Summary"))
    record.title_vi = "Tên"
    record.save()
    by_title = republished(record)
    assert by_title.languages == ["en"]
    record.summary_vi = "Nội dung"
    record.save()
    republished(record)

    assert Article.objects.get().languages == ["en", "vi"]
    assert Entry.objects.get().languages == ["en", "vi"]


def test_republished_organ_refreshes_dependents():
    host = published(organ("cn-gx"))
    published(edition(host_organs=[host]))

    republished(host, at=AT + HOUR)

    assert Job.objects.get().payload == {"axis": "row", "values": [row_value(host)]}
