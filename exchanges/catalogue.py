"""How mechanisms and meetings are drawn in the catalogue; how meetings are named."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchanges.choices import MechanismKind, MechanismState
from exchanges.models import Mechanism, Meeting
from portal.catalogue.registry import Drawn, Kind, register
from portal.languages import DEFAULT
from portal.publishing.catalogue import party_names
from portal.publishing.choices import EventState
from portal.publishing.content import ContentReader
from portal.publishing.links import at_hand, load_links, zone_of
from portal.translations.texts import texts_of, words_of, words_of_all


def name_meeting(facts: dict, country_names: Mapping[str, str]) -> str:
    """``Meeting of procuratorates of China and Viet Nam, number 2``.

    In the active language; one side of a meeting is always Chinese. A country that has
    no name for the reader is left out.
    """
    country = country_names.get(facts["other"], "")
    values = {"country": country, "number": facts["number"]}
    if not country:
        return _("Meeting of border procuratorates")
    if facts["number"] is None:
        return _("Meeting of procuratorates of China and %(country)s") % values
    return (
        _("Meeting of procuratorates of China and %(country)s, number %(number)s")
        % values
    )


def draw_mechanism(mechanism: Mechanism) -> Drawn:
    links = load_links([mechanism], DEFAULT)[mechanism.pk]
    organs = links["side_a_organs"] + links["side_b_organs"]
    parties = links["side_a_parties"] + links["side_b_parties"]
    other = [mechanism.other_country.iso2] if mechanism.other_country else []
    countries = [link.country for link in organs + parties] + other
    return Drawn(
        path=f"exchanges/{mechanism.key}/",
        texts=texts_of(mechanism, title="name"),
        state=mechanism.state,
        countries=list(dict.fromkeys(countries)),
        tags={
            "kind": [mechanism.mechanism_kind],
            "organ": sorted({link.key for link in organs}),
        },
        bodies=[*words_of(mechanism, "remark"), *party_names(parties)],
    )


def draw_meeting(meeting: Meeting) -> Drawn:
    links = load_links([meeting], DEFAULT)[meeting.pk]
    organs = links["host_organs"] + links["organs_cn"] + links["organs_other"]
    places = [link.key for link in links["places"]]
    return Drawn(
        path=f"exchanges/meetings/{meeting.code}/",
        texts=texts_of(meeting, title="title", summary="outcome"),
        period=meeting.period,
        state=meeting.state,
        zone=zone_of(links["places"]),
        countries=_countries_of(meeting, links),
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={
            "mechanism": [meeting.mechanism.key] if meeting.mechanism else [],
            "organ": sorted({link.key for link in organs}),
        },
        facts={
            **meeting.facts,
            "mechanism": meeting.mechanism.key if meeting.mechanism else "",
        },
        bodies=_bodies(meeting, links),
    )


def _bodies(meeting: Meeting, links: dict) -> list[tuple[str, str]]:
    return [
        *words_of(meeting, "mechanism_as_recorded", "place_as_recorded", "remark"),
        *words_of(meeting, "organs_cn_as_recorded", "organs_other_as_recorded"),
        *party_names(links["parties_cn"], links["parties_other"]),
        *words_of_all(meeting.agenda_items.all(), "text"),
        *words_of_all(meeting.agreed_actions.all(), "text"),
    ]


def _countries_of(meeting: Meeting, links: dict) -> list[str]:
    """The host's, the other side's and, where its organs are on record, China."""
    known = [meeting.host_country, meeting.other_country]
    countries = [country.iso2 for country in known if country]
    if links["organs_cn"] or links["parties_cn"]:
        countries.append("CN")
    return list(dict.fromkeys(countries))


register(
    Kind(
        code="mechanism",
        model=Mechanism,
        label=gettext_lazy("mechanism"),
        label_plural=gettext_lazy("mechanisms"),
        draw=draw_mechanism,
        read_contents=ContentReader(),
        gather=at_hand("other_country"),
        filters=("country", "organ", "kind", "state"),
        choices={"kind": MechanismKind, "state": MechanismState},
        list_name="exchanges:list",
        is_dated=False,
    )
)
register(
    Kind(
        code="meeting",
        model=Meeting,
        label=gettext_lazy("meeting"),
        label_plural=gettext_lazy("meetings"),
        draw=draw_meeting,
        read_contents=ContentReader("agenda_items", "agreed_actions"),
        gather=at_hand(
            "mechanism",
            "host_country",
            "other_country",
            "agenda_items",
            "agreed_actions",
        ),
        sentence=name_meeting,
        list_name="exchanges:list",
        filters=(
            "country",
            "organ",
            "topic",
            "state",
            "done",
            "year",
            "from",
            "to",
            "as_of",
            "dated",
        ),
        choices={"state": EventState},
        is_event=True,
    )
)
