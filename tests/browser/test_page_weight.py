"""Size of pages for old phones, and the fonts that pages download."""

import gzip
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

PAGES = ("", "documents/", "conference/15/", "countries/vn/")
KIB = 1024
MOST_TEXT = 40 * KIB
MOST_WITH_FONTS = 150 * KIB
LATIN = {"noto-sans-latin-400", "noto-sans-latin-600", "noto-serif-latin-600"}
VIETNAMESE = {
    "noto-sans-vietnamese-400",
    "noto-sans-vietnamese-600",
    "noto-serif-vietnamese-600",
}
NAMES = {"noto-sans-language-names-400"}
# Expected fonts of each language: those of its own script and no others. The language
# switch adds NAMES on every page.
FONTS = {
    "zh-hans": set(),
    "zh-hant": set(),
    "en": LATIN,
    "vi": LATIN | VIETNAMESE,
    "th": {"noto-sans-thai-400", "noto-sans-thai-600"},
    "lo": {"noto-sans-lao-400", "noto-sans-lao-600"},
    "km": {"noto-sans-khmer-400", "noto-sans-khmer-600"},
    "my": {"noto-sans-myanmar-400", "noto-sans-myanmar-600"},
}


class Scales:
    """Compressed sizes in bytes of a page and of all files it requested, by URL.

    Requests are recorded first and measured later by repeating them, because the
    browser drops the responses when it opens the next page.
    """

    def __init__(self, page):
        self.text: dict[str, int] = {}
        self.fonts: dict[str, int] = {}
        self._page = page
        self._fetched: dict[str, str] = {}
        page.on("requestfinished", self._note)

    def _note(self, request) -> None:
        self._fetched[request.url] = request.resource_type

    def weigh(self, *pages: str) -> None:
        """Measure these pages and all files requested for them, each file once."""
        for url in pages:
            self.text[url] = len(gzip.compress(self._body(url), mtime=0))
        # A copy, because requests of the page may still finish during the measurement.
        for url, kind in list(self._fetched.items()):
            if url in self.text or url in self.fonts:
                continue
            if kind in ("stylesheet", "script"):
                self.text[url] = len(gzip.compress(self._body(url), mtime=0))
            elif kind == "font":
                self.fonts[url] = len(self._body(url))

    def _body(self, url: str) -> bytes:
        answer = self._page.request.get(url)
        assert answer.ok, url
        return answer.body()

    def of_page(self, address: str) -> int:
        """Return the bytes of one page and of all static files, without other pages."""
        static = (n for url, n in self.text.items() if "/static/" in url)
        return self.text[address] + sum(static)

    def names(self) -> set[str]:
        file_names = {urlsplit(url).path.rsplit("/", 1)[1] for url in self.fonts}
        # A file name may contain a hash of the content.
        return {name.split(".")[0] for name in file_names}


@pytest.fixture
def deployed_stylesheets() -> None:
    """Serve each stylesheet by itself: in sum 5 KiB more than joined and compressed.

    The limit then leaves a margin for pages in production.
    """


@pytest.fixture
def fresh_page(browser) -> Iterator:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", FONTS)
def test_page_weight_stays_in_budget_and_only_needed_fonts_load(
    language, fresh_page, at, record
):
    scales = Scales(fresh_page)
    weights = {}
    for path in PAGES:
        address = at(f"/{language}/{path}")
        fresh_page.goto(address, wait_until="networkidle")
        scales.weigh(address)
        weights[path] = scales.of_page(address)
    fresh_page.locator(".menu--languages summary").click()
    fresh_page.wait_for_load_state("networkidle")
    scales.weigh()

    fonts = sum(scales.fonts.values())
    heaviest = max(weights.values())
    assert scales.names() == FONTS[language] | NAMES
    assert heaviest <= MOST_TEXT, weights
    assert heaviest + fonts <= MOST_WITH_FONTS, (weights, scales.fonts)
