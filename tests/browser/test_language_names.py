"""Names of languages are drawn with a font of the portal, whatever the device has."""

import pytest

from portal.languages import LANGUAGES

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


def _fonts_drawn(page, selector: str) -> dict[str, list]:
    """The fonts that each element's glyphs come from: (name, is ours, glyphs)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("DOM.enable")
    cdp.send("CSS.enable")
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": selector}
    drawn = {}
    for node in cdp.send("DOM.querySelectorAll", asked)["nodeIds"]:
        given = cdp.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
        fonts = cdp.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        drawn[given] = [
            (font["familyName"], font["isCustomFont"], font["glyphCount"])
            for font in fonts
        ]
    cdp.detach()
    return drawn


@pytest.mark.parametrize("language", ["zh-hans", "en", "my"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_name_in_the_switches_has_our_font(width, language, page, at, record):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(at(f"/{language}/conference/15/"))
    page.locator(".menu--languages summary").click()
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")

    found = {selector: _fonts_drawn(page, selector) for selector in SWITCHES}

    others = {
        name: fonts
        for drawn in found.values()
        for name, fonts in drawn.items()
        if [font[:2] for font in fonts] != [(FONT, True)]
    }
    counts = [len(drawn) for drawn in found.values()]
    assert others == {}
    assert counts[:3] == [1, len(LANGUAGES), len(LANGUAGES)]
    assert counts[3] > 0


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("th", "Portal Thai"),
        ("lo", "Portal Lao"),
        ("km", "Portal Khmer"),
        ("my", "Portal Burmese"),
    ],
)
def test_name_is_shaped_as_by_the_whole_font(code, family, page, at):
    """Without its rules of shaping a script takes other glyphs, of another width."""
    name = next(one.own_name for one in LANGUAGES if one.code == code)
    page.goto(at(f"/{code}/"))
    own, whole = page.evaluate(WIDTHS, [name, "Portal Language Names", family])

    assert own == pytest.approx(whole, abs=0.5)
    assert own > 0
