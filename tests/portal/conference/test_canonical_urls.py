"""Each record has one URL; other spellings of its code redirect to that URL."""

import pytest

from tests.factories.conference import article, document, edition
from tests.factories.directory import country
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/conference/015/", "/en/conference/15/"),
        ("/vi/conference/0015/", "/vi/conference/15/"),
        ("/en/conference/015/?a=1&b=%26", "/en/conference/15/?a=1&b=%26"),
        ("/en/countries/VN/", "/en/countries/vn/"),
        ("/en/countries/vN/?page=2", "/en/countries/vn/?page=2"),
    ],
)
def test_noncanonical_code_redirects_permanently(client, path, target):
    published(edition(15))
    published(country("VN"))

    response = client.get(path)

    assert (response.status_code, response["Location"]) == (301, target)


@pytest.mark.parametrize(
    "address",
    ["/en/documents/doc-0002/", "/en/documents/DOC-00001/", "/en/news/Closing/"],
)
def test_unknown_code_returns_404(client, address):
    published(document("DOC-0001"))
    published(article("opening"))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/en/conference/016/", "/en/countries/LA/"])
def test_draft_returns_404_for_any_code_spelling(client, address):
    edition(16)
    country("LA")

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/en/conference/15/", "/en/conference/015/"])
def test_withdrawn_record_returns_410_for_any_code_spelling(client, address):
    withdrawn(edition(15))

    assert client.get(address).status_code == 410


@pytest.mark.parametrize(
    "address", ["/en/conference/15/", "/en/countries/vn/", "/en/documents/DOC-0001/"]
)
def test_canonical_url_responds_without_redirect(client, address):
    published(edition(15))
    published(country("VN"))
    published(document("DOC-0001"))

    assert client.get(address).status_code == 200
