"""How visits are drawn in the catalogue, and how they are named. No person is named."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delegations.choices import Direction
from delegations.models import Visit
from portal.catalogue.registry import Drawn, Kind, Part, register
from portal.languages import DEFAULT
from portal.publishing.catalogue import party_names
from portal.publishing.choices import EventState, Scope
from portal.publishing.content import ContentReader
from portal.publishing.links import at_hand, load_links, zone_of
from portal.translations.texts import texts_of, words_of, words_of_all


def name_visit(facts: dict, country_names: Mapping[str, str]) -> str:
    """``Delegation from Viet Nam to China``, in the active language.

    A country that has no name for the reader is left out.
    """
    origin = country_names.get(facts["from"], "")
    destination = country_names.get(facts["to"], "")
    values = {"origin": origin, "destination": destination}
    if origin and destination:
        return _("Delegation from %(origin)s to %(destination)s") % values
    if origin:
        return _("Delegation from %(origin)s") % values
    if destination:
        return _("Delegation to %(destination)s") % values
    return _("Delegation")


def draw_visit(visit: Visit) -> Drawn:
    links = load_links([visit], DEFAULT)[visit.pk]
    countries = [visit.from_country.iso2, visit.to_country.iso2]
    organs = links["from_organs"] + links["to_organs"]
    places = [link.key for link in links["places"]]
    return Drawn(
        path=f"delegations/{visit.code}/",
        texts=_texts(visit),
        period=visit.period,
        state=visit.state,
        zone=zone_of(links["places"]),
        countries=countries,
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={
            "kind": [visit.purpose_kind] if visit.purpose_kind else [],
            "scope": [visit.scope],
            "direction": [visit.direction],
            "organ": sorted({link.key for link in organs}),
        },
        facts={**visit.facts, "part": visit.direction, "scope": visit.scope},
        bodies=[
            *words_of(visit, "summary", "purpose", "outcome", "remark"),
            *words_of(visit, "from_as_recorded", "to_as_recorded"),
            *words_of(visit, "place_as_recorded"),
            *party_names(links["from_parties"], links["to_parties"]),
            *words_of_all(visit.stops.all(), "activity"),
        ],
    )


def _texts(visit: Visit) -> dict[str, tuple[str, str]]:
    """The purpose is the summary; where it is not written, what else is."""
    texts = texts_of(visit, title="title", summary="purpose")
    others = texts_of(visit, title="summary", summary="outcome")
    for code, (summary, outcome) in others.items():
        title, purpose = texts.get(code, ("", ""))
        texts[code] = (title, purpose or summary or outcome)
    return texts


register(
    Kind(
        code="visit",
        model=Visit,
        label=gettext_lazy("visit"),
        label_plural=gettext_lazy("visits"),
        draw=draw_visit,
        read_contents=ContentReader("stops"),
        gather=at_hand("from_country", "to_country", "stops"),
        sentence=name_visit,
        list_name="delegations:list",
        parts=tuple(
            Part(code, label, {"direction": code})
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
