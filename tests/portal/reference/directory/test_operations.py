"""Refresh of records after the name of a topic, place or party changes."""

import datetime as dt

import pytest

from portal.conference.models import Article
from portal.conference.resources import ArticleResource, DocumentResource
from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.core.jobs.models import Job
from portal.core.jobs.registry import get_job
from portal.reference.directory import operations
from portal.reference.directory.models import Topic
from portal.reference.directory.resources import (
    CountryResource,
    PlaceResource,
    TopicResource,
)
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.publishing import AT, actor, published, scheduled, withdrawn
from tests.portal.content.spreadsheets.load_helpers import loaded, loader, row

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


def rename(row) -> int:
    """Rename ``row`` and refresh its users; return the number of changed entries."""
    row.name_en = "Another name"
    row.save()
    return catalogue.refresh_all(axis="row", values=[row_value(row)], at=LATER)


def test_rename_refreshes_every_published_user():
    hanoi = place("ha-noi")
    published(edition(1, places=[hanoi]))
    published(document("DOC-0001", place=hanoi))
    published(organ("vn-spp", place=hanoi))
    published(article("other"))

    count = rename(hanoi)

    changes = Change.objects.filter(action="updated")
    assert count == 3
    assert set(changes.values_list("kind", "code", "revision", "changed_at")) == {
        ("edition", "1", 2, LATER),
        ("document", "DOC-0001", 2, LATER),
        ("organ", "vn-spp", 2, LATER),
    }
    assert set(Entry.objects.values_list("code", "revision")) == {
        ("1", 2),
        ("DOC-0001", 2),
        ("vn-spp", 2),
        ("other", 1),
    }


def test_rename_announces_nothing_that_is_not_public():
    training = topic("training")
    article("draft", topics=[training])
    withdrawn(article("gone", topics=[training]))
    scheduled(article("waits", topics=[training]), AT + dt.timedelta(days=9))
    before = list(Change.objects.values())

    count = rename(training)

    assert count == 0
    assert list(Change.objects.values()) == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize("model", ["directory.Topic", "directory.Place"])
def test_job_of_an_earlier_release_for_a_deleted_row_does_nothing(model):
    published(article(topics=[topic()]))

    assert get_job("directory.retell_users")(model=model, pk=0) is None
    assert not Change.objects.filter(action="updated").exists()


def test_job_of_an_earlier_release_refreshes_the_users_of_the_row():
    training = topic("training")
    published(article("a", topics=[training]))
    training.name_en = "Another name"
    training.save()

    get_job("directory.retell_users")(model="directory.Topic", pk=training.pk)

    assert Change.objects.get(action="updated").code == "a"


def test_refresh_keeps_the_signature_of_the_editor():
    training = topic("training")
    record = published(article(topics=[training]), by=actor("editor"))

    rename(training)

    record.refresh_from_db()
    assert (record.updated_by, record.updated_at) == (actor("editor"), AT)
    assert (record.published_at, record.changed_at) == (AT, LATER)


def test_load_updates_a_record_that_was_refreshed():
    loaded(
        (TopicResource, [row(TopicResource)]),
        (ArticleResource, [row(ArticleResource, topic_keys="training")]),
    )
    rename(Topic.objects.get())

    counts = loaded(
        (
            ArticleResource,
            [row(ArticleResource, topic_keys="training", title_en="New")],
        ),
        at=LATER,
    )

    stored = Article.objects.get()
    assert counts == [{"updated": 1}]
    assert (stored.title_en, stored.updated_by) == ("New", loader())
    assert stored.revision == 3


def test_load_of_new_names_refreshes_their_users(django_capture_on_commit_callbacks):
    loaded(
        (CountryResource, [row(CountryResource)]),
        (PlaceResource, [row(PlaceResource)]),
        (TopicResource, [row(TopicResource)]),
        (ArticleResource, [row(ArticleResource, topic_keys="training")]),
        (DocumentResource, [row(DocumentResource, place_key="ha-noi")]),
    )

    with django_capture_on_commit_callbacks(execute=True):
        loaded(
            (PlaceResource, [row(PlaceResource, name_en="Thang Long")]),
            (TopicResource, [row(TopicResource, name_en="Instruction")]),
            at=LATER,
        )

    changes = Change.objects.filter(action="updated").values_list("code", flat=True)
    assert set(changes) == {"DOC-0001", "opening"}
    assert catalogue.rebuild(at=LATER)[:2] == (0, 0)


@pytest.mark.parametrize("is_public", [True, False])
def test_job_is_written_for_a_name_in_public_use_only(is_public):
    training = topic("training")
    record = article(topics=[training])
    if is_public:
        published(record)

    operations.enqueue_refresh_after_rename(training, at=AT)

    assert operations.is_referenced(training)
    assert Job.objects.count() == int(is_public)


def test_is_used_counts_countries_and_parties():
    vietnam = country("VN")
    hanoi = place("ha-noi", country=vietnam)
    ministry = party(country=vietnam)

    assert operations.is_referenced(vietnam)
    assert not operations.is_referenced(hanoi)
    assert not operations.is_referenced(ministry)
