"""Check that a page does not scroll sideways."""

from playwright.sync_api import Page

# Elements that end beyond the right edge of the window, for the message of a failure.
BEYOND_THE_EDGE = """() => [...document.querySelectorAll("body *")]
  .map(element => [element, Math.ceil(element.getBoundingClientRect().right)])
  .filter(([, right]) => right > document.documentElement.clientWidth)
  .map(([{tagName, id}, right]) => `${tagName.toLowerCase()}#${id} ends at ${right}`)
  .slice(0, 10)"""


def find_overflow(page: Page, *, width: int, height: int = 800) -> list[str]:
    """Return what makes the page scroll sideways in a window of this width.

    Waits for the stylesheets of a page that a form or a link has opened: Playwright
    goes on as soon as its HTML is there, and an unstyled page is often too wide.
    """
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state("load")
    needed = page.evaluate("document.documentElement.scrollWidth")
    if needed <= width:
        return []
    return [f"the page is {needed} px wide", *page.evaluate(BEYOND_THE_EDGE)]
