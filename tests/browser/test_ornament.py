"""The ornament does not overlap texts at any window width and text size."""

from collections import Counter
from itertools import product

import pytest

from portal.conference.models import Edition
from portal.content.catalogue.models import EntryText
from tests.factories.publishing import republished

pytestmark = pytest.mark.browser

LANGUAGES = ("zh-hans", "en", "th", "km", "my", "vi")
WIDTHS = (320, 360, 640, 768, 960, 1024, 1280, 1920)
PATHS = ("", "conference/15/", "no-such-page/")
# Finds texts that overlap a drum ornament, drawn by an element or by a pseudo-element.
# The error number inside the ring is exempt.
OVERLAPS = """() => {
  const drawn = [];
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      if (!style.backgroundImage.includes("drum") || style.display === "none") continue;
      if (part && style.content === "none") continue;
      const box = element.getBoundingClientRect();
      if (!part) { drawn.push([element, box]); continue; }
      const width = parseFloat(style.width), height = parseFloat(style.height);
      const matrix = new DOMMatrix(style.transform);
      const left = box.left + parseFloat(style.left) + matrix.e;
      const top = box.top + parseFloat(style.top) + matrix.f;
      drawn.push([null, new DOMRect(left, top, width, height)]);
    }
  }
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.textContent.trim()) continue;
    if (!parent.checkVisibility({visibilityProperty: true})) continue;
    if (parent.closest(".visually-hidden, .skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects())
      for (const [element, box] of drawn) {
        if (element && element.contains(text)) continue;
        if (line.left < box.right && line.right > box.left
            && line.top < box.bottom && line.bottom > box.top)
          found.push(text.textContent.trim().slice(0, 40));
      }
  }
  return {count: drawn.length, found, wide: document.documentElement.scrollWidth};
}"""


def _longest_title(language: str) -> str:
    titles = EntryText.objects.filter(language=language).values_list("title", flat=True)
    return max([*titles, ""], key=len)


@pytest.fixture
def long_titles(record) -> None:
    """Give an edition a title in each language that is longer than any other title."""
    edition = Edition.objects.get(number=15)
    for language in LANGUAGES:
        column = f"theme_{language.replace('-', '_')}"
        title = _longest_title(language) or _longest_title("en")
        setattr(edition, column, f"{title} {title}"[:480])
    edition.save()
    republished(edition)


def test_no_text_lies_on_the_ornament(page, at, long_titles):
    wrong, counts = {}, Counter()
    for language, path, size in product(LANGUAGES, PATHS, ("normal", "large")):
        page.goto(at(f"/{language}/{path}?text={size}"))
        page.evaluate("document.fonts.ready")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            overlaps = page.evaluate(OVERLAPS)
            counts[width, path, overlaps["count"]] += 1
            if overlaps["found"] or overlaps["wide"] > width:
                wrong[language, path, size, width] = overlaps

    assert wrong == {}
    # The ornament is shown where there is space; otherwise nothing would be tested.
    expected = 2 * len(LANGUAGES)
    assert counts[1280, "", 1] == counts[768, "", 1] == expected
    assert counts[360, "no-such-page/", 1] == expected
