"""Entries of visits in the public catalogue. They do not name a person."""

from django.utils.translation import gettext_lazy

from delegations.choices import Direction
from delegations.models import Visit
from delegations.titles import VISIT_TITLE_KEYS, visit_title, visit_title_facts
from portal.content.catalogue.registry import EntryData, Kind, Subgroup, register_kind
from portal.content.publishing.catalogue import get_party_names
from portal.content.publishing.choices import EventState, Scope
from portal.content.publishing.content_reading import ContentReader
from portal.content.publishing.links import (
    load_links,
    prefetch_with_links,
    time_zone_of,
)
from portal.core.languages import DEFAULT_LANGUAGE
from portal.core.translations.record_texts import (
    get_language_texts,
    get_language_texts_of_rows,
    get_texts_by_language,
)


def build_visit_entry(visit: Visit) -> EntryData:
    links = load_links([visit], DEFAULT_LANGUAGE)[visit.pk]
    countries = [visit.from_country.iso2, visit.to_country.iso2]
    organs = links["from_organs"] + links["to_organs"]
    places = [link.key for link in links["places"]]
    return EntryData(
        path=f"delegations/{visit.code}/",
        texts=_build_entry_texts(visit),
        period=visit.period,
        state=visit.state,
        zone=time_zone_of(links["places"]),
        countries=countries,
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={
            "kind": [visit.purpose_kind] if visit.purpose_kind else [],
            "scope": [visit.scope],
            "direction": [visit.direction],
            "organ": sorted({link.key for link in organs}),
        },
        facts={
            **visit_title_facts(visit, links),
            "part": visit.direction,
            "scope": visit.scope,
        },
        bodies=[
            *get_language_texts(visit, "summary", "purpose", "outcome", "remark"),
            *get_language_texts(visit, "from_as_recorded", "to_as_recorded"),
            *get_language_texts(visit, "place_as_recorded"),
            *get_party_names(links["from_parties"], links["to_parties"]),
            *get_language_texts_of_rows(visit.stops.all(), "activity"),
        ],
    )


def _build_entry_texts(visit: Visit) -> dict[str, tuple[str, str]]:
    """Return title and summary of a visit by language code.

    The summary of a language is the first non-empty field of purpose, summary and
    outcome.
    """
    texts = get_texts_by_language(visit, title="title", summary="purpose")
    fallback_texts = get_texts_by_language(visit, title="summary", summary="outcome")
    for code, (summary, outcome) in fallback_texts.items():
        title, purpose = texts.get(code, ("", ""))
        texts[code] = (title, purpose or summary or outcome)
    return texts


register_kind(
    Kind(
        code="visit",
        model=Visit,
        label=gettext_lazy("visit"),
        label_plural=gettext_lazy("visits"),
        build_entry=build_visit_entry,
        read_contents=ContentReader("stops"),
        prefetch=prefetch_with_links("from_country", "to_country", "stops"),
        title_facts=visit_title_facts,
        title_from_facts=visit_title,
        title_keys=VISIT_TITLE_KEYS,
        untitled=gettext_lazy("Delegation"),
        list_url_name="delegations:visit-list",
        subgroups=tuple(
            Subgroup(code, label, {"direction": code})
            for code, label in (
                (Direction.INBOUND, gettext_lazy("visits to China")),
                (Direction.OUTBOUND, gettext_lazy("visits from China")),
            )
        ),
        filters=(
            "country",
            "organ",
            "topic",
            "scope",
            "direction",
            "state",
            "done",
            "year",
            "from",
            "to",
            "as_of",
            "dated",
        ),
        choices={"scope": Scope, "direction": Direction, "state": EventState},
        is_event=True,
    )
)
