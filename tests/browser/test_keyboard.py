"""Keyboard navigation on public pages."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# Describes the focused element: is it outlined, inside the window and not covered?
FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const holder = element.closest(".site-search") || element;
  const ring = getComputedStyle(holder);
  const rings = [style, ring].some(
    one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
  const between = (least, number, most) => Math.min(Math.max(least, number), most);
  const x = between(0, box.left + Math.min(box.width / 2, 20), innerWidth - 1);
  const y = between(0, box.top + box.height / 2, innerHeight - 1);
  const above = document.elementFromPoint(x, y);
  return {
    what: element.outerHTML.slice(0, 100),
    isOutlined: rings,
    isInside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    isOnTop: !!above && (element.contains(above) || above.contains(element)),
  };
}"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/en/documents/?country=VN", "/km/conference/15/"])
def test_keyboard_focus_is_always_visible(path, width, page, watch, at, record):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(at(path))

    steps, wrong = [], []
    for _ in range(200):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUS)
        if step is None:
            break
        steps.append(step["what"])
        if not (step["isOutlined"] and step["isInside"] and step["isOnTop"]):
            wrong.append(step)

    assert wrong == []
    assert len(steps) > 40


def _tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"the Tab key does not reach {selector}")


def test_menu_navigates_to_section_by_keyboard(page, watch, at, record):
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(at("/en/"))

    _tab_to(page, ".menu--sections summary")
    page.keyboard.press("Enter")
    _tab_to(page, ".menu--sections a[href='/en/documents/']")
    page.keyboard.press("Enter")

    expect(page).to_have_url(at("/en/documents/"))


def test_list_is_filtered_by_keyboard(page, watch, at, record):
    page.goto(at("/en/documents/"))

    _tab_to(page, "#filter-country")
    page.keyboard.type("Viet")
    _tab_to(page, ".filters button")
    page.keyboard.press("Enter")

    expect(page.locator(".chip")).to_have_count(1)
    _tab_to(page, ".chip")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)


def test_language_is_changed_by_keyboard(page, watch, at, record):
    page.goto(at("/en/conference/15/"))

    _tab_to(page, ".menu--languages summary")
    page.keyboard.press("Space")
    _tab_to(page, ".menu--languages a[hreflang='km']")
    page.keyboard.press("Enter")

    expect(page).to_have_url(at("/km/conference/15/"))


def test_search_works_by_keyboard(page, watch, at, record):
    page.goto(at("/en/conference/15/"))

    _tab_to(page, "#site-search")
    page.keyboard.type("declaration")
    page.keyboard.press("Enter")

    expect(page).to_have_url(at("/en/search/?q=declaration"))
