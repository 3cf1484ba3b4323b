"""Parse the rendered ``<article>`` of a page into a simple element tree."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class HtmlElement:
    """An HTML element with its attributes and its children in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["HtmlElement | str"] = field(default_factory=list)

    @property
    def print_roles(self) -> set[str]:
        """Return the values of ``data-print``, see ``PrintRole``."""
        return set(self.attributes.get("data-print", "").split())

    @property
    def elements(self) -> list["HtmlElement"]:
        """Return the child elements, without texts."""
        return [child for child in self.children if isinstance(child, HtmlElement)]


class _TreeBuilder(HTMLParser):
    """HTML parser that builds the tree below ``root``."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = HtmlElement("")
        self._open = [self.root]

    def handle_starttag(self, tag, attrs):
        node = HtmlElement(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag, attrs):
        node = HtmlElement(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)

    def handle_endtag(self, tag):
        is_open = any(node.tag == tag for node in self._open[1:])
        while is_open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data):
        self._open[-1].children.append(data)


def find_article(html: str) -> HtmlElement | None:
    """Return the first ``<article>`` of a page, None if it has none."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return _find_first(builder.root, "article")


def _find_first(node: HtmlElement, tag: str) -> HtmlElement | None:
    """Return the first element with this tag in document order, or None."""
    if node.tag == tag:
        return node
    matches = (_find_first(child, tag) for child in node.elements)
    return next((match for match in matches if match), None)
