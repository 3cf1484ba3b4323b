"""Random dataset for the statistics tests, with the counts expected for it.

The expected counts are computed from the random values, not from the catalogue. An
error in a counting rule goes unnoticed only if two independent implementations have it.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from portal.content.publishing.bulk_publishing import publish_new_records
from portal.content.publishing.models import Publishable
from tests.factories.conference import document, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country
from tests.factories.exchanges import meeting
from tests.factories.publishing import AT, actor, published, withdrawn
from tests.factories.seminars import seminar

COUNTRIES = ("CN", "VN", "LA", "TH")
# Final status of the random records: three in four stay published.
_LIVES: tuple[Callable[[Publishable], Publishable], ...] = (
    *[published] * 6,
    withdrawn,
    lambda record: record,
)
_FACTS = ("editions", "documents", "seminars", "visits-in", "visits-out")


@dataclass(frozen=True)
class RandomRecord:
    """The random values of one record.

    ``fact`` is the code of the indicator that counts the record. It is "" for a related
    event, which no indicator counts.
    """

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
        """Return whether ``fact`` counts the record, ignoring its date."""
        took_place = self.state in ("", "held")
        matches_country = not country or country in self.countries
        return self.is_public and self.fact == fact and took_place and matches_country

    def is_over(self, as_of: dt.date, year: int | None) -> bool:
        last_day = self.last_day
        matches_year = year is None or (last_day is not None and last_day.year == year)
        return last_day is not None and last_day <= as_of and matches_year


def build(seed: int, size: int = 40) -> list[RandomRecord]:
    """Create ``size`` random records; the same ``seed`` gives the same records."""
    lot = Random(seed)  # noqa: S311
    for iso2 in COUNTRIES:
        country = any_country(iso2)
        if not country.is_published:
            published(country)
    created = [_record(lot, number) for number in range(size)]
    # All at once, because a publication of its own takes much longer.
    public = [record for record, random_record in created if random_record.is_public]
    publish_new_records(public, by=actor(), at=AT)
    return [random_record for _record, random_record in created]


def _record(lot: Random, number: int) -> tuple[Publishable, RandomRecord]:
    """Create a record that is withdrawn, a draft, or a draft to be published."""
    fact = lot.choice([*_FACTS, "border-meetings"])
    set_status = lot.choice(_LIVES)
    precision = lot.choice(["day", "day", "month", "year", ""])
    day = _day(lot, precision)
    is_related = fact not in ("editions", "documents", "border-meetings")
    is_related = is_related and lot.random() < 0.25
    state = "" if fact == "documents" else lot.choice(["", "held", "", *_NOT_HELD])
    values = {
        "state": state,
        "scope": "related" if is_related else "prosecutors",
        "countries": lot.sample(COUNTRIES, 2),
        "participants": lot.choice([None, 0, lot.randrange(200)]),
        "kind": lot.choice(["treaty", "mou"]),
    }
    record, countries = _MAKERS[fact](number, values, _dates(fact, day, precision))
    if set_status is not published:
        set_status(record)
    return record, RandomRecord(
        "" if is_related else fact,
        set_status is published,
        day,
        precision,
        state,
        frozenset(countries),
        values["participants"],
        values["kind"],
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


def _edition(number, values, dates):
    (host, _) = values["countries"]
    record = edition(
        number + 1, host_country=any_country(host), state=values["state"], **dates
    )
    return record, [host]


def _document(number, values, dates):
    record = document(
        f"DOC-{number:04}",
        party_countries=[any_country(iso2) for iso2 in values["countries"]],
        document_kind=values["kind"],
        **dates,
    )
    return record, values["countries"]


def _seminar(number, values, dates):
    record = seminar(
        f"SEM-{number:04}",
        participating_countries=[any_country(iso2) for iso2 in values["countries"]],
        scope=values["scope"],
        state=values["state"],
        reported_participants=values["participants"],
        **dates,
    )
    return record, values["countries"]


def _visit(direction: str):
    def create_visit(number, values, dates):
        origin, destination = values["countries"]
        record = visit(
            f"VIS-{number:04}",
            direction=direction,
            from_country=any_country(origin),
            to_country=any_country(destination),
            scope=values["scope"],
            state=values["state"],
            **dates,
        )
        return record, values["countries"]

    return create_visit


def _meeting(number, values, dates):
    host, partner = values["countries"]
    record = meeting(
        f"MTG-{number:04}",
        host_country=any_country(host),
        other_country=any_country(partner),
        state=values["state"],
        **dates,
    )
    return record, values["countries"]


_MAKERS = {
    "editions": _edition,
    "documents": _document,
    "seminars": _seminar,
    "visits-in": _visit("inbound"),
    "visits-out": _visit("outbound"),
    "border-meetings": _meeting,
}


def expected_numbers(
    world: list[RandomRecord], fact: str, as_of, country: str = "", year=None
) -> tuple:
    """Return the expected (value, records, unnumbered, undated) of an indicator.

    ``records`` are those over by ``as_of``, ``unnumbered`` those of them without a
    number of participants; ``undated`` are matching records without a date.
    """
    is_sum = fact == "seminar-participants"
    source = "seminars" if is_sum else fact
    matching = [record for record in world if record.counts(source, country)]
    past = [record for record in matching if record.is_over(as_of, year)]
    undated = sum(1 for record in matching if record.day is None)
    if not is_sum:
        return len(past), len(past), 0, undated
    numbers = [d.participants for d in past if d.participants is not None]
    return sum(numbers), len(past), len(past) - len(numbers), undated
