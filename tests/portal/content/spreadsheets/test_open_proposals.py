"""Loading record files while changes of the records wait for approval."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from portal.conference.models import Article
from portal.conference.resources import ArticleResource
from portal.content.publishing.models import Proposal, Source
from portal.content.review import operations as review
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Topic
from portal.reference.directory.renaming import operations as renaming
from portal.reference.directory.renaming.versions import version_of
from portal.reference.directory.resources import TopicResource
from tests import reviewing
from tests.factories.directory import name_change
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.load_helpers import loaded, planned, row
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)
LAST = AT + dt.timedelta(days=2)


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def author():
    return staff("sample.author", is_superuser=True)


@pytest.fixture
def reviewer():
    return staff("sample.reviewer", is_superuser=True)


def article_row(**cells: str) -> tuple:
    return ArticleResource, [
        row(ArticleResource, **{"source_urls": "https://one.example/", **cells})
    ]


def propose(record: Article, *, by, at=LATER, change=lambda record: None, **values):
    """Propose ``values`` and what ``change`` does to the record."""
    base = take_snapshot(record, record.child_relations)
    with rolled_back_transaction():
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        change(record)
        proposed = take_snapshot(record, record.child_relations)
    record.refresh_from_db()
    return review.propose(
        record, base=base, proposed=proposed, public_note={}, by=by, at=at
    )


def add_source(record: Article) -> None:
    Source.objects.create(
        record=record, position=1, url="https://person.example/", host="person.example"
    )


def kept_by(plan) -> dict[str, tuple[str, bool]]:
    """Return the user of the edit of each kept field, and whether it is proposed."""
    return {
        kept.field: (kept.edit.by, kept.edit.is_proposed)
        for row in plan.rows
        for kept in row.kept
    }


def test_accepted_change_is_kept_as_an_edit_of_its_author(author, reviewer):
    loaded(article_row())
    proposal = propose(
        Article.objects.get(), by=author, change=add_source, title_en="By a person"
    )
    reviewing.accept(proposal, by=reviewer, at=LATER)

    (plan,) = planned(
        article_row(title_en="By the file", source_urls="", summary_en="New"), at=LAST
    )

    stored = Article.objects.get()
    assert (stored.title_en, stored.summary_en) == ("By a person", "New")
    assert stored.sources.count() == 2
    assert kept_by(plan) == {
        "title_en": ("sample.author", False),
        "sources": ("sample.author", False),
    }
    assert plan.rows[0].kept[0].edit.at == LATER


def test_waiting_change_stays_valid_and_keeps_its_fields(author, reviewer):
    loaded(article_row(title_zh="旧"))
    proposal = propose(
        Article.objects.get(), by=author, change=add_source, title_en="Proposed"
    )

    (plan,) = planned(
        article_row(
            title_en="By the file", title_zh="新", summary_en="New", source_urls=""
        ),
        at=LAST,
    )

    stored = Article.objects.get()
    assert (stored.title_en, stored.title_zh_hans) == ("Opening", "新")
    assert stored.sources.count() == 1
    assert kept_by(plan) == {
        "title_en": ("sample.author", True),
        "sources": ("sample.author", True),
    }
    proposal.refresh_from_db()
    assert proposal.state == "waiting"

    reviewing.accept(proposal, by=reviewer, at=LAST)

    stored = Article.objects.get()
    assert (stored.title_en, stored.title_zh_hans) == ("Proposed", "新")
    assert stored.summary_en == "New"
    assert [source.url for source in stored.sources.all()] == [
        "https://one.example/",
        "https://person.example/",
    ]


def test_sources_of_the_file_are_in_a_waiting_change_of_other_fields(author, reviewer):
    loaded(article_row())
    proposal = propose(Article.objects.get(), by=author, title_en="Proposed")
    loaded(article_row(source_urls="https://new.example/"), at=LAST)
    proposal.refresh_from_db()

    reviewing.accept(proposal, by=reviewer, at=LAST)

    stored = Article.objects.get()
    assert stored.title_en == "Proposed"
    assert [source.url for source in stored.sources.all()] == ["https://new.example/"]


def test_returned_change_keeps_its_fields_and_a_discarded_one_does_not(
    author, reviewer
):
    loaded(article_row())
    proposal = propose(Article.objects.get(), by=author, title_en="Proposed")
    reviewing.return_to_author(proposal, by=reviewer, at=LATER, reason="Sample.")
    returned = loaded(article_row(title_en="By the file"), at=LAST)
    proposal.refresh_from_db()
    reviewing.discard(proposal, by=reviewer, at=LAST)

    discarded = loaded(article_row(title_en="By the file"), at=LAST)

    assert (returned, discarded) == ([{"kept": 1}], [{"updated": 1}])


def test_field_that_left_a_waiting_change_is_written(author):
    loaded(article_row())
    stored = Article.objects.get()
    propose(stored, by=author, title_en="Proposed", summary_en="Proposed")
    propose(stored, by=author, summary_en="Proposed")

    (plan,) = planned(article_row(title_en="By the file", summary_en="By the file"))

    assert Article.objects.get().title_en == "By the file"
    assert kept_by(plan) == {"summary_en": ("sample.author", True)}


def test_change_that_was_outdated_before_stays_outdated(author, reviewer):
    loaded(article_row())
    proposal = propose(Article.objects.get(), by=author, title_en="Proposed")
    Article.objects.update(summary_en="By SQL")
    loaded(article_row(summary_en="New"), at=LAST)
    proposal.refresh_from_db()

    with pytest.raises(review.OutdatedProposalError):
        reviewing.accept(proposal, by=reviewer, at=LAST)


def test_dry_run_leaves_a_waiting_change_as_it_is(author):
    loaded(article_row())
    propose(Article.objects.get(), by=author, title_en="Proposed")
    before = Proposal.objects.values().get()

    planned(article_row(summary_en="New"), at=LAST, dry_run=True)

    assert Proposal.objects.values().get() == before


def test_form_that_was_opened_before_the_load_is_refused_with_both_versions(author):
    """The form of the public record proposes; what the load wrote is merged into it."""
    loaded(article_row())
    url = reverse("admin:conference_article_change", args=[Article.objects.get().pk])
    client = Client()
    client.force_login(author)
    form_data = opened_form(client, url)
    loaded(article_row(summary_en="New"), at=LAST)

    response = client.post(url, form_data | {"title_en": "By a person"})

    assert response.status_code == 200
    assert "system:record changed this record" in response.text
    assert not Proposal.objects.exists()
    client.post(url, opened_form(client, url) | {"title_en": "By a person"})
    wanted = Proposal.objects.get().wanted["values"]
    assert (wanted["title_en"], wanted["summary_en"]) == ("By a person", "New")


def topic_files(**cells: str) -> tuple:
    topics = [row(TopicResource, **cells)]
    return (TopicResource, topics), article_row(topic_keys="training")


def test_change_of_a_name_is_kept_while_it_waits_and_after(author, reviewer):
    loaded(*topic_files())
    topic = Topic.objects.get()
    change = name_change(topic, by=author, at=LATER, name_en="Courses")

    waiting, _articles = planned(
        *topic_files(name_en="By the file", name_zh_hans="培训"), at=LAST
    )
    topic.refresh_from_db()
    change.refresh_from_db()
    renaming.accept(change, version=version_of(change, topic), by=reviewer, at=LAST)
    accepted, _articles = planned(*topic_files(name_en="Again", name_zh_hans="培训"))

    topic.refresh_from_db()
    assert (topic.name_en, topic.name_zh_hans) == ("Courses", "培训")
    assert kept_by(waiting) == {"name_en": ("sample.author", True)}
    assert kept_by(accepted) == {"name_en": ("sample.author", False)}
