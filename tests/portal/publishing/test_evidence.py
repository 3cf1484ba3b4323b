"""Sources and public files of records, in one query."""

import pytest

from portal.publishing.evidence import PublicFile, load_evidence
from tests.factories import files
from tests.factories.conference import article
from tests.factories.publishing import attachment, evidence_only_host, source

pytestmark = pytest.mark.django_db


def test_evidence_is_told_in_its_order():
    record = article("opening")
    evidence_only_host("copies.example")
    source(record, "https://www.copies.example/2", position=2)
    source(record, "https://agency.example/1", position=1)

    found = load_evidence([record])[record.pk]

    assert found.sources == [
        {"url": "https://agency.example/1", "is_evidence_only": False},
        {"url": "https://www.copies.example/2", "is_evidence_only": True},
    ]
    assert found.files == []


def test_files_are_told_only_when_they_are_public():
    record = article("opening")
    open_file = files.stored_file()
    attachment(record, open_file, language="zh-hans", title="Statement")
    attachment(record, is_public=False, title="Minutes")

    found = load_evidence([record])[record.pk].files

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


def test_evidence_of_another_record_is_not_told():
    record, other = article("opening"), article("closing")
    source(other, "https://agency.example/1")
    attachment(other)

    found = load_evidence([record])[record.pk]

    assert (found.sources, found.files) == ([], [])


@pytest.mark.parametrize("count", [1, 3])
def test_evidence_costs_one_query(count, django_assert_num_queries):
    records = [article(f"sample-{number}") for number in range(count)]
    for record in records:
        source(record)
        attachment(record)

    with django_assert_num_queries(1):
        found = load_evidence(records)

    assert [len(found[record.pk].files) for record in records] == [1] * count


def test_evidence_of_no_record_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert load_evidence([]) == {}
