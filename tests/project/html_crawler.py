"""Parser of public HTML pages: links, fetched files and texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

ORIGIN = "http://testserver"
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr")
)
# Attributes whose files a browser fetches, by element; links are not fetched.
_FETCHED = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
# Relations of <link> elements that a browser fetches.
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "manifest", "modulepreload"}


@dataclass
class Page:
    """Links, fetched files and texts of a page. ``texts``: (language tag, text)."""

    address: str
    links: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class _PageParser(HTMLParser):
    def __init__(self, page: Page):
        super().__init__(convert_charrefs=True)
        self.page = page
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.page.ids.add(values["id"])
        self._note_addresses(tag, values)
        if tag not in _VOID:
            inherited = self._open[-1][1] if self._open else ""
            self._open.append((tag, values.get("lang", inherited)))

    def _note_addresses(self, tag, values):
        here = ORIGIN + self.page.address
        if tag == "a" and "href" in values:
            self.page.links.add(urljoin(here, values["href"]))
        if tag == "form" and values.get("method", "get").lower() == "get":
            self.page.links.add(urljoin(here, values.get("action", "")))
        if tag == "link":
            kinds = set(values.get("rel", "").split())
            target = self.page.fetched if kinds & _FETCHED_LINKS else self.page.links
            target.add(urljoin(here, values.get("href", "")))
        for name in _FETCHED.get(tag, ()):
            if name in values:
                self.page.fetched.add(urljoin(here, values[name].split(" ")[0]))

    def handle_endtag(self, tag):
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data):
        text = " ".join(data.split())
        is_text = self._open and self._open[-1][0] not in ("script", "style")
        if text and is_text:
            self.page.texts.append((self._open[-1][1], text))


def parse_page(address: str, html: str) -> Page:
    """Parse the page at ``address``, a path of the portal with its query."""
    page = Page(address)
    parser = _PageParser(page)
    parser.feed(html)
    parser.close()
    return page


def is_ours(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https") and address.startswith(ORIGIN)


def path_of(address: str) -> str:
    """Return path and query of an address of the portal, without its fragment."""
    return urldefrag(address)[0].removeprefix(ORIGIN) or "/"
