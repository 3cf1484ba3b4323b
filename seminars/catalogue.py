"""How seminars are drawn in the catalogue, and which of their files are public.

No person is named here.
"""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.catalogue.registry import Drawn, Kind, register
from portal.catalogue.search.gathering import HeldFile, register_files
from portal.files.models import StoredFile
from portal.languages import DEFAULT
from portal.publishing.catalogue import party_names
from portal.publishing.choices import EventState, Scope
from portal.publishing.content import ContentReader
from portal.publishing.files import register_holder
from portal.publishing.links import at_hand, load_links, zone_of
from portal.translations.texts import texts_of, words_of, words_of_all
from seminars.choices import SessionKind
from seminars.models import Material, Seminar


def draw_seminar(seminar: Seminar) -> Drawn:
    links = load_links([seminar], DEFAULT)[seminar.pk]
    countries = [link.key for link in links["participating_countries"]]
    countries += [link.country for link in links["places"]]
    organs = links["organiser_organs"] + links["host_organs"] + links["venue_organs"]
    places = [link.key for link in links["places"]]
    zone = zone_of(links["places"])
    return Drawn(
        path=f"seminars/{seminar.code}/",
        texts=texts_of(seminar, title="title", summary="summary"),
        period=seminar.period,
        state=seminar.state,
        zone=zone,
        participants=seminar.reported_participants,
        programme=_programme(seminar, zone),
        countries=list(dict.fromkeys(countries)),
        topics=[link.key for link in links["topics"]],
        places=places,
        facts={"scope": seminar.scope},
        tags={
            "kind": [seminar.audience] if seminar.audience else [],
            "scope": [seminar.scope],
            "organ": sorted({link.key for link in organs}),
        },
        bodies=[
            *words_of(seminar, "body", "subjects", "venue", "remark"),
            *words_of(seminar, "venue_as_recorded", "city_as_recorded"),
            *words_of(seminar, "organiser_as_recorded"),
            *party_names(links["organiser_parties"], links["host_parties"]),
            *party_names(links["venue_parties"]),
            *words_of_all(seminar.sessions.all(), "title", "speaker_office"),
        ],
    )


def _programme(seminar: Seminar, zone: str) -> list[dict]:
    """Its sessions that have a time; who speaks stays on the page."""
    return [
        {
            "key": session.pk,
            "kind": session.session_kind,
            "starts_at": _utc(session.starts_at),
            "ends_at": _utc(session.ends_at) if session.ends_at else "",
            "zone": (session.place.time_zone if session.place else zone)
            or timezone.get_default_timezone_name(),
            "place": session.place.key if session.place else "",
            "titles": {
                code: title
                for code, (title, _summary) in texts_of(session, title="title").items()
            },
        }
        for session in seminar.sessions.all()
        if session.starts_at
    ]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


@register_files
def public_materials(seminars: Sequence[Seminar]) -> dict[int, list[HeldFile]]:
    """Materials that everyone may fetch, by the seminar's primary key."""
    if not isinstance(seminars[0], Seminar):
        return {}
    materials = Material.objects.filter(seminar__in=seminars, is_public=True)
    found: dict[int, list[HeldFile]] = {}
    for one in materials.select_related("file__text"):
        titles = dict(words_of(one, "title"))
        title = "\n".join(titles.values())
        held = HeldFile("material", one.file, one.language, title, titles)
        found.setdefault(one.seminar_id, []).append(held)
    return found


@register_holder
def holds_in_public(stored: StoredFile, at: dt.datetime) -> bool:
    """Whether a published seminar has ``stored`` among its public materials."""
    materials = Material.objects.filter(file=stored, is_public=True)
    return materials.filter(seminar__in=Seminar.objects.published(at)).exists()


register(
    Kind(
        code="seminar",
        model=Seminar,
        label=_("seminar"),
        label_plural=_("seminars"),
        draw=draw_seminar,
        read_contents=ContentReader("sessions"),
        gather=at_hand("sessions__place"),
        list_name="seminars:list",
        filters=(
            "country",
            "organ",
            "topic",
            "scope",
            "state",
            "done",
            "year",
            "from",
            "to",
            "as_of",
            "dated",
        ),
        choices={"scope": Scope, "state": EventState},
        is_event=True,
        programme=SessionKind,
    )
)
