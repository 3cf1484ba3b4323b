"""Build the schema.org data (JSON-LD) of a page.

It contains nothing that the page does not show, and no date is more exact than on
record. The builders use the template context of the page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from portal.content.catalogue.period import Period
from portal.content.catalogue.registry import Kind
from portal.content.publishing.choices import EventState
from portal.content.publishing.links import Link
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText, localized
from portal.reference.directory.choices import OrganLevel

_CONTEXT = "https://schema.org"
# schema.org: EventScheduled also applies to events that took place as scheduled.
_EVENT_STATUS = {
    EventState.PLANNED: "EventScheduled",
    EventState.HELD: "EventScheduled",
    EventState.POSTPONED: "EventPostponed",
    EventState.CANCELLED: "EventCancelled",
}
# Document types that are legally binding; the others are declarations and statements.
_LEGISLATION_KINDS = {"treaty", "agreement"}
# Relations to the hosts and organisers of an event.
_ORGANISER_RELATIONS = (
    "host_organs",
    "organiser_organs",
    "host_parties",
    "organiser_parties",
)
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_ESCAPES |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class PageData:
    """The page of a record, as input of the builders.

    ``context`` is the template context of the page; ``languages`` are the tags of the
    languages in which the record exists.
    """

    kind: Kind
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
            _without_empty(
                {"@type": "ListItem", "position": at, "name": name, "item": url}
            )
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


def record_node(page: PageData) -> dict:
    """Return the JSON-LD node of a record, of the schema.org type for its kind."""
    build = (
        _event_node
        if page.kind.is_event
        else _BUILDERS.get(page.kind.code, _web_page_node)
    )
    return _without_empty(build(page))


def _event_node(page: PageData) -> dict:
    is_exact = page.record.period.precision == "day"
    instruction = getattr(page.record, "instruction_languages", None)
    return {
        "@type": "Event",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        "startDate": _start_date(page.record.period),
        "endDate": page.record.period.last_day.isoformat() if is_exact else "",
        "eventStatus": _event_status_url(page.record.state),
        "inLanguage": instruction or page.title.tag,
        "location": [_place_node(link) for link in page.links_of("places")],
        "organizer": [
            _organization(link, page) for link in page.links_of(*_ORGANISER_RELATIONS)
        ],
        "superEvent": _super_event_node(page),
    }


def _event_status_url(state: str) -> str:
    return f"{_CONTEXT}/{_EVENT_STATUS[state]}" if state else ""


def _super_event_node(page: PageData) -> dict | None:
    """Return the JSON-LD node of the event to which a record belongs, else None.

    That is the meeting in which a visit took place, or the mechanism of a meeting.
    """
    meeting, mechanism = page.context.get("meeting"), page.context.get("mechanism")
    if page.kind.code == "visit" and meeting:
        url = page.build_absolute_url(meeting["url"])
        return {"@type": "Event", "name": meeting["title"].text, "url": url}
    if page.kind.code == "meeting" and mechanism:
        name = localized(mechanism, "name", page.language)
        url = page.build_absolute_url(mechanism.get_absolute_url())
        return name and {"@type": "EventSeries", "name": name.text, "url": url}
    return None


def _mechanism_node(page: PageData) -> dict:
    organs = page.links_of("side_a_organs", "side_b_organs")
    parties = page.links_of("side_a_parties", "side_b_parties")
    return {
        "@type": "EventSeries",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        "startDate": _start_date(page.record.start_period),
        "inLanguage": page.title.tag,
        "organizer": [_organization(link, page) for link in organs + parties],
    }


def _document_node(page: PageData) -> dict:
    is_law = page.record.document_kind in _LEGISLATION_KINDS
    day = {
        "legislationDate" if is_law else "dateCreated": _start_date(page.record.period)
    }
    place, edition = page.context.get("place"), page.context.get("edition")
    return {
        "@type": "Legislation" if is_law else "CreativeWork",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        **day,
        "inLanguage": page.languages,
        "locationCreated": _place_node(place) if place and place.name else None,
        "recordedAt": edition
        and {
            "@type": "Event",
            "name": page.context["edition_name"].text,
            "url": page.build_absolute_url(edition.get_absolute_url()),
        },
    }


def _article_node(page: PageData) -> dict:
    return {
        "@type": "NewsArticle",
        "headline": page.title.text,
        "url": page.url,
        "image": page.image,
        "datePublished": _start_date(page.record.period),
        "dateModified": _iso_timestamp(page.record.changed_at),
        "inLanguage": page.title.tag,
        "about": [_organization(link, page) for link in page.links_of("organs")],
    }


def _organ_node(page: PageData) -> dict:
    parent, place = page.context.get("parent"), page.context.get("place")
    is_below = parent and parent.name and page.record.level != OrganLevel.SPECIAL_REGION
    return {
        "@type": "GovernmentOrganization",
        "name": page.title.text,
        "alternateName": page.record.name_native,
        "url": page.url,
        "sameAs": page.record.website,
        "foundingDate": _start_date(page.record.established),
        "location": _place_node(place) if place and place.name else None,
        "parentOrganization": _organization(parent, page) if is_below else None,
    }


def _country_node(page: PageData) -> dict:
    return {"@type": "Country", "name": page.title.text, "url": page.url}


def _web_page_node(page: PageData) -> dict:
    return {
        "@type": "WebPage",
        "name": page.title.text,
        "url": page.url,
        "inLanguage": page.title.tag,
        "dateModified": _iso_timestamp(page.record.changed_at),
    }


_BUILDERS = {
    "mechanism": _mechanism_node,
    "document": _document_node,
    "article": _article_node,
    "organ": _organ_node,
    "country": _country_node,
}


def _place_node(link: Link) -> dict:
    return {"@type": "Place", "name": link.name.text}


def _organization(link: Link, page: PageData) -> dict:
    """Return the JSON-LD node of a linked organisation, with the URL of its page."""
    kind = "GovernmentOrganization" if link.url_path else "Organization"
    url = (
        page.build_absolute_url(f"/{page.language.code}/{link.url_path}")
        if link.url_path
        else ""
    )
    return _without_empty({"@type": kind, "name": link.name.text, "url": url})


def _start_date(period: Period) -> str:
    """Return the first day of a period, as exact as known: ``2017-09``, ``2017``."""
    return period.iso.partition("/")[0]


def _iso_timestamp(at) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def _without_empty(node: dict) -> dict:
    """Return a JSON-LD node without its empty values: unknown facts are omitted."""
    return {name: value for name, value in node.items() if value}
