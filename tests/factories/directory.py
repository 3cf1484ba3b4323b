from portal.reference.directory.choices import OrganLevel
from portal.reference.directory.models import (
    Country,
    NameChange,
    NamedParty,
    Organ,
    Place,
    Topic,
)
from portal.reference.directory.renaming import operations as renaming
from tests.factories import made, numbered
from tests.factories.publishing import AT, actor

_NAMES = {
    "CN": ("China", "中国"),
    "VN": ("Viet Nam", "越南"),
    "LA": ("Lao PDR", "老挝"),
    "TH": ("Thailand", "泰国"),
}


def country(iso2="VN", **values) -> Country:
    english, chinese = _NAMES.get(iso2, (f"Country {iso2}", f"国家{iso2}"))
    return made(
        Country, **{"iso2": iso2, "name_en": english, "name_zh_hans": chinese, **values}
    )


def any_country(iso2="VN") -> Country:
    return Country.objects.filter(iso2=iso2).first() or country(iso2)


def place(key=None, **values) -> Place:
    key = key or f"sample-place-{numbered(Place)}"
    if "country" not in values:
        values["country"] = any_country()
    defaults = {"time_zone": "Asia/Ho_Chi_Minh", "name_en": key.title()}
    return made(Place, **{"key": key, **defaults, **values})


def topic(key=None, **values) -> Topic:
    key = key or f"sample-topic-{numbered(Topic)}"
    return made(Topic, **{"key": key, "name_en": key.title(), **values})


def organ(key=None, **values) -> Organ:
    key = key or f"sample-organ-{numbered(Organ)}"
    if "country" not in values:
        values["country"] = any_country()
    defaults = {"level": OrganLevel.NATIONAL, "name_en": f"Sample Organ {key}"}
    return made(Organ, **{"key": key, **defaults, **values})


def party(name="Sample Ministry", **values) -> NamedParty:
    if "country" not in values:
        values["country"] = any_country()
    return made(NamedParty, **{"name": name, **values})


def name_change(row=None, *, by=None, at=AT, **values) -> NameChange:
    """Propose a change of ``row`` (default: a topic), by default of its English name.

    The author is a system actor unless ``by`` is given.
    """
    row = row or topic()
    values = values or {"name_en": "A new name that waits"}
    return renaming.propose(row, values=values, by=by or actor(), at=at)
