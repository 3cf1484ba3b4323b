"""From the HTML of a record's page to what stands on paper.

The PDF says what the page says, because it is made from it. What makes no sense on
paper is left out: pictures, forms, navigation, and what has ``data-print="no"``.

A block is a dict with ``k``: ``h`` (heading, ``level``), ``p`` (``style``), ``n`` (a
paragraph with its number in ``runs``, and in ``columns`` the blocks of each language
beside one another), ``dl`` (``items`` of ``term`` and ``body``), ``ul``, ``ol``,
``cards`` (``items``, each a list of blocks; ``start``), ``table`` (``rows`` of cells),
``box`` (``body``). Their words are ``runs`` (``portal.printing.runs``).
"""

import re

from portal.printing.runs import INLINE, Words, is_left_out
from portal.printing.tree import Node

# The most characters that are set of one page: more than 100 sheets of A4. A block
# counts as so many more, for it takes its time too.
LONGEST = 400_000
_EACH_BLOCK = 40

_STYLES = {
    "kicker": "kicker",
    "lead": "lead",
    "hint": "soft",
    "count": "soft",
    "card__when": "soft",
    "card__kind": "soft",
    "card__meta": "soft",
    "empty": "soft",
    "attachments__facts": "soft",
}
# Lists and lines whose parts the stylesheet sets side by side with a gap.
_IN_ONE_LINE = {"inline-links", "tags", "card__meta", "available__list"}


def blocks_of(article: Node, address: str, language: str) -> list[dict]:
    """What of ``article`` is set, in order; its links as seen from ``address``.

    ``language`` is the tag of the page. A page longer than LONGEST is cut, and a last
    block of kind ``cut`` says so.
    """
    setter = _Setter(Words(address, LONGEST))
    blocks = setter.within(article, language)
    return [*blocks, {"k": "cut"}] if setter.words.left <= 0 else blocks


class _Setter:
    """Goes through the tree once, in the order in which it is read."""

    def __init__(self, words: Words):
        self.words = words
        self.level = 0

    def within(self, node: Node, language: str) -> list[dict]:
        """The children of ``node`` as blocks; words that stand loose are paragraphs."""
        blocks, loose = [], []
        for child in node.children:
            if isinstance(child, str) or child.tag in INLINE:
                loose.append(child)
                continue
            blocks += self._paragraph(loose, node, language)
            loose = []
            if self.words.left > 0 and not is_left_out(child):
                blocks += self._block(child, child.attributes.get("lang", language))
        return blocks + self._paragraph(loose, node, language)

    def _block(self, node: Node, language: str) -> list[dict]:
        if re.fullmatch("h[1-6]", node.tag):
            return self._heading(node, language)
        if node.tag in ("ul", "ol"):
            return self._list(node, language)
        if node.tag == "dl":
            return self._facts(node, language)
        if node.tag == "table":
            return self._table(node, language)
        if node.tag == "p" or node.classes & _IN_ONE_LINE:
            inner = self._paragraph(node.children, node, language)
        else:
            inner = self.within(node, language)
        is_box = "notice" in node.classes and inner
        return [{"k": "box", "body": inner}] if is_box else inner

    def _heading(self, node: Node, language: str) -> list[dict]:
        runs = self.words.of(node.children, language)
        if not runs:
            return []
        self.words.left -= _EACH_BLOCK
        if "card__title" in node.classes:
            return [{"k": "p", "style": "title", "runs": runs}]
        # Levels follow one another: a reader that goes by headings must not fall.
        self.level = min(int(node.tag[1]), self.level + 1)
        return [{"k": "h", "level": self.level, "runs": runs}]

    def _paragraph(self, children, node: Node, language: str) -> list[dict]:
        if node.classes & _IN_ONE_LINE:
            runs = self.words.in_one_line(node, language)
        else:
            runs = self.words.of(children, language)
        if not runs:
            return []
        self.words.left -= _EACH_BLOCK
        styles = (_STYLES[name] for name in sorted(node.classes) if name in _STYLES)
        return [{"k": "p", "style": next(styles, ""), "runs": runs}]

    def _list(self, node: Node, language: str) -> list[dict]:
        if node.classes & _IN_ONE_LINE:
            return self._paragraph([], node, language)
        rows = [one for one in node.elements if one.tag == "li"]
        rows = [one for one in rows if not is_left_out(one)]
        if "paragraphs" in node.classes:
            return [self._numbered(row, language) for row in rows]
        items = [self.within(row, row.attributes.get("lang", language)) for row in rows]
        items = [item for item in items if item]
        if not items:
            return []
        if "cards" in node.classes:
            return [{"k": "cards", "items": items}]
        start = node.attributes.get("start", "")
        start = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
        kind = "ol" if node.tag == "ol" else "ul"
        return [{"k": kind, "items": items, "start": start}]

    def _numbered(self, row: Node, language: str) -> dict:
        """A paragraph of a document, which is cited by its number."""
        number = [one for one in row.elements if one.tag in INLINE]
        texts = [one for one in row.elements if one.tag not in INLINE]
        return {
            "k": "n",
            "runs": self.words.of(number, language),
            "columns": [self.within(one, language) for one in texts],
        }

    def _facts(self, node: Node, language: str) -> list[dict]:
        items = []
        for child in _rows(node):
            own = child.attributes.get("lang", language)
            if child.tag == "dt":
                items.append({"term": self.words.of(child.children, own), "body": []})
            elif child.tag == "dd" and items:
                items[-1]["body"] += self.within(child, own)
        return [{"k": "dl", "items": items}] if items else []

    def _table(self, node: Node, language: str) -> list[dict]:
        title = [
            {"k": "p", "style": "title", "runs": runs}
            for caption in _all(node, "caption")
            if (runs := self.words.of(caption.children, language))
        ]
        rows = []
        for row in _all(node, "tr"):
            own = row.attributes.get("lang", language)
            cells = [one for one in row.elements if one.tag in ("th", "td")]
            if cells:
                rows.append([self._cell(cell, own) for cell in cells])
        width = max((sum(cell["span"] for cell in row) for row in rows), default=0)
        return [*title, {"k": "table", "width": width, "rows": rows}] if rows else []

    def _cell(self, cell: Node, language: str) -> dict:
        span = cell.attributes.get("colspan", "")
        return {
            "head": cell.tag == "th",
            "span": int(span) if re.fullmatch("[1-9][0-9]?", span) else 1,
            "body": self.within(cell, cell.attributes.get("lang", language)),
        }


def _rows(node: Node) -> list[Node]:
    """The terms and values of a list of facts, with or without groups around them."""
    found = []
    for child in node.elements:
        if not is_left_out(child):
            found += _rows(child) if child.tag == "div" else [child]
    return found


def _all(node: Node, tag: str) -> list[Node]:
    """Every element of this name that is set, outermost first."""
    found = []
    for child in node.elements:
        if not is_left_out(child):
            found += [child] if child.tag == tag else _all(child, tag)
    return found
