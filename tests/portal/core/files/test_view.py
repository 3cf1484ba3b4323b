"""/files/: a file is public only while a published record attaches it publicly."""

import datetime as dt

import pytest

from tests import reviewing
from tests.factories.conference import article, document
from tests.factories.directory import country
from tests.factories.files import JPEG, PDF, PNG, picture, stored_file
from tests.factories.publishing import (
    AT,
    actor,
    attachment,
    illustration,
    published,
    scheduled,
    withdrawn,
)

pytestmark = pytest.mark.django_db


def test_file_of_a_published_record_is_sent_as_a_download(client):
    stored = stored_file()
    attachment(published(document()), stored)

    response = client.get(stored.get_absolute_url())
    content = b"".join(response.streaming_content)

    assert content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="sample.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response


def test_file_without_published_record_returns_404(client):
    stored = stored_file()
    attachment(document(), stored)
    attachment(withdrawn(article()), stored)
    attachment(scheduled(article(), AT + dt.timedelta(days=9999)), stored)
    attachment(published(article()), stored, is_public=False)
    attachment(published(article("other")), stored_file(PNG))

    assert client.get(stored.get_absolute_url()).status_code == 404


def test_draft_file_is_not_exposed_by_equal_primary_key(client):
    """The draft document and the published article have the same primary key."""
    public = published(article())
    draft = document(pk=public.pk)
    stored = stored_file()
    attachment(draft, stored)

    assert client.get(stored.get_absolute_url()).status_code == 404


def test_file_returns_404_after_withdrawal(client):
    record, stored = published(country("VN")), stored_file()
    attachment(record, stored)
    before = client.get(stored.get_absolute_url())
    b"".join(before.streaming_content)

    reviewing.withdraw(record, by=actor(), at=AT)

    assert before.status_code == 200
    assert client.get(stored.get_absolute_url()).status_code == 404


def test_unknown_file_is_not_found(client):
    attachment(published(document()))

    assert client.get(f"/files/{'0' * 64}/sample.pdf").status_code == 404


def test_file_with_missing_bytes_returns_404(client):
    stored = stored_file(PNG)
    attachment(published(document()), stored)
    stored.content.storage.delete(stored.content.name)

    assert client.get(stored.get_absolute_url()).status_code == 404


def test_file_url_requires_exact_name(client):
    stored = stored_file(name="sample.pdf")
    attachment(published(document()), stored)

    for name in ("other.pdf", "sample.pdf.exe", "SAMPLE.pdf"):
        assert client.get(f"/files/{stored.sha256}/{name}").status_code == 404


def test_file_response_does_not_vary_by_language(client):
    stored = stored_file()
    attachment(published(document()), stored)

    response = client.get(stored.get_absolute_url(), headers={"accept-language": "vi"})
    b"".join(response.streaming_content)

    assert response["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert "Content-Language" not in response.headers
    assert "Accept-Language" not in response.get("Vary", "")


def test_published_picture_is_served_inline(client):
    record = article()
    stored = illustration(record).picture.file
    before = client.get(stored.get_absolute_url()).status_code
    published(record)

    response = client.get(stored.get_absolute_url())
    b"".join(response.streaming_content)

    assert before == 404
    assert response["Content-Disposition"] == 'inline; filename="sample.jpg"'
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_attached_picture_is_served_as_download(client):
    stored = stored_file(JPEG, "sample.jpg")
    attachment(published(document()), stored)

    response = client.get(stored.get_absolute_url())
    b"".join(response.streaming_content)

    assert response["Content-Disposition"] == 'attachment; filename="sample.jpg"'


def test_picture_without_alt_text_returns_404(client):
    record = published(article())
    undescribed = illustration(record, picture(alternative_en="")).picture

    assert client.get(undescribed.file.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("kinds", "queries"), [(1, 3), (3, 3)])
def test_file_query_count_is_independent_of_holder(
    kinds, queries, client, django_assert_num_queries
):
    stored = stored_file()
    for record in (document(), article(), country("VN"))[-kinds:]:
        attachment(published(record), stored)

    with django_assert_num_queries(queries):
        response = client.get(stored.get_absolute_url())
    b"".join(response.streaming_content)
