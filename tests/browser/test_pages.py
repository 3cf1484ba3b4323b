"""Public pages in a browser: no foreign requests, no errors, accessible to all."""

import pytest
from playwright.sync_api import expect

from tests.browser.scrolling import find_overflow
from tests.failures import collect_failures

pytestmark = pytest.mark.browser

LANGUAGES = {
    "en": "en",
    "zh-hans": "zh-Hans",
    "vi": "vi",
    "th": "th",
    "km": "km",
    "my": "my",
}
WIDTHS = (360, 1280)
NARROW = 320
PAGES = {
    "home": "",
    "list": "conference/",
    "filtered list": "documents/?country=VN&kind=treaty",
    "list of visits": "delegations/",
    "list of meetings": "exchanges/",
    "edition": "conference/15/",
    "gap": "conference/5/",
    "document": "documents/DOC-0001/",
    "seminar": "seminars/SEM-0001/",
    "visit": "delegations/VIS-0001/",
    "meeting": "exchanges/meetings/MTG-0001/",
    "news": "news/",
    "about": "about/",
    "standing page": "about/conference/",
    "country": "countries/vn/",
    "organ": "organs/cn-gx/",
    "site map": "site-map/",
    "contact": "contact/",
    "privacy": "privacy/",
    "accessibility": "accessibility/",
    "report of an error": "report/",
    "countries": "countries/",
    "updates": "updates/",
    "counterparts": "counterparts/?organ=cn-gx",
    "treaties": "treaties/",
    "topics": "topics/",
    "topic": "topics/extradition/",
    "mechanism": "exchanges/cn-vn-border-meeting/",
    "empty list": "seminars/?year=1999",
    "search": "search/",
    "search with hits": "search/?q=declaration",
    "search without hits": "search/?q=zzzz",
    "figures": "figures/",
    "calendar": "calendar/?month=2025-09",
    "not found": "no-such-page/",
    "bad request": "seminars/?year=never",
}


def _languages(number: int) -> tuple[str, str]:
    """Return the languages of the page with this number, one for each of WIDTHS.

    No two of the first thirty pages have the same two in the same order.
    """
    codes = [*LANGUAGES]
    distance = 1 + number // len(codes) % (len(codes) - 1)
    return codes[number % len(codes)], codes[(number + distance) % len(codes)]


def test_pages_are_accessible_and_do_not_scroll_sideways(page, watch, axe, at, record):
    """Check each page in two languages, in another one at each width.

    Not in every language: a page has the same elements in all languages, which differ
    in texts, ``lang`` and fonts, and these come from templates that the pages share.
    Each language is on five or six pages of each width. A page scrolls sideways
    because of a box of a fixed width, whatever the language, or of a text that does
    not break: its language is on ten or eleven pages of different types, and lists and
    records are checked with large text in English, Burmese and Vietnamese
    (``test_large_text_fits_narrow_screen``). The narrowest width is set by resizing
    the page: no script of the portal reads the width of the window.
    """
    wrong = {}
    for number, (name, path) in enumerate(PAGES.items()):
        for width, language in zip(WIDTHS, _languages(number), strict=True):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(at(f"/{language}/{path}"))
            if violations := axe(page):
                wrong[name, language, width] = violations
            lang = page.locator("html").get_attribute("lang")
            if lang != LANGUAGES[language]:
                wrong[name, language, "lang"] = lang
            if overflow := find_overflow(page, width=NARROW):
                wrong[name, language, NARROW] = overflow

    assert wrong == {}


def test_language_switch_stays_on_the_page(page, watch, at, record):
    with collect_failures() as failures:
        for path in ("", "conference/15/", "seminars/", "countries/vn/"):
            with failures.case(path):
                page.goto(at(f"/en/{path}"))
                page.locator(".menu--languages summary").click()
                page.locator(".menu--languages a[hreflang='zh-Hans']").click()

                expect(page).to_have_url(at(f"/zh-hans/{path}"))
                expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_filters_are_kept_when_the_language_changes(page, watch, at, record):
    page.goto(at("/en/documents/?country=VN"))

    page.locator(".menu--languages summary").click()
    page.locator(".menu--languages a[hreflang='th']").click()

    expect(page).to_have_url(at("/th/documents/?country=VN"))
    expect(page.locator(".chip")).to_have_count(1)


def test_list_is_filtered_with_the_form(page, watch, at, record):
    page.goto(at("/en/documents/"))
    before = page.locator(".count").first.inner_text()

    _filter_by_country(page)

    expect(page.locator(".chip")).to_have_count(1)
    assert page.locator(".count").first.inner_text() != before


def _filter_by_country(page) -> None:
    summary = page.get_by_text("Filter", exact=True)
    if summary.is_visible():  # on a wide screen the form is always open
        summary.click()
    page.locator("#filter-country").select_option("VN")
    page.get_by_role("button", name="Apply filters").click()


def test_list_is_filtered_on_a_narrow_screen(page, watch, at, record):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(at("/en/documents/"))

    expect(page.locator("#filter-country")).to_be_hidden()
    _filter_by_country(page)

    expect(page.locator(".chip")).to_have_count(1)


@pytest.fixture
def plain_page(browser, live_server):
    """Return a page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_everything_works_without_javascript(plain_page, at, record):
    plain_page.goto(at("/en/"))
    plain_page.locator(".menu--languages summary").click()
    plain_page.locator(".menu--languages a[hreflang='zh-Hans']").click()
    expect(plain_page).to_have_url(at("/zh-hans/"))

    plain_page.goto(at("/en/documents/"))
    _filter_by_country(plain_page)
    expect(plain_page.locator(".chip")).to_have_count(1)
    plain_page.locator(".card__title a").first.click()
    expect(plain_page.locator("h1")).to_be_visible()


def test_keyboard_skips_to_the_content(page, watch, at, record):
    page.goto(at("/en/conference/15/"))

    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()


def test_keyboard_opens_and_leaves_the_language_menu(page, watch, at, record):
    page.goto(at("/en/"))
    menu = page.locator(".menu--languages")

    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")

    expect(menu.locator("a").first).not_to_be_visible()


def test_api_docs_load_no_third_party_resources(page, watch, at, record):
    page.goto(at("/api/docs/"))

    expect(page.locator(".swagger-ui .opblock").first).to_be_visible()
    expect(page.locator(".swagger-ui")).to_contain_text("/api/v1/editions/")
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()
