from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.registry import EntryData, Kind, register_kind
from portal.content.publishing.content_reading import ContentReader
from portal.content.publishing.links import prefetch_with_links
from portal.core.translations.record_texts import (
    get_language_texts,
    get_texts_by_language,
)
from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import Country, Organ


def build_country_entry(country: Country) -> EntryData:
    return EntryData(
        path=f"countries/{country.iso2.lower()}/",
        texts=get_texts_by_language(country, title="name"),
        countries=[country.iso2],
        bodies=get_language_texts(country, "prosecution_system", "remark"),
    )


def build_organ_entry(organ: Organ) -> EntryData:
    parent_key = organ.parent.key if organ.parent else ""
    return EntryData(
        path=f"organs/{organ.key}/",
        texts=get_texts_by_language(organ, title="name"),
        countries=[organ.country.iso2],
        places=[organ.place.key] if organ.place else [],
        tags={"level": [organ.level], "organ": [parent_key] if parent_key else []},
        facts={
            "above": parent_key,
            "level": organ.level,
            "native": organ.name_native,
            "native_language": organ.native_language,
            "rank": OrganLevel.values.index(organ.level) * 100_000
            + organ.display_order,
        },
        bodies=get_language_texts(organ, "seat_as_recorded", "remark"),
        names=_build_native_names(organ),
    )


def _build_native_names(organ: Organ) -> list[tuple[str, str]]:
    """Return the names in the organ's own language, which are separated by ";"."""
    names = [name.strip() for name in organ.name_native.split(";")]
    return [(organ.native_language.lower(), name) for name in names if name]


register_kind(
    Kind(
        code="country",
        model=Country,
        label=_("country"),
        label_plural=_("countries"),
        build_entry=build_country_entry,
        read_contents=ContentReader(),
        filters=(),
        is_dated=False,
    )
)
register_kind(
    Kind(
        code="organ",
        model=Organ,
        label=_("organisation"),
        label_plural=_("organisations"),
        build_entry=build_organ_entry,
        read_contents=ContentReader(),
        prefetch=prefetch_with_links("country", "place", "parent"),
        filters=("country",),
        is_dated=False,
        related_limit=60,
    )
)
