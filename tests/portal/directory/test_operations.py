"""What follows when a name changes that records use."""

import datetime as dt

import pytest

from portal.catalogue import operations as catalogue
from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.conference.models import Article
from portal.conference.resources import ArticleResource, DocumentResource
from portal.directory import operations
from portal.directory.models import Topic
from portal.directory.resources import (
    CountryResource,
    PlaceResource,
    TopicResource,
)
from portal.jobs.models import Job
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.publishing import AT, actor, published, scheduled, withdrawn
from tests.portal.publishing.spreadsheets import loaded, loader, row

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


def retold(row) -> int:
    return operations.retell_users(model=row._meta.label, pk=row.pk, at=LATER)


def test_every_published_user_is_told_anew():
    hanoi = place("ha-noi")
    published(edition(1, places=[hanoi]))
    published(document("DOC-0001", place=hanoi))
    published(organ("vn-spp", place=hanoi))
    published(article("other"))

    count = retold(hanoi)

    told = Change.objects.filter(action="updated")
    assert count == 3
    assert set(told.values_list("kind", "code", "revision", "changed_at")) == {
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


def test_what_is_not_public_is_told_to_nobody():
    training = topic("training")
    article("draft", topics=[training])
    withdrawn(article("gone", topics=[training]))
    scheduled(article("waits", topics=[training]), AT + dt.timedelta(days=9))
    before = list(Change.objects.values())

    count = retold(training)

    assert count == 0
    assert list(Change.objects.values()) == before
    assert not Entry.objects.exists()


@pytest.mark.parametrize("model", ["directory.Topic", "directory.Place"])
def test_row_that_has_vanished_has_no_users(model):
    published(article(topics=[topic()]))

    assert operations.retell_users(model=model, pk=0, at=LATER) == 0
    assert not Change.objects.filter(action="updated").exists()


def test_record_is_told_anew_under_the_signature_of_its_editor():
    training = topic("training")
    record = published(article(topics=[training]), by=actor("editor"))

    retold(training)

    record.refresh_from_db()
    assert (record.updated_by, record.updated_at) == (actor("editor"), AT)
    assert (record.published_at, record.changed_at) == (AT, LATER)


def test_loader_still_takes_a_record_that_was_told_anew_for_its_own():
    loaded(
        (TopicResource, [row(TopicResource)]),
        (ArticleResource, [row(ArticleResource, topic_keys="training")]),
    )
    retold(Topic.objects.get())

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


def test_names_that_a_load_changes_are_told_anew(django_capture_on_commit_callbacks):
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

    told = Change.objects.filter(action="updated").values_list("code", flat=True)
    assert set(told) == {"DOC-0001", "opening"}
    assert catalogue.rebuild(at=LATER)[:2] == (0, 0)


@pytest.mark.parametrize("is_used", [True, False])
def test_job_is_written_for_a_name_in_use_only(is_used):
    training = topic("training")
    article(topics=[training] if is_used else [])

    operations.name_changed(training, at=AT)

    assert operations.is_used(training) == is_used
    assert Job.objects.count() == int(is_used)


def test_country_party_and_seat_are_uses():
    vietnam = country("VN")
    hanoi = place("ha-noi", country=vietnam)
    ministry = party(country=vietnam)

    assert operations.is_used(vietnam)
    assert not operations.is_used(hanoi)
    assert not operations.is_used(ministry)
