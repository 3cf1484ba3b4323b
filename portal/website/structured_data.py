"""Build the schema.org data (JSON-LD) of a page.

It contains nothing that the page does not show, and no date is more exact than on
record. The detail view of each kind builds the node of its records with these helpers
(``get_structured_data``).
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from portal.content.catalogue.period import Period
from portal.content.publishing.choices import EventState
from portal.content.publishing.links import Link
from portal.content.publishing.public_sources import PublicSource
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText

_CONTEXT = "https://schema.org"
# schema.org: EventScheduled also applies to events that took place as scheduled.
_EVENT_STATUS = {
    EventState.PLANNED: "EventScheduled",
    EventState.HELD: "EventScheduled",
    EventState.POSTPONED: "EventPostponed",
    EventState.CANCELLED: "EventCancelled",
}
# Types of records that are works themselves; only works have citations.
_WORKS = ("CreativeWork", "Legislation", "NewsArticle", "WebPage")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_ESCAPES |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class PageData:
    """The page of a record, as input of ``get_structured_data`` of its view.

    ``context`` is the template context of the page; ``languages`` are the tags of the
    languages in which the record exists.
    """

    record: object
    title: LocalizedText
    language: Language
    links: Mapping[str, list[Link]]
    context: Mapping[str, object]
    languages: list[str]
    url: str
    image: str
    build_absolute_url: Callable[[str], str]

    def links_of(self, *names: str) -> list[Link]:
        """Return the record's named links of the given relations."""
        links = [link for name in names for link in self.links.get(name, [])]
        return [link for link in links if link.name]


def to_script_json(nodes: list[dict]) -> str:
    """Return JSON-LD nodes as text that is safe inside a ``<script>`` element."""
    text = json.dumps({"@context": _CONTEXT, "@graph": nodes}, ensure_ascii=False)
    return "".join(_ESCAPES.get(character, character) for character in text)


def breadcrumb_list(steps: list[tuple[str, str]]) -> dict:
    """Return the JSON-LD node of a page's breadcrumbs (BreadcrumbList).

    ``steps`` are names and absolute URLs, with "" for the page itself.
    """
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            omit_empty({"@type": "ListItem", "position": at, "name": name, "item": url})
            for at, (name, url) in enumerate(steps, 1)
        ],
    }


def site_nodes(name: str, home: str, search: str, language: str) -> list[dict]:
    """Return the JSON-LD nodes of the organisation and its website.

    ``home`` and ``search`` are absolute URLs of the home and search pages, ``language``
    is a language tag.
    """
    organization = f"{home}#organization"
    return [
        {"@type": "Organization", "@id": organization, "name": name, "url": home},
        {
            "@type": "WebSite",
            "name": name,
            "url": home,
            "inLanguage": language,
            "publisher": {"@id": organization},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{search}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        },
    ]


def event_node(
    page: PageData,
    *,
    organisers: tuple[str, ...] = (),
    languages: list[str] | None = None,
    super_event: dict | None = None,
) -> dict:
    """Return the JSON-LD node of an event.

    ``organisers`` are the names of the relations to its hosts and organisers,
    ``languages`` are the tags of the languages in which it is held (default: that of
    its title), and ``super_event`` is the node of the event to which it belongs.
    """
    is_exact = page.record.period.precision == "day"
    return {
        "@type": "Event",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        "startDate": first_day(page.record.period),
        "endDate": page.record.period.last_day.isoformat() if is_exact else "",
        "eventStatus": _event_status_url(page.record.state),
        "inLanguage": languages or page.title.tag,
        "location": [place_node(link) for link in page.links_of("places")],
        "organizer": [
            organization_node(link, page) for link in page.links_of(*organisers)
        ],
        "superEvent": super_event,
    }


def _event_status_url(state: str) -> str:
    return f"{_CONTEXT}/{_EVENT_STATUS[state]}" if state else ""


def web_page_node(page: PageData) -> dict:
    """Return the JSON-LD node of a page whose record has no schema.org type."""
    return {
        "@type": "WebPage",
        "name": page.title.text,
        "url": page.url,
        "inLanguage": page.title.tag,
        "dateModified": iso_timestamp(page.record.changed_at),
    }


def with_sources(node: dict, sources: Iterable[PublicSource]) -> dict:
    """Return the JSON-LD node of a record with the sources that its page links to.

    A work cites them; an event, an organisation or a state is their subject.
    """
    name = "citation" if node["@type"] in _WORKS else "subjectOf"
    nodes = [_source_node(source) for source in sources if not source.is_evidence_only]
    return {**node, name: nodes} if nodes else node


def _source_node(source: PublicSource) -> dict:
    publisher = {"@type": "Organization", "name": source.publisher}
    return omit_empty(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "url": source.url,
            "inLanguage": source.language,
            "datePublished": source.period.iso,
            "publisher": publisher if source.publisher else None,
            "archivedAt": source.archive_url,
        }
    )


def place_node(link: Link) -> dict:
    """Return the JSON-LD node of a linked place."""
    return {"@type": "Place", "name": link.name.text}


def organization_node(link: Link, page: PageData) -> dict:
    """Return the JSON-LD node of a linked organisation, with the URL of its page."""
    kind = "GovernmentOrganization" if link.url_path else "Organization"
    url = (
        page.build_absolute_url(f"/{page.language.code}/{link.url_path}")
        if link.url_path
        else ""
    )
    return omit_empty({"@type": kind, "name": link.name.text, "url": url})


def first_day(period: Period) -> str:
    """Return the first day of a period, as exact as known: ``2017-09``, ``2017``."""
    return period.iso.partition("/")[0]


def iso_timestamp(at: dt.datetime | None) -> str:
    """Format a time to the second in the time zone of the portal; "" for None."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def omit_empty(node: dict) -> dict:
    """Return a JSON-LD node without its empty values: unknown facts are omitted."""
    return {name: value for name, value in node.items() if value}
