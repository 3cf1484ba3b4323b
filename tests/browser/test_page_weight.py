"""Size of pages for old phones, and the fonts that pages download."""

import gzip
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, Page

from tests.failures import collect_failures

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
# With a layout first: a font is requested when a text that needs it is laid out.
FONTS_READY = "() => { document.body.offsetHeight; return document.fonts.ready; }"


class Visit:
    """A browser without any file of the portal, and what its pages request."""

    def __init__(self, page: Page):
        self.page = page
        self.text: dict[str, int] = {}
        self.requested: dict[str, str] = {}
        page.on("request", self._note)

    def _note(self, request) -> None:
        self.requested[request.url] = request.resource_type

    def open(self, address: str) -> None:
        """Open a page and wait until its files, fonts too, have loaded."""
        answer = self.page.goto(address)
        assert answer.ok, address
        self.text[address] = _compressed(answer.body())
        self.page.evaluate(FONTS_READY)

    def open_language_menu(self) -> None:
        self.page.locator(".menu--languages summary").click()
        self.page.evaluate(FONTS_READY)

    def urls(self, *kinds: str) -> list[str]:
        return [url for url, kind in self.requested.items() if kind in kinds]

    def fonts(self) -> set[str]:
        file_names = {urlsplit(url).path.rsplit("/", 1)[1] for url in self.urls("font")}
        # A file name may contain a hash of the content.
        return {name.split(".")[0] for name in file_names}


def _compressed(body: bytes) -> int:
    return len(gzip.compress(body, mtime=0))


class Scales:
    """Sizes of static files in bytes as sent, each measured once by requesting it.

    Not from the browser's own responses, which it drops when it opens the next page.
    """

    def __init__(self, requests: APIRequestContext):
        self._requests = requests
        self._bodies: dict[str, bytes] = {}

    def text(self, url: str) -> int:
        return _compressed(self._body(url))

    def font(self, url: str) -> int:
        return len(self._body(url))

    def _body(self, url: str) -> bytes:
        if url not in self._bodies:
            answer = self._requests.get(url)
            assert answer.ok, url
            self._bodies[url] = answer.body()
        return self._bodies[url]


@pytest.fixture
def deployed_stylesheets() -> None:
    """Serve each stylesheet by itself: in sum 5 KiB more than joined and compressed.

    The limit then leaves a margin for pages in production.
    """


@pytest.fixture
def visits(browser) -> Iterator[dict[str, Visit]]:
    """Return a browser for each language; none has a file of another in its cache."""
    contexts = {language: browser.new_context() for language in FONTS}
    yield {
        language: Visit(context.new_page()) for language, context in contexts.items()
    }
    for context in contexts.values():
        context.close()


def test_page_weight_stays_in_budget_and_only_needed_fonts_load(
    visits, page, at, record
):
    for language, visit in visits.items():
        for path in PAGES:
            visit.open(at(f"/{language}/{path}"))
        visit.open_language_menu()

    scales = Scales(page.request)
    with collect_failures() as failures:
        for language, visit in visits.items():
            with failures.case(language):
                # What a script of the last page requests later counts too. All
                # languages wait at the same time.
                visit.page.wait_for_load_state("networkidle")
                _check(visit, scales, FONTS[language] | NAMES)


def _check(visit: Visit, scales: Scales, expected_fonts: set[str]) -> None:
    static = sum(map(scales.text, visit.urls("stylesheet", "script")))
    weights = {address: size + static for address, size in visit.text.items()}
    fonts = {url: scales.font(url) for url in visit.urls("font")}
    heaviest = max(weights.values())
    assert visit.fonts() == expected_fonts
    assert heaviest <= MOST_TEXT, weights
    assert heaviest + sum(fonts.values()) <= MOST_WITH_FONTS, (weights, fonts)
