"""A record of everything that figures must tell apart, and an oracle that counts it.

The oracle reads what was drawn by lot, not the catalogue: a rule that is wrong in both
would have to be wrong twice, in different words.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from portal.publishing.models import Publishable
from tests.factories.conference import document, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country
from tests.factories.exchanges import meeting
from tests.factories.publishing import published, withdrawn
from tests.factories.seminars import seminar

COUNTRIES = ("CN", "VN", "LA", "TH")
# What becomes of a record: three in four are public.
_LIVES: tuple[Callable[[Publishable], Publishable], ...] = (
    *[published] * 6,
    withdrawn,
    lambda record: record,
)
_FACTS = ("editions", "documents", "seminars", "visits-in", "visits-out")


@dataclass(frozen=True)
class Drawn:
    """What a record was given. ``fact`` is "" for a related event."""

    fact: str
    is_public: bool
    day: dt.date | None
    precision: str
    state: str
    countries: frozenset[str]
    participants: int | None
    kind: str

    @property
    def last_day(self) -> dt.date | None:
        if self.day is None or self.precision == "day":
            return self.day
        month = 12 if self.precision == "year" else self.day.month
        last = monthrange(self.day.year, month)[1]
        return dt.date(self.day.year, month, last)

    def counts(self, fact: str, country: str) -> bool:
        """Whether it belongs to ``fact`` at all, dated or not."""
        took_place = self.state in ("", "held")
        is_there = not country or country in self.countries
        return self.is_public and self.fact == fact and took_place and is_there

    def is_over(self, as_of: dt.date, year: int | None) -> bool:
        last = self.last_day
        is_asked = year is None or (last is not None and last.year == year)
        return last is not None and last <= as_of and is_asked


def build(seed: int, size: int = 40) -> list[Drawn]:
    """``size`` records by lot; the same for the same seed."""
    lot = Random(seed)  # noqa: S311
    for iso2 in COUNTRIES:
        country = any_country(iso2)
        if not country.is_published:
            published(country)
    return [_record(lot, number) for number in range(size)]


def _record(lot: Random, number: int) -> Drawn:
    fact = lot.choice([*_FACTS, "border-meetings"])
    life = lot.choice(_LIVES)
    precision = lot.choice(["day", "day", "month", "year", ""])
    day = _day(lot, precision)
    is_related = fact not in ("editions", "documents", "border-meetings")
    is_related = is_related and lot.random() < 0.25
    state = "" if fact == "documents" else lot.choice(["", "held", "", *_NOT_HELD])
    asked = {
        "state": state,
        "scope": "related" if is_related else "prosecutors",
        "countries": lot.sample(COUNTRIES, 2),
        "participants": lot.choice([None, 0, lot.randrange(200)]),
        "kind": lot.choice(["treaty", "mou"]),
    }
    record, countries = _MAKERS[fact](number, asked, _dates(fact, day, precision))
    life(record)
    return Drawn(
        "" if is_related else fact,
        life is published,
        day,
        precision,
        state,
        frozenset(countries),
        asked["participants"],
        asked["kind"],
    )


_NOT_HELD = ("planned", "postponed", "cancelled")


def _day(lot: Random, precision: str) -> dt.date | None:
    day = dt.date(2015, 1, 1) + dt.timedelta(days=lot.randrange(5 * 365))
    if precision == "month":
        return day.replace(day=1)
    if precision == "year":
        return day.replace(month=1, day=1)
    return day if precision else None


def _dates(fact: str, day: dt.date | None, precision: str) -> dict:
    name = "signed_on" if fact == "documents" else "starts_on"
    return {name: day, "date_precision": precision}


def _edition(number, asked, dates):
    (host, _) = asked["countries"]
    made = edition(
        number + 1, host_country=any_country(host), state=asked["state"], **dates
    )
    return made, [host]


def _document(number, asked, dates):
    made = document(
        f"DOC-{number:04}",
        party_countries=[any_country(iso2) for iso2 in asked["countries"]],
        document_kind=asked["kind"],
        **dates,
    )
    return made, asked["countries"]


def _seminar(number, asked, dates):
    made = seminar(
        f"SEM-{number:04}",
        participating_countries=[any_country(iso2) for iso2 in asked["countries"]],
        scope=asked["scope"],
        state=asked["state"],
        reported_participants=asked["participants"],
        **dates,
    )
    return made, asked["countries"]


def _visit(direction: str):
    def make(number, asked, dates):
        one, other = asked["countries"]
        made = visit(
            f"VIS-{number:04}",
            direction=direction,
            from_country=any_country(one),
            to_country=any_country(other),
            scope=asked["scope"],
            state=asked["state"],
            **dates,
        )
        return made, asked["countries"]

    return make


def _meeting(number, asked, dates):
    one, other = asked["countries"]
    made = meeting(
        f"MTG-{number:04}",
        host_country=any_country(one),
        other_country=any_country(other),
        state=asked["state"],
        **dates,
    )
    return made, asked["countries"]


_MAKERS = {
    "editions": _edition,
    "documents": _document,
    "seminars": _seminar,
    "visits-in": _visit("inbound"),
    "visits-out": _visit("outbound"),
    "border-meetings": _meeting,
}


def told(world: list[Drawn], fact: str, as_of, country: str = "", year=None) -> tuple:
    """(value, records, unnumbered, undated) as the rules of DESIGN §4 have it."""
    is_sum = fact == "seminar-participants"
    source = "seminars" if is_sum else fact
    found = [drawn for drawn in world if drawn.counts(source, country)]
    over = [drawn for drawn in found if drawn.is_over(as_of, year)]
    undated = sum(1 for drawn in found if drawn.day is None)
    if not is_sum:
        return len(over), len(over), 0, undated
    numbers = [d.participants for d in over if d.participants is not None]
    return sum(numbers), len(over), len(over) - len(numbers), undated
