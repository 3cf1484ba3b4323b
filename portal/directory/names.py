"""Names of countries, places and topics for a reader, read in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import (
    Case,
    CharField,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull

from portal.catalogue.models import EntryTag
from portal.directory.models import Country, Place, Topic
from portal.languages import Language
from portal.publishing.choices import Status
from portal.translations.shown import (
    Shown,
    choose,
    columns_read,
    languages_read,
    names_in,
)


@dataclass(frozen=True)
class Names:
    """Shown names by key, in display order. What is missing is not to be shown.

    ``texts`` holds the names of the countries by language code. ``carried_countries``
    are the keys of those that a published record other than their own page carries.
    """

    countries: dict[str, Shown] = field(default_factory=dict)
    places: dict[str, Shown] = field(default_factory=dict)
    topics: dict[str, Shown] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    carried_countries: set[str] = field(default_factory=set)

    def of_countries(self, language: Language) -> dict[str, str]:
        """Names of the countries for a sentence in ``language``.

        It is one of the languages that the reader is shown.
        """
        return names_in(language, self.texts)

    def countries_to_choose(self, current: str = "") -> dict[str, Shown]:
        """The countries that a filter offers; ``current`` (iso2) is the one it is set
        to, which stays in the form."""
        keys = {*self.carried_countries, current}
        return {key: name for key, name in self.countries.items() if key in keys}


def names_of(
    language: Language, *, places: Iterable[str] = (), with_topics: bool = False
) -> Names:
    """The names of all published countries, of ``places`` (keys), and ``with_topics``
    of all topics that a published record uses."""
    countries = models.QuerySet(Country).filter(status=Status.PUBLISHED)
    carried = _tags("country", "iso2").exclude(kind=Country.kind)
    queries = [
        _named(countries, "countries", "iso2", "display_order", language, carried)
    ]
    if places:
        asked = models.QuerySet(Place).filter(key__in=set(places))
        queries.append(_named(asked, "places", "key", "pk", language))
    if with_topics:
        topics = models.QuerySet(Topic).alias(
            used_by=_first_kind(_tags("topic", "key"))
        )
        used = topics.filter(used_by__isnull=False)
        queries.append(_named(used, "topics", "key", "pk", language))
    names = Names()
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for group, _order, key, is_offered, *texts in sorted(rows, key=lambda row: row[:3]):
        by_language = dict(zip(languages_read(language), texts, strict=False))
        name = choose(by_language, language)
        getattr(names, group)[key] = name or Shown(key, language)
        if group == "countries":
            names.texts[key] = by_language
            if is_offered:
                names.carried_countries.add(key)
    return names


def _tags(axis: str, key: str) -> models.QuerySet:
    """The tags of published records that name the row whose key is in column ``key``.

    The catalogue has entries of published records only.
    """
    return EntryTag.objects.filter(axis=axis, value=OuterRef(key))


def _first_kind(tags: models.QuerySet) -> Subquery:
    """The kind of one of ``tags``, NULL if there are none.

    In the order of the index catalogue_tag_newest, so that PostgreSQL reads one row of
    it. For a bare EXISTS it reads the whole table where there is no row.
    """
    return Subquery(tags.order_by("kind", "part").values("kind")[:1])


def _named(
    records,
    group: str,
    key: str,
    order: str,
    language: Language,
    carried: models.QuerySet | None = None,
):
    """One arm of the union: group, order, key, 1 if ``carried`` has rows, and names."""
    is_offered = Value(0, IntegerField())
    if carried is not None:
        is_carried = IsNull(_first_kind(carried), False)
        is_offered = Case(When(is_carried, then=1), default=0)
    return records.order_by().values_list(
        Value(group, CharField()),
        Cast(order, models.BigIntegerField()),
        Cast(key, CharField()),
        Cast(is_offered, IntegerField()),
        *[Cast(name, CharField()) for name in columns_read("name", language)],
    )
