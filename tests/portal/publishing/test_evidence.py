"""Sources and public files of records, in one query."""

import pytest

from portal.languages import BY_CODE
from portal.publishing.evidence import PublicFile, load_evidence
from tests.factories import files
from tests.factories.conference import article
from tests.factories.publishing import (
    attachment,
    evidence_only_host,
    illustration,
    source,
)

pytestmark = pytest.mark.django_db
ENGLISH, VIETNAMESE = BY_CODE["en"], BY_CODE["vi"]


def test_evidence_is_told_in_its_order():
    record = article("opening")
    evidence_only_host("copies.example")
    source(record, "https://www.copies.example/2", position=2)
    source(record, "https://agency.example/1", position=1)

    found = load_evidence([record], ENGLISH)[record.pk]

    assert found.sources == [
        {
            "url": "https://agency.example/1",
            "host": "agency.example",
            "is_evidence_only": False,
        },
        {
            "url": "https://www.copies.example/2",
            "host": "www.copies.example",
            "is_evidence_only": True,
        },
    ]
    assert found.files == []


def test_files_are_told_only_when_they_are_public():
    record = article("opening")
    open_file = files.stored_file()
    attachment(record, open_file, language="zh-hans", title="Statement")
    attachment(record, is_public=False, title="Minutes")

    found = load_evidence([record], ENGLISH)[record.pk].files

    assert found == [
        PublicFile(
            url=open_file.get_absolute_url(),
            name=open_file.name,
            title="Statement",
            language="zh-Hans",
            media_type=open_file.media_type,
            size=open_file.size,
        )
    ]


def test_pictures_are_told_in_the_language_of_the_reader():
    record = article("opening")
    shown = files.picture(
        alternative_vi="Một tòa nhà", caption_en="The hall", credit="Sample Agency"
    )
    illustration(record, shown)

    (found,) = load_evidence([record], VIETNAMESE)[record.pk].pictures

    assert found.url == shown.file.get_absolute_url()
    assert (found.width, found.height, found.media_type) == (40, 30, "image/jpeg")
    assert (found.alternative.text, found.alternative.tag) == ("Một tòa nhà", "vi")
    assert (found.caption.text, found.caption.is_fallback) == ("The hall", True)
    assert found.credit == "Sample Agency"


def test_picture_without_words_is_not_told():
    record = article("opening")
    illustration(record, files.picture(alternative_en=""))

    assert load_evidence([record], ENGLISH)[record.pk].pictures == []


def test_evidence_of_another_record_is_not_told():
    record, other = article("opening"), article("closing")
    source(other, "https://agency.example/1")
    attachment(other)
    illustration(other)

    found = load_evidence([record], ENGLISH)[record.pk]

    assert (found.sources, found.files, found.pictures) == ([], [], [])


@pytest.mark.parametrize("count", [1, 3])
def test_evidence_costs_one_query(count, django_assert_num_queries):
    records = [article(f"sample-{number}") for number in range(count)]
    for record in records:
        source(record)
        attachment(record)
        illustration(record)

    with django_assert_num_queries(1):
        found = load_evidence(records, ENGLISH)

    assert [len(found[record.pk].files) for record in records] == [1] * count


def test_evidence_of_no_record_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert load_evidence([], ENGLISH) == {}
