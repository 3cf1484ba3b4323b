"""Names of languages are drawn with a bundled font, whatever fonts the device has."""

from itertools import product

import pytest

from portal.core.languages import LANGUAGES
from tests.failures import collect_failures

pytestmark = pytest.mark.browser

FONT = "Noto Sans Language Names"
SWITCHES = (
    ".menu--languages summary [lang]",
    ".menu--languages .menu__list [lang]",
    ".site-footer__languages [lang]",
    ".available__list [lang]",
)
WIDTHS = """async ([name, ...families]) => {
  const context = document.createElement("canvas").getContext("2d");
  const widths = [];
  for (const family of families) {
    const font = `40px "${family}"`;
    const loaded = await document.fonts.load(font, name);
    context.font = font;
    widths.push(loaded.length ? context.measureText(name).width : 0);
  }
  return widths;
}"""


def _rendered_fonts(page, selector: str) -> dict[str, list]:
    """Return the fonts of each element's glyphs, by the element's HTML.

    A font is (family name, whether it is a web font, number of glyphs).
    """
    cdp = page.context.new_cdp_session(page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": selector}
    fonts_by_html = {}
    for node in cdp.send("DOM.querySelectorAll", query)["nodeIds"]:
        html = cdp.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
        fonts = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        fonts_by_html[html] = [
            (font["familyName"], font["isCustomFont"], font["glyphCount"])
            for font in fonts
        ]
    cdp.detach()
    return fonts_by_html


def test_every_name_in_the_switches_has_our_font(page, at, record):
    with collect_failures() as failures:
        for width, language in product((360, 1280), ("zh-hans", "en", "my")):
            with failures.case(width, language):
                page.set_viewport_size({"width": width, "height": 800})
                _check_switches(page, at(f"/{language}/conference/15/"))


def _check_switches(page, address: str) -> None:
    page.goto(address)
    page.locator(".menu--languages summary").click()
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")

    fonts_by_selector = {
        selector: _rendered_fonts(page, selector) for selector in SWITCHES
    }

    other_names = {
        html: fonts
        for fonts_by_html in fonts_by_selector.values()
        for html, fonts in fonts_by_html.items()
        if [font[:2] for font in fonts] != [(FONT, True)]
    }
    counts = [len(fonts_by_html) for fonts_by_html in fonts_by_selector.values()]
    assert other_names == {}
    assert counts[:3] == [1, len(LANGUAGES), len(LANGUAGES)]
    assert counts[3] > 0


def test_names_are_shaped_as_by_the_whole_font(page, at):
    """Without the shaping rules of its script a font draws glyphs of another width."""
    families = {
        "th": "Portal Thai",
        "lo": "Portal Lao",
        "km": "Portal Khmer",
        "my": "Portal Burmese",
    }
    names = {language.code: language.native_name for language in LANGUAGES}
    with collect_failures() as failures:
        for code, family in families.items():
            with failures.case(code):
                page.goto(at(f"/{code}/"))
                text = [names[code], "Portal Language Names", family]
                own, full_font = page.evaluate(WIDTHS, text)

                assert own == pytest.approx(full_font, abs=0.5)
                assert own > 0
