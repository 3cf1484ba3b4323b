"""Convert the HTML of a record's page into blocks for the PDF template.

The PDF has the content of the page because it is built from the page. Pictures, forms
and navigation are omitted. The attribute ``data-print`` says what else is omitted or
printed in a special way, see ``portal.website.printing.print_roles``.

A block is a dict with ``k``: ``h`` (heading, ``level``), ``p`` (paragraph, ``style``),
``n`` (paragraph of a document, its number in ``runs`` and the blocks of each language
in ``columns``), ``dl`` (``items`` of ``term`` and ``body``), ``ul``, ``ol``, ``cards``
(``items``, each a list of blocks; ``start``), ``table`` (``width``, ``rows`` of cells),
``box`` (``body``), ``cut`` (notice that the page was too long). Texts are ``runs``, see
``portal.website.printing.text_runs``.
"""

import re

from portal.website.printing.html_tree import HtmlElement
from portal.website.printing.print_roles import PrintRole
from portal.website.printing.text_runs import INLINE, RunBuilder, is_excluded

# Maximum number of characters in one PDF: more than 100 pages of A4. Each block counts
# as 40 more, since it takes time to compile too.
MAX_CHARACTERS = 400_000
_BLOCK_COST = 40

_PARAGRAPH_STYLES = (PrintRole.KICKER, PrintRole.LEAD, PrintRole.MUTED)


def build_blocks(article: HtmlElement, base_url: str, language: str) -> list[dict]:
    """Return the blocks of ``article`` in order.

    ``base_url`` is the URL of the page, against which links are resolved; ``language``
    is the language tag of the page. If the page exceeds ``MAX_CHARACTERS``, the blocks
    end with one of kind ``cut``.
    """
    builder = _BlockBuilder(RunBuilder(base_url, MAX_CHARACTERS))
    blocks = builder.build_children(article, language)
    return [*blocks, {"k": "cut"}] if builder.run_builder.remaining <= 0 else blocks


class _BlockBuilder:
    """Builds the blocks of a page in one pass over its tree, in document order."""

    def __init__(self, run_builder: RunBuilder):
        self.run_builder = run_builder
        self.level = 0

    def build_children(self, node: HtmlElement, language: str) -> list[dict]:
        """Return the children of ``node`` as blocks.

        Text and inline elements between block elements become paragraphs.
        """
        blocks, inline_nodes = [], []
        for child in node.children:
            if isinstance(child, str) or child.tag in INLINE:
                inline_nodes.append(child)
                continue
            blocks += self._build_paragraph(inline_nodes, node, language)
            inline_nodes = []
            if self.run_builder.remaining > 0 and not is_excluded(child):
                blocks += self._build_block(
                    child, child.attributes.get("lang", language)
                )
        return blocks + self._build_paragraph(inline_nodes, node, language)

    def _build_block(self, node: HtmlElement, language: str) -> list[dict]:
        if re.fullmatch("h[1-6]", node.tag):
            return self._build_heading(node, language)
        if node.tag in ("ul", "ol"):
            return self._build_list(node, language)
        if node.tag == "dl":
            return self._build_definition_list(node, language)
        if node.tag == "table":
            return self._build_table(node, language)
        if node.tag == "p" or PrintRole.INLINE in node.print_roles:
            inner = self._build_paragraph(node.children, node, language)
        else:
            inner = self.build_children(node, language)
        is_box = PrintRole.BOX in node.print_roles and inner
        return [{"k": "box", "body": inner}] if is_box else inner

    def _build_heading(self, node: HtmlElement, language: str) -> list[dict]:
        runs = self.run_builder.build_runs(node.children, language)
        if not runs:
            return []
        self.run_builder.remaining -= _BLOCK_COST
        if PrintRole.TITLE in node.print_roles:
            return [{"k": "p", "style": "title", "runs": runs}]
        # Heading levels must not skip one: screen reader users navigate by headings.
        self.level = min(int(node.tag[1]), self.level + 1)
        return [{"k": "h", "level": self.level, "runs": runs}]

    def _build_paragraph(
        self, children, node: HtmlElement, language: str
    ) -> list[dict]:
        if PrintRole.INLINE in node.print_roles:
            runs = self.run_builder.build_inline_runs(node, language)
        else:
            runs = self.run_builder.build_runs(children, language)
        if not runs:
            return []
        self.run_builder.remaining -= _BLOCK_COST
        styles = (role for role in _PARAGRAPH_STYLES if role in node.print_roles)
        return [{"k": "p", "style": str(next(styles, "")), "runs": runs}]

    def _build_list(self, node: HtmlElement, language: str) -> list[dict]:
        if PrintRole.INLINE in node.print_roles:
            return self._build_paragraph([], node, language)
        rows = [child for child in node.elements if child.tag == "li"]
        rows = [child for child in rows if not is_excluded(child)]
        if PrintRole.PARAGRAPHS in node.print_roles:
            return [self._build_numbered_paragraph(row, language) for row in rows]
        items = [
            self.build_children(row, row.attributes.get("lang", language))
            for row in rows
        ]
        items = [item for item in items if item]
        if not items:
            return []
        if PrintRole.CARDS in node.print_roles:
            return [{"k": "cards", "items": items}]
        start = node.attributes.get("start", "")
        start = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
        kind = "ol" if node.tag == "ol" else "ul"
        return [{"k": kind, "items": items, "start": start}]

    def _build_numbered_paragraph(self, row: HtmlElement, language: str) -> dict:
        """Return the block of a numbered paragraph, one column per language."""
        number = [child for child in row.elements if child.tag in INLINE]
        texts = [child for child in row.elements if child.tag not in INLINE]
        return {
            "k": "n",
            "runs": self.run_builder.build_runs(number, language),
            "columns": [self.build_children(child, language) for child in texts],
        }

    def _build_definition_list(self, node: HtmlElement, language: str) -> list[dict]:
        items = []
        for child in _definition_rows(node):
            child_language = child.attributes.get("lang", language)
            if child.tag == "dt":
                items.append(
                    {
                        "term": self.run_builder.build_runs(
                            child.children, child_language
                        ),
                        "body": [],
                    }
                )
            elif child.tag == "dd" and items:
                items[-1]["body"] += self.build_children(child, child_language)
        return [{"k": "dl", "items": items}] if items else []

    def _build_table(self, node: HtmlElement, language: str) -> list[dict]:
        title = [
            {"k": "p", "style": "title", "runs": runs}
            for caption in _find_all(node, "caption")
            if (runs := self.run_builder.build_runs(caption.children, language))
        ]
        rows = []
        for row in _find_all(node, "tr"):
            row_language = row.attributes.get("lang", language)
            cells = [element for element in row.elements if element.tag in ("th", "td")]
            if cells:
                rows.append(
                    [self._build_table_cell(cell, row_language) for cell in cells]
                )
        width = max((sum(cell["span"] for cell in row) for row in rows), default=0)
        return [*title, {"k": "table", "width": width, "rows": rows}] if rows else []

    def _build_table_cell(self, cell: HtmlElement, language: str) -> dict:
        span = cell.attributes.get("colspan", "")
        return {
            "head": cell.tag == "th",
            "span": int(span) if re.fullmatch("[1-9][0-9]?", span) else 1,
            "body": self.build_children(cell, cell.attributes.get("lang", language)),
        }


def _definition_rows(node: HtmlElement) -> list[HtmlElement]:
    """Return the ``dt`` and ``dd`` elements of a ``dl``, also from ``div`` groups."""
    rows = []
    for child in node.elements:
        if not is_excluded(child):
            rows += _definition_rows(child) if child.tag == "div" else [child]
    return rows


def _find_all(node: HtmlElement, tag: str) -> list[HtmlElement]:
    """Return all elements with this tag that are printed, outermost first."""
    elements = []
    for child in node.elements:
        if not is_excluded(child):
            elements += [child] if child.tag == tag else _find_all(child, tag)
    return elements
