"""``published(at)`` is the only rule of what is public: status and time."""

import datetime as dt

import pytest

from portal.conference.models import Article
from portal.content.publishing.choices import Status
from tests.factories.conference import article
from tests.factories.publishing import AT, published, withdrawn

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize("status", Status.values)
def test_only_records_with_status_published_are_public(status):
    """The publishing time alone does not count: a withdrawn record keeps it."""
    published(article())
    Article.objects.update(status=status, published_at=AT)

    is_public = Article.objects.published(AT).exists()

    assert is_public == (status == Status.PUBLISHED)


def test_withdrawn_record_is_not_public():
    record = withdrawn(article())

    assert record.published_at is not None
    assert not Article.objects.published(AT + dt.timedelta(days=365)).exists()


@pytest.mark.parametrize(
    ("at", "is_public"), [(AT - SECOND, False), (AT, True), (AT + SECOND, True)]
)
def test_record_is_public_from_its_publishing_time(at, is_public):
    published(article())
    Article.objects.update(published_at=AT)

    assert Article.objects.published(at).exists() is is_public
