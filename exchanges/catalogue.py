"""Entries of mechanisms and meetings in the public catalogue."""

from dataclasses import replace

from django.utils.translation import gettext_lazy

from exchanges.choices import MechanismKind, MechanismState
from exchanges.models import Mechanism, Meeting
from exchanges.titles import (
    MECHANISM_TITLE_KEYS,
    MEETING_TITLE_KEYS,
    mechanism_title,
    mechanism_title_facts,
    meeting_title,
    meeting_title_facts,
)
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.registry import EntryData, Kind, register_kind
from portal.content.publishing.catalogue import get_party_names
from portal.content.publishing.choices import EventState
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
from portal.reference.directory.models import Country


def build_mechanism_entry(mechanism: Mechanism) -> EntryData:
    links = load_links([mechanism], DEFAULT_LANGUAGE)[mechanism.pk]
    organs = links["side_a_organs"] + links["side_b_organs"]
    parties = links["side_a_parties"] + links["side_b_parties"]
    other_country = [mechanism.other_country.iso2] if mechanism.other_country else []
    countries = [link.country for link in organs + parties] + other_country
    return EntryData(
        path=f"exchanges/{mechanism.key}/",
        texts=get_texts_by_language(mechanism, title="name"),
        state=mechanism.state,
        countries=list(dict.fromkeys(countries)),
        tags={
            "kind": [mechanism.mechanism_kind],
            "organ": sorted({link.key for link in organs}),
        },
        facts=mechanism_title_facts(mechanism, links),
        bodies=[*get_language_texts(mechanism, "remark"), *get_party_names(parties)],
    )


class _MechanismContentReader(ContentReader):
    """Reader of mechanisms, whose titles may name China although no link leads to it.

    Each of their contents depends on the row of China.
    """

    def __call__(self, records):
        china = {row_value(row) for row in Country.objects.filter(iso2="CN")}
        return {
            pk: replace(content, rows=content.rows | china)
            for pk, content in super().__call__(records).items()
        }


def build_meeting_entry(meeting: Meeting) -> EntryData:
    links = load_links([meeting], DEFAULT_LANGUAGE)[meeting.pk]
    organs = links["host_organs"] + links["organs_cn"] + links["organs_other"]
    places = [link.key for link in links["places"]]
    return EntryData(
        path=f"exchanges/meetings/{meeting.code}/",
        texts=get_texts_by_language(meeting, title="title", summary="outcome"),
        period=meeting.period,
        state=meeting.state,
        zone=time_zone_of(links["places"]),
        countries=_get_country_codes(meeting, links),
        topics=[link.key for link in links["topics"]],
        places=places,
        tags={
            "mechanism": [meeting.mechanism.key] if meeting.mechanism else [],
            "organ": sorted({link.key for link in organs}),
        },
        facts={
            **meeting_title_facts(meeting, links),
            "mechanism": meeting.mechanism.key if meeting.mechanism else "",
        },
        number=meeting.series_number,
        bodies=_get_search_texts(meeting, links),
    )


def _get_search_texts(meeting: Meeting, links: dict) -> list[tuple[str, str]]:
    return [
        *get_language_texts(
            meeting, "mechanism_as_recorded", "place_as_recorded", "remark"
        ),
        *get_language_texts(
            meeting, "organs_cn_as_recorded", "organs_other_as_recorded"
        ),
        *get_party_names(links["parties_cn"], links["parties_other"]),
        *get_language_texts_of_rows(meeting.agenda_items.all(), "text"),
        *get_language_texts_of_rows(meeting.agreed_actions.all(), "text"),
    ]


def _get_country_codes(meeting: Meeting, links: dict) -> list[str]:
    """Return ISO 3166 alpha-2 codes of the host country and the other side's country.

    China is added if authorities of the Chinese side are recorded.
    """
    meeting_countries = [meeting.host_country, meeting.other_country]
    countries = [country.iso2 for country in meeting_countries if country]
    if links["organs_cn"] or links["parties_cn"]:
        countries.append("CN")
    return list(dict.fromkeys(countries))


register_kind(
    Kind(
        code="mechanism",
        model=Mechanism,
        label=gettext_lazy("mechanism"),
        label_plural=gettext_lazy("mechanisms"),
        build_entry=build_mechanism_entry,
        read_contents=_MechanismContentReader(),
        prefetch=prefetch_with_links("other_country"),
        title_facts=mechanism_title_facts,
        title_from_facts=mechanism_title,
        title_keys=MECHANISM_TITLE_KEYS,
        filters=("country", "organ", "kind", "state"),
        choices={"kind": MechanismKind, "state": MechanismState},
        list_url_name="exchanges:exchange-list",
        is_dated=False,
        related_limit=20,
    )
)
register_kind(
    Kind(
        code="meeting",
        model=Meeting,
        label=gettext_lazy("meeting"),
        label_plural=gettext_lazy("meetings"),
        build_entry=build_meeting_entry,
        read_contents=ContentReader("agenda_items", "agreed_actions"),
        prefetch=prefetch_with_links(
            "mechanism",
            "host_country",
            "other_country",
            "agenda_items",
            "agreed_actions",
        ),
        title_facts=meeting_title_facts,
        title_from_facts=meeting_title,
        title_keys=MEETING_TITLE_KEYS,
        untitled=gettext_lazy("Meeting of border procuratorates"),
        list_url_name="exchanges:exchange-list",
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
