"""Titles and descriptions of pages of the public record are distinct."""

import html
import io
import re
from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client

from portal.content.catalogue.models import Entry
from portal.website.sitemap_urls import static_page_urls
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta name="description"\s+content="(.*?)">', re.DOTALL)
# Search engines cut a description there.
_MAX_DESCRIPTION = 210


@pytest.fixture(scope="module")
def heads(rows_of_module):
    """Head of each page of the site, by language code and path."""
    with rows_of_module(_load_and_read) as result:
        yield result


def _load_and_read() -> dict[str, dict[str, str]]:
    call_command("load_record", stdout=io.StringIO())
    client = Client()
    static = {url.path.split("/", 2)[2] for url in static_page_urls()}
    records = Entry.objects.exclude(path="").values_list("path", flat=True)
    paths = sorted({*static, *records, "search/", "report/"})
    return {
        code: {
            path: client.get(f"/{code}/{path}").content.decode().split("</head>")[0]
            for path in paths
        }
        for code in LANGUAGES
    }


@pytest.mark.parametrize(
    "pattern", [_TITLE, _DESCRIPTION], ids=["title", "description"]
)
def test_pages_of_one_language_have_distinct_texts(heads, pattern):
    with collect_failures() as failures:
        for code, pages in heads.items():
            texts = {
                path: html.unescape(" ".join(pattern.search(head)[1].split()))
                for path, head in pages.items()
            }
            counts = Counter(texts.values())
            for path, text in texts.items():
                with failures.case(code, path, text[:80]):
                    assert text
                    assert counts[text] == 1
                    assert pattern is _TITLE or len(text) <= _MAX_DESCRIPTION
