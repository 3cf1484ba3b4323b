"""Pictures on public pages and in the API, and the check for alternative text."""

import datetime as dt

import pytest

from portal.content.publishing import operations
from portal.content.publishing.public_files import (
    MissingAltText,
    find_pictures_without_alt_text,
)
from portal.content.publishing.reviewed_versions import ReviewedVersionError
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


def test_picture_is_shown_with_alt_text_and_caption(client):
    record = article(title_en="Opening")
    attached_picture = picture(caption_zh_hans="会场", credit="Sample Agency")
    illustration(record, attached_picture)
    published(record)

    page = client.get(record.get_absolute_url()).content.decode()

    assert (
        f'src="{attached_picture.file.get_absolute_url()}" alt="A sample building"'
        in page
    )
    assert 'lang="en" width="40" height="30" loading="lazy"' in page
    assert '<span lang="zh-Hans">会场</span>' in page
    assert '<span class="picture__credit" lang="">Sample Agency</span>' in page


def test_alt_text_in_other_language_is_marked(client):
    record = article(title_en="Opening", title_vi="Khai mạc")
    illustration(record)
    published(record)

    page = client.get(f"/vi/news/{record.slug}/").content.decode()

    assert 'alt="A sample building" lang="en"' in page
    assert "notice" in page


def test_pictures_keep_order(client):
    record = article(title_en="Opening")
    illustration(record, picture(alternative_en="Second"), position=2)
    illustration(record, picture(alternative_en="First"), position=1)
    published(record)

    illustrations = client.get(f"/api/v1/articles/{record.slug}/").json()[
        "illustrations"
    ]

    assert [item["alternative"] for item in illustrations] == [
        {"text": "First", "language": "en"},
        {"text": "Second", "language": "en"},
    ]
    assert illustrations[0]["caption"] is None
    assert (illustrations[0]["width"], illustrations[0]["height"]) == (40, 30)


def test_picture_requires_chinese_or_english_alt_text():
    record, other_article = article("one"), article("other")
    without_text = picture(alternative_en="")
    only_vietnamese = picture(alternative_en="", alternative_vi="Một tòa nhà")
    for attached_picture in (
        without_text,
        only_vietnamese,
        picture(),
        picture(alternative_zh_hans="楼"),
    ):
        illustration(record, attached_picture)
    illustration(other_article, picture(alternative_en=None))

    assert find_pictures_without_alt_text(record) == [without_text, only_vietnamese]


def test_invisible_alt_text_counts_as_missing():
    """Forms reject such text, but older rows may contain it."""
    record = article()
    without_text = picture(alternative_en="\u200b", alternative_zh_hans="\u3000")
    illustration(record, without_text)

    assert find_pictures_without_alt_text(record) == [without_text]


def test_record_with_picture_missing_alt_text_cannot_be_approved():
    record = in_review(article("one"))
    without_text = illustration(record, picture(alternative_en="")).picture

    with pytest.raises(
        MissingAltText, match="Add alternative text in Chinese or English"
    ):
        reviewing.approve(record, by=actor(), at=AT)

    assert article_now(record).status == "in_review"
    without_text.alternative_en = "A building"
    without_text.save()
    reviewing.approve(record, by=actor(), at=AT)
    assert article_now(record).status == "published"


def test_scheduled_record_is_not_published_after_alt_text_removal():
    record = article("one")
    attached_picture = illustration(record).picture
    scheduled(record, AT + dt.timedelta(days=1))
    type(attached_picture).objects.update(alternative_en="")

    with pytest.raises(
        ReviewedVersionError,
        match=("was changed after it was approved, so it was not published"),
    ):
        operations.publish(record, by=actor(), at=AT, version=None)


def article_now(record):
    return type(record).objects.get(pk=record.pk)
