"""Display: text size, colour schemes, reduced motion, size of targets, print."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.scrolling import find_overflow
from tests.failures import collect_failures

pytestmark = pytest.mark.browser

CORE = ("", "conference/", "conference/15/", "countries/vn/", "no-such-page/")
WITH_MANY_LINKS = (
    "documents/?country=VN",
    "documents/DOC-0001/",
    "treaties/",
    "topics/",
    "counterparts/?organ=cn-gx",
    "updates/",
)
# Links and controls smaller than 24 by 24 pixels, except those within a line of text,
# which WCAG 2.2 (2.5.8) exempts.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter(target => target.checkVisibility({visibilityProperty: true}))
  .filter(target => !target.matches(".skip, .visually-hidden, [tabindex='-1']"))
  .filter(target => !(getComputedStyle(target).display === "inline"
    && target.parentElement.textContent.trim() !== target.textContent.trim()))
  .map(target => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([target, box]) =>
    `${target.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const lasts = [style.transitionDuration, style.animationDuration].join();
  return lasts.split(",").some(length => parseFloat(length) > 0.01);
}).length"""


def _find_small_targets(page, at, language: str) -> dict:
    small_targets = {}
    for path in (*CORE, *WITH_MANY_LINKS):
        page.goto(at(f"/{language}/{path}"))
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if targets := page.evaluate(SMALL_TARGETS):
                small_targets[width, path] = targets
    return small_targets


def test_touch_targets_meet_minimum_size(page, watch, at, record):
    small_targets = {
        language: _find_small_targets(page, at, language) for language in ("en", "km")
    }

    assert small_targets == {"en": {}, "km": {}}


def test_touch_targets_meet_minimum_size_before_fonts_load(page, at, record):
    page.route("**/*.woff2", lambda route: route.abort())

    assert _find_small_targets(page, at, "km") == {}


def _size(page) -> float:
    return page.evaluate(
        "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    )


def test_search_input_uses_page_font(page, at):
    fonts = {"th": "Portal Thai", "km": "Portal Khmer"}
    families = {}
    for language in fonts:
        page.goto(at(f"/{language}/"))
        families[language] = page.locator("#site-search").evaluate(
            "input => getComputedStyle(input).fontFamily"
        )

    wrong = {
        language: family
        for language, family in families.items()
        if fonts[language] not in family
    }
    assert wrong == {}


def test_header_tools_stay_on_one_line_with_large_text(page, watch, at):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(at("/en/?text=large"))
    tools = page.locator(".site-header .tool:visible, .site-header summary:visible")
    rows = {round(tool.bounding_box()["y"] / 20) for tool in tools.all()}

    assert tools.count() == 4
    assert len(rows) == 1


def test_large_text_choice_persists_in_browser(page, watch, at, record):
    page.goto(at("/en/documents/?country=VN"))
    before = _size(page)
    page.locator(".site-header .text-size--large").click()

    expect(page).to_have_url(at("/en/documents/?country=VN&text=large"))
    assert _size(page) == before * 1.25
    page.goto(at("/en/conference/15/"))
    assert _size(page) == before * 1.25
    assert page.context.cookies() == []

    page.locator(".site-header .text-size--normal").click()
    expect(page).to_have_url(at("/en/conference/15/?text=normal"))
    assert _size(page) == before
    page.goto(at("/en/"))
    assert _size(page) == before


def test_large_text_works_without_javascript(browser, at, record):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(at("/en/conference/15/"))
    page.locator(".site-footer .text-size--large a").click()

    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.locator(".menu--languages summary").click()
    page.locator(".menu--languages a[hreflang='th']").click()
    expect(page).to_have_url(at("/th/conference/15/?text=large"))
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    context.close()


def test_large_text_fits_narrow_screen(page, watch, at, record):
    page.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    paths = (*CORE, "delegations/?country=VN", "exchanges/")
    for language, path in product(("en", "my", "vi"), paths):
        joint = "&" if "?" in path else "?"
        page.goto(at(f"/{language}/{path}{joint}text=large"))
        if overflow := find_overflow(page, width=320):
            wide[language, path] = overflow

    assert wide == {}


def test_every_color_mode_has_no_accessibility_violations(page, axe, at, record):
    wishes = (
        {"color_scheme": "dark", "contrast": "no-preference"},
        {"color_scheme": "light", "contrast": "more"},
        {"color_scheme": "dark", "contrast": "more"},
    )
    wrong = {}
    # Otherwise axe could see the colours of a transition from one mode to the next.
    page.emulate_media(reduced_motion="reduce")
    for path in CORE:
        page.goto(at(f"/en/{path}"))
        for wish in wishes:
            page.emulate_media(**wish)
            if violations := axe(page):
                wrong[(*wish.values(), path)] = violations

    assert wrong == {}


def test_reduced_motion_disables_animation(browser, at, record):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(at("/en/"))
    moving = page.evaluate(MOVING)
    context.close()

    assert moving == 0


def test_print_stylesheet_shows_facts_and_hides_menus(page, watch, at, record):
    page.goto(at("/en/conference/15/"))
    page.emulate_media(media="print")

    expect(page.locator(".facts")).to_be_visible()
    expect(page.locator(".sources__address").first).to_be_visible()
    expect(page.locator(".print-address")).to_have_text(at("/en/conference/15/"))
    for part in (".menu", ".tool", ".crumbs", ".site-footer nav"):
        expect(page.locator(part).first).to_be_hidden()


def test_treaties_are_a_table_on_wide_screens_and_a_list_elsewhere(
    page, watch, at, record
):
    """Show each treaty once, also to screen readers; only the table needs space."""
    table, blocks = page.locator(".party-table"), page.locator(".party-list")
    page.goto(at("/en/treaties/"))

    with collect_failures() as failures:
        for width, media, is_table in (
            (1280, "screen", True),
            (960, "screen", True),
            (959, "screen", False),
            (360, "screen", False),
            (1280, "print", False),
        ):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(media=media)
            with failures.case(width, media):
                assert (table.is_visible(), blocks.is_visible()) == (
                    is_table,
                    not is_table,
                )


def test_treaty_table_fits_wide_screen(page, watch, at, record):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(at("/zh-hans/treaties/"))

    box = page.locator(".party-table-box")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0


NARROWEST_CELL = """tables => Math.min(...tables.flatMap(table =>
  [...table.querySelectorAll("thead th + th, td")].map(cell => cell.offsetWidth)))"""


def test_columns_of_figures_have_room_for_words(page, watch, at, record):
    """Scripts without spaces between words divide a text after any letter."""
    page.set_viewport_size({"width": 360, "height": 800})
    with collect_failures() as failures:
        for language in ("zh-hans", "th", "en"):
            with failures.case(language):
                page.goto(at(f"/{language}/figures/"))
                tables = page.locator(".figure-table")
                assert tables.evaluate_all(NARROWEST_CELL) >= 90


def test_country_of_a_delegation_stays_on_one_line(page, watch, at, record):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(at("/vi/conference/15/"))

    countries = page.locator(".delegation-table th[scope=row] a")
    assert countries.count() > 0
    lines = "links => links.map(link => link.getBoundingClientRect().height)"
    assert max(countries.evaluate_all(lines)) < 40
    assert find_overflow(page, width=360) == []


LINES_OF_TEXT = """button => {
  const range = document.createRange();
  range.selectNodeContents(button);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
}"""


def test_button_of_filters_has_one_line(page, watch, at, record):
    for width in (360, 600, 700, 800, 900, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/vi/figures/", "/fil/figures/", "/fil/documents/"):
            page.goto(at(path))
            for button in page.locator(".filters__form button").all():
                if button.is_visible():
                    assert button.evaluate(LINES_OF_TEXT) == 1, (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width


HERO_DOT = """item => {
  const dot = getComputedStyle(item, "::before");
  const gap = parseFloat(getComputedStyle(item.parentElement).columnGap);
  return [parseFloat(dot.width) - gap, parseFloat(dot.left) + gap, dot.textAlign];
}"""


def test_dot_between_date_and_place_is_centred(page, watch, at, record):
    """Its width depends on the font: a full-width dot would touch the place."""
    page.goto(at("/zh-hans/"))

    dot = page.locator(".hero__date > * + *").first.evaluate(HERO_DOT)
    assert dot == [0, 0, "center"]


UNBROKEN_WORDS = """() => [...document.querySelectorAll(".unbroken")]
  .filter(word => word.checkVisibility())
  .filter(word => word.getClientRects().length !== 1)
  .map(word => word.textContent)"""


def test_words_of_scripts_without_spaces_are_not_divided(page, watch, at, record):
    page.set_viewport_size({"width": 320, "height": 640})
    with collect_failures() as failures:
        for language, path in product(("th", "lo", "km", "my"), ("", "conference/11/")):
            with failures.case(language, path):
                page.goto(at(f"/{language}/{path}?text=large"))
                assert page.evaluate(UNBROKEN_WORDS) == []
                assert find_overflow(page, width=320) == []
        with failures.case("marked"):
            page.goto(at("/lo/conference/15/"))
            expect(page.locator("h1 .unbroken").first).to_be_visible()
