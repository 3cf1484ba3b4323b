"""Public pages pass the Nu HTML Checker, which the W3C validator uses too."""

import pytest

pytestmark = pytest.mark.nu

PAGES = (
    "/en/",
    "/zh-hans/",
    "/km/",
    "/en/conference/",
    "/en/conference/15/",
    "/zh-hant/conference/9/",
    "/en/documents/?country=VN",
    "/en/documents/DOC-0001/",
    "/th/seminars/SEM-0001/",
    "/en/seminars/",
    "/zh-hans/delegations/",
    "/en/delegations/VIS-0001/",
    "/en/exchanges/",
    "/en/exchanges/meetings/MTG-0001/",
    "/en/exchanges/cn-vn-border-meeting/",
    "/en/news/",
    "/my/countries/",
    "/en/countries/vn/",
    "/en/organs/cn-gx/",
    "/en/topics/",
    "/km/topics/extradition/",
    "/en/treaties/",
    "/th/counterparts/?organ=cn-gx",
    "/en/updates/",
    "/en/about/",
    "/en/about/conference/",
    "/en/site-map/",
    "/en/contact/",
    "/en/privacy/",
    "/en/accessibility/",
    "/en/no-such-page/",
    "/en/seminars/?year=never",
    "/api/docs/",
)


def test_pages_are_valid_html(client, record, nu_errors):
    pages = {path: client.get(path).content.decode() for path in PAGES}

    assert nu_errors(pages) == []
