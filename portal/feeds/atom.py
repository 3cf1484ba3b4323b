"""A feed as Atom (RFC 4287), with tombstones (RFC 6721)."""

from collections.abc import Callable
from io import StringIO

from django.utils.xmlutils import SimplerXMLGenerator

from portal.feeds.news import Feed, Item, Tombstone
from portal.feeds.xml import allowed
from portal.translations.shown import Shown
from portal.translations.single_line import on_single_line

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
}


def atom(feed: Feed, absolute: Callable[[str], str]) -> str:
    """The document. ``absolute`` makes an address whole.

    The day of an event is ``dcterms:temporal``: neither ``published`` nor ``updated``,
    which tell when the record did.
    """
    out = StringIO()
    xml = _Writer(out, "utf-8")
    xml.startDocument()
    xml.startElement("feed", {**_NAMESPACES, "xml:lang": feed.language.tag})
    xml.element("id", feed.id)
    xml.shown("title", feed.title)
    xml.element("updated", feed.updated.isoformat(timespec="seconds"))
    xml.startElement("author", {})
    xml.shown("name", feed.author)
    xml.endElement("author")
    address = {"rel": "self", "type": "application/atom+xml"}
    xml.element("link", "", {**address, "href": absolute(feed.url)})
    address = {"rel": "alternate", "type": "text/html"}
    xml.element("link", "", {**address, "href": absolute(feed.page_url)})
    for item in feed.items:
        _entry(xml, feed, item, absolute)
    for stone in feed.tombstones:
        _tombstone(xml, feed, stone)
    xml.endElement("feed")
    xml.endDocument()
    return out.getvalue()


class _Writer(SimplerXMLGenerator):
    """Elements with text in them, of which nothing is left that XML forbids."""

    def element(self, name: str, content: str, attributes: dict | None = None):
        self.addQuickElement(name, allowed(content), attributes)

    def shown(self, name: str, shown: Shown):
        self.element(name, shown.text, {"xml:lang": shown.tag})


def _entry(xml: _Writer, feed: Feed, item: Item, absolute) -> None:
    xml.startElement("entry", {})
    xml.element("id", feed.id_of(item))
    xml.shown("title", item.title)
    xml.element("published", item.published_at.isoformat(timespec="seconds"))
    xml.element("updated", item.changed_at.isoformat(timespec="seconds"))
    address = {"rel": "alternate", "type": "text/html", "hreflang": feed.language.tag}
    xml.element("link", "", {**address, "href": absolute(item.url)})
    # An entry without content must have a summary, or be its link: RFC 4287 §4.1.2.
    if item.summary:
        # Readers may collapse line ends of a plain text: RFC 4287 §3.1.1.1.
        xml.shown("summary", on_single_line(item.summary))
    for term, label in item.categories:
        words = {"label": allowed(label.text), "xml:lang": label.tag}
        xml.element("category", "", {"term": term, **words})
    if item.period:
        xml.element("dcterms:temporal", item.period)
    xml.endElement("entry")


def _tombstone(xml: _Writer, feed: Feed, stone: Tombstone) -> None:
    told = {
        "ref": feed.id_of(stone),
        "when": stone.withdrawn_at.isoformat(timespec="seconds"),
    }
    xml.element("at:deleted-entry", "", told)
