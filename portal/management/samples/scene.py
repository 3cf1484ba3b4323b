"""What samples point to: the countries, places and topics of the record, and the
samples that came before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.registry import kind_of
from portal.directory.models import Country, Place, Topic
from portal.languages import BY_CODE
from portal.management.samples.plan import POINTED_TO, code_of
from portal.publishing.choices import Status


@dataclass(frozen=True)
class Land:
    """A country of the record, the pks of its places, and its names by language."""

    pk: int
    iso2: str
    names: dict[str, str]
    places: tuple[int, ...]

    def named(self, code: str) -> str:
        return self.names.get(code) or self.names.get("en") or self.iso2


@dataclass
class Scene:
    """``lands`` are by iso2 code and ``topics`` pks by key; ``pks`` hold the samples
    that may be pointed to, by kind and number. ``by`` signs."""

    by: object
    lands: dict[str, Land]
    topics: dict[str, int]
    pks: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def china(self) -> Land:
        return self.lands["CN"]

    @property
    def others(self) -> list[Land]:
        return [land for iso2, land in self.lands.items() if iso2 != "CN"]

    def topic_pks(self, keys: Iterable[str]) -> list[int]:
        return [self.topics[key] for key in keys if key in self.topics]

    def organs(self, chance: Random, before: int, *, chinese: bool) -> list[int]:
        """Up to two organs of one side; every second one is Chinese."""
        numbers = range(1 if chinese else 2, before + 1, 2)
        chosen = chance.sample(numbers, min(len(numbers), chance.randint(1, 2)))
        return [self.pks["organ"][number] for number in chosen]

    def one(self, chance: Random, kind: str, before: int) -> int | None:
        """The pk of one of the first ``before`` samples of ``kind``, if any."""
        number = chance.randint(1, before) if before else 0
        return self.pks[kind].get(number)


def scene_for(by) -> Scene:
    """The scene as it stands in the database; ``lands`` is empty where no record is."""
    places = defaultdict(list)
    rows = Place.objects.order_by("key").values_list("country_id", "pk")
    for country, pk in rows:
        places[country].append(pk)
    lands = {
        country.iso2: Land(
            country.pk,
            country.iso2,
            {
                code: getattr(country, build_localized_fieldname("name", code))
                for code in BY_CODE
            },
            tuple(places[country.pk]),
        )
        for country in Country.objects.filter(status=Status.PUBLISHED).order_by("iso2")
    }
    scene = Scene(by, lands, dict(Topic.objects.values_list("key", "pk")))
    for kind in ("organ", "edition", "document", "mechanism", "meeting"):
        model = kind_of(kind).model
        codes = {code_of(kind, n): n for n in range(1, POINTED_TO + 1)}
        found = model.objects.filter(is_sample=True).filter(
            **{f"{model.code_field}__in": list(codes)}
        )
        for code, pk in found.values_list(model.code_field, "pk"):
            scene.pks[kind][codes[str(code)]] = pk
    return scene
