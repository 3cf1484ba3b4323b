"""Entries of seminars in the public catalogue, and public access to their materials.

The entries do not name persons.
"""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.registry import EntryData, Kind, register_kind
from portal.content.catalogue.search.providers import (
    AttachedFile,
    register_file_provider,
)
from portal.content.publishing.catalogue import get_party_names
from portal.content.publishing.choices import EventState, Scope
from portal.content.publishing.content_reading import ContentReader
from portal.content.publishing.links import (
    load_links,
    prefetch_with_links,
    time_zone_of,
)
from portal.core.files.models import StoredFile
from portal.core.languages import DEFAULT_LANGUAGE
from portal.core.translations.record_texts import (
    get_language_texts,
    get_language_texts_of_rows,
    get_texts_by_language,
)
from seminars.choices import SessionKind
from seminars.models import Material, Seminar
from seminars.titles import SEMINAR_TITLE_KEYS, seminar_title, seminar_title_facts


def build_seminar_entry(seminar: Seminar) -> EntryData:
    links = load_links([seminar], DEFAULT_LANGUAGE)[seminar.pk]
    countries = [link.key for link in links["participating_countries"]]
    countries += [link.country for link in links["places"]]
    organs = links["organiser_organs"] + links["host_organs"] + links["venue_organs"]
    organs += links["co_organiser_organs"]
    places = [link.key for link in links["places"]]
    zone = time_zone_of(links["places"])
    return EntryData(
        path=f"seminars/{seminar.code}/",
        texts=get_texts_by_language(seminar, title="title", summary="summary"),
        period=seminar.period,
        state=seminar.state,
        zone=zone,
        participants=seminar.reported_participants,
        programme=_build_programme(seminar, zone),
        countries=list(dict.fromkeys(countries)),
        topics=[link.key for link in links["topics"]],
        places=places,
        facts={**seminar_title_facts(seminar, links), "scope": seminar.scope},
        tags={
            "kind": [seminar.audience] if seminar.audience else [],
            "scope": [seminar.scope],
            "organ": sorted({link.key for link in organs}),
        },
        bodies=[
            *get_language_texts(seminar, "body", "subjects", "venue", "remark"),
            *get_language_texts(seminar, "venue_as_recorded", "city_as_recorded"),
            *get_language_texts(
                seminar, "organiser_as_recorded", "co_organiser_as_recorded"
            ),
            *get_party_names(links["organiser_parties"], links["host_parties"]),
            *get_party_names(links["venue_parties"], links["co_organiser_parties"]),
            *get_language_texts_of_rows(
                seminar.sessions.all(), "title", "speaker_office"
            ),
        ],
    )


def _build_programme(seminar: Seminar, zone: str) -> list[dict]:
    """Return the sessions of a seminar that have a start time, as JSON values.

    Times are UTC; ``zone`` is the time zone in which a session takes place. Speakers
    are left out.
    """
    return [
        {
            "key": session.pk,
            "kind": session.session_kind,
            "starts_at": _format_utc(session.starts_at),
            "ends_at": _format_utc(session.ends_at) if session.ends_at else "",
            "zone": (session.place.time_zone if session.place else zone)
            or timezone.get_default_timezone_name(),
            "place": session.place.key if session.place else "",
            "titles": {
                code: title
                for code, (title, _summary) in get_texts_by_language(
                    session, title="title"
                ).items()
            },
        }
        for session in seminar.sessions.all()
        if session.starts_at
    ]


def _format_utc(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds")


@register_file_provider
def get_public_material_files(
    seminars: Sequence[Seminar],
) -> dict[int, list[AttachedFile]]:
    """Return the public materials of seminars, by the seminar's primary key.

    Returns {} for records that are not seminars.
    """
    if not isinstance(seminars[0], Seminar):
        return {}
    materials = Material.objects.filter(seminar__in=seminars, is_public=True)
    files_by_seminar: dict[int, list[AttachedFile]] = {}
    for material in materials.select_related("file__text"):
        titles = dict(get_language_texts(material, "title"))
        title = "\n".join(titles.values())
        searchable_file = AttachedFile(
            "material", material.file, material.language, title, titles
        )
        files_by_seminar.setdefault(material.seminar_id, []).append(searchable_file)
    return files_by_seminar


def is_public_material(stored: StoredFile, at: dt.datetime) -> bool:
    """Return whether ``stored`` is public material of a seminar published at ``at``."""
    materials = Material.objects.filter(file=stored, is_public=True)
    return materials.filter(seminar__in=Seminar.objects.published(at)).exists()


register_kind(
    Kind(
        code="seminar",
        model=Seminar,
        label=_("seminar"),
        label_plural=_("seminars"),
        build_entry=build_seminar_entry,
        read_contents=ContentReader("sessions"),
        prefetch=prefetch_with_links("sessions__place"),
        title_facts=seminar_title_facts,
        title_from_facts=seminar_title,
        title_keys=SEMINAR_TITLE_KEYS,
        list_url_name="seminars:list",
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
        programme_choices=SessionKind,
        uses_file_publicly=is_public_material,
    )
)
