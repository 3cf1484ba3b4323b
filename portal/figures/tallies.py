"""The one query that counts: an arm for each group of each fact, joined by UNION.

The records of an arm are found by ``EntryQuerySet.matching`` from the filter words of
their list, so that a number and the list behind it cannot differ.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.core.cache import cache
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.http import urlencode

from portal.catalogue.filters import ListFilters, parse_filters
from portal.catalogue.models import Entry
from portal.changes.models import Sequence
from portal.figures.addresses import words_of
from portal.figures.asking import Asked
from portal.figures.cells import KIND, OVERALL, YEAR, Row
from portal.figures.registry import Fact

# The key of what has no year.
NO_YEAR = "0"
# A hundred thousand records take SQLite about a second to count. In seconds: names and
# places that change under records are counted anew after that.
KEPT = 600


def source_of(fact: Fact) -> tuple:
    """Facts that look at the same records have one source: it is counted once."""
    return (fact.kind, *sorted(fact.words.items()))


def tally(
    told: Iterable[Fact], asked: Asked, groups: Iterable[str]
) -> dict[tuple, list[Row]]:
    """What the database counted, by source of the facts, in no order.

    It is kept until anything public changes.
    """
    told, groups = list(told), list(groups)
    codes = ".".join([*groups, *(fact.code for fact in told)])
    year = asked.year or ""
    day, position = asked.as_of.isoformat(), Sequence.objects.position()
    key = f"figures:{position}:{day}:{asked.country}:{year}:{codes}"
    return cache.get_or_set(key, lambda: _counted(told, asked, groups), KEPT)


def _counted(told: list[Fact], asked: Asked, groups: list[str]) -> dict:
    sources = {source_of(fact): fact for fact in told}
    arms = [
        _arm(fact, position, asked, group)
        for position, fact in enumerate(sources.values())
        for group in groups
        if group != KIND or fact.kinds
    ]
    found = {source: [] for source in sources}
    by_position = list(found.values())
    for position, *values in arms[0].union(*arms[1:], all=True):
        by_position[position].append(Row(*values))
    return found


def _arm(fact: Fact, position: int, asked: Asked, group: str):
    """One group of one fact; every arm of the union has the same types."""
    found = _found(fact, asked)
    if group == YEAR:
        key = Cast(Coalesce("year", int(NO_YEAR)), CharField())
    elif group == OVERALL:
        key = Value("", CharField())
    else:
        # The kind, which is the entry's, spares a look at the tags of all others.
        found = found.filter(tags__axis=group, tags__kind=fact.kind)
        key = Cast(F("tags__value"), CharField())
    return (
        found.order_by()
        .values_list(
            Value(position, IntegerField()),
            Value(group, CharField()),
            key,
            Case(When(last_on__isnull=True, then=0), default=1),
        )
        .annotate(
            records=Count("pk"),
            total=Coalesce(Sum("participants"), 0),
            numbered=Count("participants"),
        )
    )


def _found(fact: Fact, asked: Asked):
    """The records of the fact's list, and with them those that have no date."""
    filters = _filters_of(words_of(fact, asked))
    in_time = Q(last_on__lte=filters.as_of)
    if filters.year:
        in_time &= Q(year=filters.year)
    timeless = replace(filters, as_of=None, year=None)
    entries = Entry.objects.of_kind(fact.kind).matching(timeless, kind=fact.kind)
    return entries.filter(in_time | Q(last_on__isnull=True))


def _filters_of(words: dict[str, str]) -> ListFilters:
    return parse_filters(QueryDict(urlencode(words)), tuple(words))
