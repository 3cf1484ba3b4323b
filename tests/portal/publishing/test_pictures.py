"""Pictures on the pages of records, in the API, and before publication."""

import datetime as dt

import pytest

from portal.publishing import operations
from portal.publishing.files import Undescribed, missing_alternatives
from portal.publishing.review.versions import ReviewedVersionError
from tests import reviewing
from tests.factories.conference import article
from tests.factories.files import picture
from tests.factories.publishing import (
    AT,
    actor,
    illustration,
    in_review,
    published,
    scheduled,
)

pytestmark = pytest.mark.django_db


def test_picture_is_shown_with_its_words(client):
    record = article(title_en="Opening")
    one = picture(caption_zh_hans="会场", credit="Sample Agency")
    illustration(record, one)
    published(record)

    page = client.get(record.get_absolute_url()).content.decode()

    assert f'src="{one.file.get_absolute_url()}" alt="A sample building"' in page
    assert 'lang="en" width="40" height="30" loading="lazy"' in page
    assert '<span lang="zh-Hans">会场</span>' in page
    assert '<span class="picture__credit" lang="">Sample Agency</span>' in page


def test_words_of_a_picture_in_another_language_are_noticed(client):
    record = article(title_en="Opening", title_vi="Khai mạc")
    illustration(record)
    published(record)

    page = client.get(f"/vi/news/{record.slug}/").content.decode()

    assert 'alt="A sample building" lang="en"' in page
    assert "notice" in page


def test_pictures_are_told_in_their_order(client):
    record = article(title_en="Opening")
    illustration(record, picture(alternative_en="Second"), position=2)
    illustration(record, picture(alternative_en="First"), position=1)
    published(record)

    told = client.get(f"/api/v1/articles/{record.slug}/").json()["illustrations"]

    assert [one["alternative"] for one in told] == [
        {"text": "First", "language": "en"},
        {"text": "Second", "language": "en"},
    ]
    assert told[0]["caption"] is None
    assert (told[0]["width"], told[0]["height"]) == (40, 30)


def test_picture_needs_words_in_chinese_or_english():
    record, other = article("one"), article("other")
    bare = picture(alternative_en="")
    vietnamese = picture(alternative_en="", alternative_vi="Một tòa nhà")
    for one in (bare, vietnamese, picture(), picture(alternative_zh_hans="楼")):
        illustration(record, one)
    illustration(other, picture(alternative_en=None))

    assert missing_alternatives(record) == [bare, vietnamese]


def test_words_that_show_nothing_are_none():
    """They are refused at the door today, but rows may be older than it."""
    record = article()
    bare = picture(alternative_en="\u200b", alternative_zh_hans="\u3000")
    illustration(record, bare)

    assert missing_alternatives(record) == [bare]


def test_record_with_a_bare_picture_is_not_approved():
    record = in_review(article("one"))
    bare = illustration(record, picture(alternative_en="")).picture

    with pytest.raises(Undescribed, match="shows pictures without"):
        reviewing.approve(record, by=actor(), at=AT)

    assert article_now(record).status == "in_review"
    bare.alternative_en = "A building"
    bare.save()
    reviewing.approve(record, by=actor(), at=AT)
    assert article_now(record).status == "published"


def test_record_whose_picture_became_bare_is_not_published_at_its_time():
    record = article("one")
    one = illustration(record).picture
    scheduled(record, AT + dt.timedelta(days=1))
    type(one).objects.update(alternative_en="")

    with pytest.raises(ReviewedVersionError, match="Another approval is needed"):
        operations.publish(record, by=actor(), at=AT)


def article_now(record):
    return type(record).objects.get(pk=record.pk)
