"""Rows that were removed from a record file, and records that people deleted."""

import datetime as dt

import pytest

from portal.conference.models import Article
from portal.conference.resources import ArticleResource
from portal.content.changes.models import Change
from portal.content.publishing.links import set_links
from portal.core.audit.models import Deed
from portal.core.audit.operations import append_snapshot_diff
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Country, Place, Topic
from portal.reference.directory.resources import (
    CountryResource,
    OrganResource,
    PlaceResource,
    TopicResource,
)
from tests.factories.directory import topic
from tests.factories.publishing import AT, staff
from tests.portal.content.spreadsheets.load_helpers import (
    edit_record,
    loaded,
    planned,
    refused,
    row,
)

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def clerk():
    return staff("sample.clerk")


def topics(*keys: str) -> tuple:
    return TopicResource, [row(TopicResource, key=key) for key in keys]


def articles(**topic_keys: str) -> tuple:
    return ArticleResource, [
        row(ArticleResource, slug=slug, topic_keys=cell)
        for slug, cell in topic_keys.items()
    ]


def delete_topic(key: str, *, by) -> None:
    """Delete a topic as its page in the admin does."""
    deleted = Topic.objects.get(key=key)
    before = take_snapshot(deleted)
    append_snapshot_diff(deleted, before=before, after=None, by=by, at=LATER)
    deleted.delete()


def test_removed_rows_are_listed_with_their_use_and_not_deleted(clerk):
    topic("by-a-person")
    loaded(
        topics("training", "visits", "extradition"),
        articles(first="training;visits", second="training"),
    )
    before = Topic.objects.count(), Article.objects.count(), Change.objects.count()
    entries = Deed.objects.count()

    topic_plan, article_plan = planned(topics("extradition"), articles(first="visits"))

    after = Topic.objects.count(), Article.objects.count(), Change.objects.count() - 1
    assert after == before
    assert Deed.objects.count() == entries + 1  # the first article lost a topic
    assert [(absent.record.key, absent.uses) for absent in topic_plan.absent] == [
        ("training", [("article", "second")]),
        ("visits", [("article", "first")]),
    ]
    assert [absent.record.slug for absent in article_plan.absent] == ["second"]


def test_rows_in_use_that_are_missing_are_errors_of_the_rows_that_use_them():
    errors = refused(
        topics("visits"),
        (CountryResource, [row(CountryResource)]),
        (PlaceResource, [row(PlaceResource, country_iso2="LA")]),
        articles(first="visits", second="visits;training"),
    )

    assert [(error.file, error.row, error.column) for error in errors] == [
        ("places.csv", 2, "country_iso2"),
        ("articles.csv", 3, "topic_keys"),
    ]
    assert all(error.value and error.remedy for error in errors)
    assert not Topic.objects.exists()


def test_row_in_use_that_is_on_record_only_is_no_error():
    loaded(topics("training"))

    topic_plan, _articles = planned(topics("visits"), articles(first="training"))

    assert [absent.record.key for absent in topic_plan.absent] == ["training"]
    assert Article.objects.get().topics.get().key == "training"


def test_record_that_a_person_deleted_is_not_created_again(clerk):
    loaded(topics("training", "visits"))
    delete_topic("training", by=clerk)

    (plan,) = planned(topics("training", "visits"))

    assert [topic.key for topic in Topic.objects.all()] == ["visits"]
    kept = plan.rows[0]
    assert (kept.action, kept.deletion.by, kept.deletion.at) == (
        *("kept", "sample.clerk"),
        LATER,
    )
    assert loaded(topics("training", "visits")) == [{"unchanged": 1, "kept": 1}]


def test_deleted_record_is_created_again_if_a_row_that_is_written_refers_to_it(clerk):
    loaded(topics("training", "visits"), articles(first="training"))
    edit_record(
        Article.objects.get(), lambda record: set_links(record, "topics", []), by=clerk
    )
    delete_topic("training", by=clerk)

    kept = loaded(topics("training", "visits"), articles(first="training"))
    used = loaded(
        topics("training", "visits"), articles(first="training", second="training")
    )

    assert kept == [{"unchanged": 1, "kept": 1}, {"kept": 1}]
    assert used == [{"created": 1, "unchanged": 1}, {"created": 1, "kept": 1}]
    assert Article.objects.get(slug="second").topics.get().key == "training"
    assert not Article.objects.get(slug="first").topics.exists()


def test_deleted_record_that_another_deleted_record_needs_is_created_again(clerk):
    """An organ that is written names its deleted country by a deleted place."""
    files = (
        (CountryResource, [row(CountryResource)]),
        (PlaceResource, [row(PlaceResource)]),
    )
    organ = (OrganResource, [row(OrganResource, place_key="ha-noi")])
    loaded(*files)
    for model in (Place, Country):
        stored = model.objects.get()
        children = getattr(stored, "child_relations", ())
        before = take_snapshot(stored, children)
        append_snapshot_diff(stored, before=before, after=None, by=clerk, at=LATER)
        stored.delete()

    kept = loaded(*files)
    used = loaded(*files, organ)

    assert kept == [{"kept": 1}, {"kept": 1}]
    assert used == [{"created": 1}] * 3
    assert Country.objects.get().status == "published"
