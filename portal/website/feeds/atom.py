"""Render a feed as Atom (RFC 4287), with tombstones (RFC 6721)."""

from collections.abc import Callable
from io import StringIO

from django.utils.xmlutils import SimplerXMLGenerator

from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.single_line import on_single_line
from portal.website.feeds.feed import Feed, FeedItem, Tombstone
from portal.website.feeds.xml_text import strip_forbidden_characters

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
}


def render_atom(feed: Feed, build_absolute_url: Callable[[str], str]) -> str:
    """Return the Atom document of ``feed``.

    ``build_absolute_url`` turns a path into an absolute URL. The date of an event is
    ``dcterms:temporal``, not ``published`` or ``updated``: these are about the record.
    """
    out = StringIO()
    xml = _AtomWriter(out, "utf-8")
    xml.startDocument()
    xml.startElement("feed", {**_NAMESPACES, "xml:lang": feed.language.tag})
    xml.element("id", feed.id)
    xml.localized_element("title", feed.title)
    xml.element("updated", feed.updated.isoformat(timespec="seconds"))
    xml.startElement("author", {})
    xml.localized_element("name", feed.author)
    xml.endElement("author")
    address = {"rel": "self", "type": "application/atom+xml"}
    xml.element("link", "", {**address, "href": build_absolute_url(feed.url)})
    address = {"rel": "alternate", "type": "text/html"}
    xml.element("link", "", {**address, "href": build_absolute_url(feed.page_url)})
    for item in feed.items:
        _write_entry(xml, feed, item, build_absolute_url)
    for tombstone in feed.tombstones:
        _write_tombstone(xml, feed, tombstone)
    xml.endElement("feed")
    xml.endDocument()
    return out.getvalue()


class _AtomWriter(SimplerXMLGenerator):
    """XML generator that removes the characters that XML 1.0 forbids."""

    def element(self, name: str, content: str, attributes: dict | None = None):
        """Write an element with text content."""
        self.addQuickElement(name, strip_forbidden_characters(content), attributes)

    def localized_element(self, name: str, text: LocalizedText):
        """Write an element with a localised text and its ``xml:lang``."""
        self.element(name, text.text, {"xml:lang": text.tag})


def _write_entry(
    xml: _AtomWriter, feed: Feed, item: FeedItem, build_absolute_url
) -> None:
    xml.startElement("entry", {})
    xml.element("id", feed.entry_id(item))
    xml.localized_element("title", item.title)
    xml.element("published", item.published_at.isoformat(timespec="seconds"))
    xml.element("updated", item.changed_at.isoformat(timespec="seconds"))
    address = {"rel": "alternate", "type": "text/html", "hreflang": feed.language.tag}
    xml.element("link", "", {**address, "href": build_absolute_url(item.url)})
    # An entry without content must have a summary, or be its link: RFC 4287 §4.1.2.
    if item.summary:
        # Feed readers may collapse line breaks in plain text: RFC 4287 §3.1.1.1.
        xml.localized_element("summary", on_single_line(item.summary))
    for term, label in item.categories:
        label_attributes = {
            "label": strip_forbidden_characters(label.text),
            "xml:lang": label.tag,
        }
        xml.element("category", "", {"term": term, **label_attributes})
    if item.period:
        xml.element("dcterms:temporal", item.period)
    xml.endElement("entry")


def _write_tombstone(xml: _AtomWriter, feed: Feed, tombstone: Tombstone) -> None:
    attributes = {
        "ref": feed.entry_id(tombstone),
        "when": tombstone.withdrawn_at.isoformat(timespec="seconds"),
    }
    xml.element("at:deleted-entry", "", attributes)
