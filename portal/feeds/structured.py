"""What a page says, once more for machines: schema.org as JSON-LD.

Nothing stands here that the page does not say to its reader, and no date is more exact
than on record. Every builder takes what the page's own template is given.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from portal.catalogue.period import Period
from portal.catalogue.registry import Kind
from portal.directory.choices import Level
from portal.languages import Language
from portal.publishing.choices import EventState
from portal.publishing.links import Link
from portal.translations.shown import Shown, shown

_CONTEXT = "https://schema.org"
# "Scheduled" is also what has taken place as it was scheduled (schema.org).
_STATUS = {
    EventState.PLANNED: "EventScheduled",
    EventState.HELD: "EventScheduled",
    EventState.POSTPONED: "EventPostponed",
    EventState.CANCELLED: "EventCancelled",
}
# Kinds of document that bind; the others declare or agree to work together.
_LEGISLATION = {"treaty", "agreement"}
# Who called an event together, by the relations that name them.
_ORGANISERS = ("host_organs", "organiser_organs", "host_parties", "organiser_parties")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
_ESCAPES |= {"\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class RecordPage:
    """The page of a record: what its template is given, as ``shown``.

    ``languages`` are the tags of those in which the record exists.
    """

    kind: Kind
    record: object
    title: Shown
    language: Language
    links: Mapping[str, list[Link]]
    shown: Mapping[str, object]
    languages: list[str]
    url: str
    image: str
    absolute: Callable[[str], str]

    def linked(self, *names: str) -> list[Link]:
        found = [link for name in names for link in self.links.get(name, [])]
        return [link for link in found if link.name]


def script_text(nodes: list[dict]) -> str:
    """The nodes as the inside of a ``script`` element, which no text can close."""
    text = json.dumps({"@context": _CONTEXT, "@graph": nodes}, ensure_ascii=False)
    return "".join(_ESCAPES.get(character, character) for character in text)


def breadcrumbs(steps: list[tuple[str, str]]) -> dict:
    """The way to a page: names and whole addresses, "" for the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            _told({"@type": "ListItem", "position": at, "name": name, "item": url})
            for at, (name, url) in enumerate(steps, 1)
        ],
    }


def site(name: str, home: str, search: str, language: str) -> list[dict]:
    """The organisation and its site; ``search`` is the search page's address."""
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


def record(page: RecordPage) -> dict:
    """The record itself, as the type that schema.org has for its kind."""
    build = _event if page.kind.is_event else _BUILDERS.get(page.kind.code, _web_page)
    return _told(build(page))


def _event(page: RecordPage) -> dict:
    is_exact = page.record.period.precision == "day"
    instruction = getattr(page.record, "instruction_languages", None)
    return {
        "@type": "Event",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        "startDate": _first(page.record.period),
        "endDate": page.record.period.last_day.isoformat() if is_exact else "",
        "eventStatus": _status(page.record.state),
        "inLanguage": instruction or page.title.tag,
        "location": [_place(link) for link in page.linked("places")],
        "organizer": [_organ_of(link, page) for link in page.linked(*_ORGANISERS)],
        "superEvent": _super_event(page),
    }


def _status(state: str) -> str:
    return f"{_CONTEXT}/{_STATUS[state]}" if state else ""


def _super_event(page: RecordPage) -> dict | None:
    """The meeting that a visit was, the mechanism that a meeting belongs to."""
    meeting, mechanism = page.shown.get("meeting"), page.shown.get("mechanism")
    if page.kind.code == "visit" and meeting:
        url = page.absolute(meeting["url"])
        return {"@type": "Event", "name": meeting["title"].text, "url": url}
    if page.kind.code == "meeting" and mechanism:
        name = shown(mechanism, "name", page.language)
        url = page.absolute(mechanism.get_absolute_url())
        return name and {"@type": "EventSeries", "name": name.text, "url": url}
    return None


def _mechanism(page: RecordPage) -> dict:
    organs = page.linked("side_a_organs", "side_b_organs")
    parties = page.linked("side_a_parties", "side_b_parties")
    return {
        "@type": "EventSeries",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        "startDate": _first(page.record.started),
        "inLanguage": page.title.tag,
        "organizer": [_organ_of(link, page) for link in organs + parties],
    }


def _document(page: RecordPage) -> dict:
    is_law = page.record.document_kind in _LEGISLATION
    day = {"legislationDate" if is_law else "dateCreated": _first(page.record.period)}
    place, edition = page.shown.get("place"), page.shown.get("edition")
    return {
        "@type": "Legislation" if is_law else "CreativeWork",
        "name": page.title.text,
        "url": page.url,
        "image": page.image,
        **day,
        "inLanguage": page.languages,
        "locationCreated": _place(place) if place and place.name else None,
        "recordedAt": edition
        and {
            "@type": "Event",
            "name": page.shown["edition_name"].text,
            "url": page.absolute(edition.get_absolute_url()),
        },
    }


def _article(page: RecordPage) -> dict:
    return {
        "@type": "NewsArticle",
        "headline": page.title.text,
        "url": page.url,
        "image": page.image,
        "datePublished": _first(page.record.period),
        "dateModified": _moment(page.record.changed_at),
        "inLanguage": page.title.tag,
        "about": [_organ_of(link, page) for link in page.linked("organs")],
    }


def _organ(page: RecordPage) -> dict:
    parent, place = page.shown.get("parent"), page.shown.get("place")
    is_below = parent and parent.name and page.record.level != Level.SPECIAL_REGION
    return {
        "@type": "GovernmentOrganization",
        "name": page.title.text,
        "alternateName": page.record.name_native,
        "url": page.url,
        "sameAs": page.record.website,
        "foundingDate": _first(page.record.established),
        "location": _place(place) if place and place.name else None,
        "parentOrganization": _organ_of(parent, page) if is_below else None,
    }


def _country(page: RecordPage) -> dict:
    return {"@type": "Country", "name": page.title.text, "url": page.url}


def _web_page(page: RecordPage) -> dict:
    return {
        "@type": "WebPage",
        "name": page.title.text,
        "url": page.url,
        "inLanguage": page.title.tag,
        "dateModified": _moment(page.record.changed_at),
    }


_BUILDERS = {
    "mechanism": _mechanism,
    "document": _document,
    "article": _article,
    "organ": _organ,
    "country": _country,
}


def _place(link: Link) -> dict:
    return {"@type": "Place", "name": link.name.text}


def _organ_of(link: Link, page: RecordPage) -> dict:
    kind = "GovernmentOrganization" if link.path else "Organization"
    url = page.absolute(f"/{page.language.code}/{link.path}") if link.path else ""
    return _told({"@type": kind, "name": link.name.text, "url": url})


def _first(period: Period) -> str:
    """The first day as exactly as known: ``2025-09-22``, ``2017-09``, ``2017``."""
    return period.iso.partition("/")[0]


def _moment(at) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def _told(node: dict) -> dict:
    """Without what is not on record: a gap for people, nothing for machines."""
    return {name: value for name, value in node.items() if value}
