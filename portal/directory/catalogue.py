from django.utils.translation import gettext_lazy as _

from portal.catalogue.registry import Drawn, Kind, register
from portal.catalogue.search.gathering import register_namer
from portal.directory.choices import Level
from portal.directory.found_by import names_by_key
from portal.directory.models import Country, Organ
from portal.publishing.content import ContentReader
from portal.publishing.links import at_hand
from portal.translations.texts import texts_of, words_of


def draw_country(country: Country) -> Drawn:
    return Drawn(
        path=f"countries/{country.iso2.lower()}/",
        texts=texts_of(country, title="name"),
        countries=[country.iso2],
        bodies=words_of(country, "remark"),
    )


def draw_organ(organ: Organ) -> Drawn:
    above = organ.parent.key if organ.parent else ""
    return Drawn(
        path=f"organs/{organ.key}/",
        texts=texts_of(organ, title="name"),
        countries=[organ.country.iso2],
        places=[organ.place.key] if organ.place else [],
        tags={"level": [organ.level], "organ": [above] if above else []},
        facts={
            "above": above,
            "level": organ.level,
            "native": organ.name_native,
            "native_language": organ.native_language,
            "rank": Level.values.index(organ.level) * 100_000 + organ.display_order,
        },
        bodies=words_of(organ, "name_native", "seat_as_recorded", "remark"),
    )


register(
    Kind(
        code="country",
        model=Country,
        label=_("country"),
        label_plural=_("countries"),
        draw=draw_country,
        read_contents=ContentReader(),
        filters=(),
        is_dated=False,
    )
)
register(
    Kind(
        code="organ",
        model=Organ,
        label=_("organ"),
        label_plural=_("organs"),
        draw=draw_organ,
        read_contents=ContentReader(),
        gather=at_hand("country", "place", "parent"),
        filters=("country",),
        is_dated=False,
    )
)
register_namer(names_by_key)
