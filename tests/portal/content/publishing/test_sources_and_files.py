"""Sources, public files and pictures of records, loaded in one query."""

import pytest

from portal.content.publishing.sources_and_files import (
    PublicFile,
    load_sources_and_files,
)
from portal.core.languages import LANGUAGES_BY_CODE
from tests.factories import files
from tests.factories.conference import article
from tests.factories.publishing import (
    attachment,
    evidence_only_host,
    illustration,
    source,
)

pytestmark = pytest.mark.django_db
ENGLISH, VIETNAMESE = LANGUAGES_BY_CODE["en"], LANGUAGES_BY_CODE["vi"]


def test_sources_and_files_keep_order():
    record = article("opening")
    evidence_only_host("copies.example")
    source(record, "https://www.copies.example/2", position=2)
    source(record, "https://agency.example/1", position=1)

    loaded = load_sources_and_files([record], ENGLISH)[record.pk]

    assert [
        (public_source.url, public_source.host, public_source.is_evidence_only)
        for public_source in loaded.sources
    ] == [
        ("https://agency.example/1", "agency.example", False),
        ("https://www.copies.example/2", "www.copies.example", True),
    ]
    assert loaded.files == []


def test_non_public_files_are_omitted():
    record = article("opening")
    open_file = files.stored_file()
    attachment(record, open_file, language="zh-hans", title="Statement")
    attachment(record, is_public=False, title="Minutes")

    public_files = load_sources_and_files([record], ENGLISH)[record.pk].files

    assert public_files == [
        PublicFile(
            url=open_file.get_absolute_url(),
            name=open_file.name,
            title="Statement",
            language="zh-Hans",
            media_type=open_file.media_type,
            size=open_file.size,
        )
    ]


def test_pictures_are_localized():
    record = article("opening")
    stored = files.picture(
        alternative_vi="Một tòa nhà", caption_en="The hall", credit="Sample Agency"
    )
    illustration(record, stored)

    (loaded,) = load_sources_and_files([record], VIETNAMESE)[record.pk].pictures

    assert loaded.url == stored.file.get_absolute_url()
    assert (loaded.width, loaded.height, loaded.media_type) == (40, 30, "image/jpeg")
    assert (loaded.alternative.text, loaded.alternative.tag) == ("Một tòa nhà", "vi")
    assert (loaded.caption.text, loaded.caption.is_fallback) == ("The hall", True)
    assert loaded.credit == "Sample Agency"


def test_picture_without_alt_text_is_omitted():
    record = article("opening")
    illustration(record, files.picture(alternative_en=""))

    assert load_sources_and_files([record], ENGLISH)[record.pk].pictures == []


def test_sources_and_files_of_other_record_are_omitted():
    record, other_article = article("opening"), article("closing")
    source(other_article, "https://agency.example/1")
    attachment(other_article)
    illustration(other_article)

    loaded = load_sources_and_files([record], ENGLISH)[record.pk]

    assert (loaded.sources, loaded.files, loaded.pictures) == ([], [], [])


@pytest.mark.parametrize("count", [1, 3, 20])
def test_sources_and_files_need_three_queries(count, django_assert_num_queries):
    records = [article(f"sample-{number}") for number in range(count)]
    for record in records:
        source(record)
        attachment(record)
        illustration(record)

    with django_assert_num_queries(3):
        loaded = load_sources_and_files(records, ENGLISH)

    assert [len(loaded[record.pk].files) for record in records] == [1] * count


@pytest.mark.parametrize("count", [1, 3, 20])
def test_archived_copies_need_one_more_query(count, django_assert_num_queries):
    archive = "https://archive.example/2024/https://agency.example/report"
    records = [article(f"sample-{number}") for number in range(count)]
    for record in records:
        source(record, archive_url=archive)

    with django_assert_num_queries(4):
        loaded = load_sources_and_files(records, ENGLISH)

    assert [loaded[record.pk].sources[0].archive_url for record in records] == (
        [archive] * count
    )


def test_empty_record_list_needs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert load_sources_and_files([], ENGLISH) == {}
