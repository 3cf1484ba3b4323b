"""Display names of countries, places and topics, loaded in one query."""

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

from portal.content.catalogue.models import EntryTag
from portal.content.publishing.choices import Status
from portal.core.languages import Language
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    get_fallback_chain,
    get_localized_columns,
    names_in,
)
from portal.reference.directory.models import Country, Place, Topic


@dataclass(frozen=True)
class DisplayNames:
    """Display names by key, in display order.

    Rows that may not be displayed are missing. ``country_texts`` maps iso2 to the names
    of the country by language code. ``carried_countries`` are the codes of countries
    that a published record other than the country itself refers to.
    """

    countries: dict[str, LocalizedText] = field(default_factory=dict)
    places: dict[str, LocalizedText] = field(default_factory=dict)
    topics: dict[str, LocalizedText] = field(default_factory=dict)
    country_texts: dict[str, dict[str, str]] = field(default_factory=dict)
    carried_countries: set[str] = field(default_factory=set)

    def countries_in(self, language: Language) -> dict[str, str]:
        """Return the country names for a generated title in ``language``.

        ``language`` must be the page's language or one of its fallback languages.
        """
        return names_in(language, self.country_texts)

    def countries_to_choose(self, current: str = "") -> dict[str, LocalizedText]:
        """Return the countries that a filter offers, with their names.

        ``current`` is the iso2 code that the filter is set to; it is always included.
        """
        keys = {*self.carried_countries, current}
        return {key: name for key, name in self.countries.items() if key in keys}


def load_display_names(
    language: Language, *, places: Iterable[str] = (), with_topics: bool = False
) -> DisplayNames:
    """Load the names of all published countries and of other requested rows.

    ``places`` are keys of places. With ``with_topics`` the names of all topics used by
    published records are loaded too.
    """
    countries = models.QuerySet(Country).filter(status=Status.PUBLISHED)
    country_tags = _tags("country", "iso2").exclude(kind=Country.kind)
    queries = [
        _name_rows(
            countries, "countries", "iso2", "display_order", language, country_tags
        )
    ]
    if places:
        requested_places = models.QuerySet(Place).filter(key__in=set(places))
        queries.append(_name_rows(requested_places, "places", "key", "pk", language))
    if with_topics:
        topics = models.QuerySet(Topic).alias(
            used_by=_first_kind(_tags("topic", "key"))
        )
        used_topics = topics.filter(used_by__isnull=False)
        queries.append(_name_rows(used_topics, "topics", "key", "pk", language))
    names = DisplayNames()
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for group, _order, key, is_offered, *texts in sorted(rows, key=lambda row: row[:3]):
        by_language = dict(zip(get_fallback_chain(language), texts, strict=False))
        name = choose_localized_text(by_language, language)
        getattr(names, group)[key] = name or LocalizedText(key, language)
        if group == "countries":
            names.country_texts[key] = by_language
            if is_offered:
                names.carried_countries.add(key)
    return names


def _tags(axis: str, key: str) -> models.QuerySet:
    """Return the tags of published records that refer to the outer query's row.

    ``key`` is the column with the key of the row. The catalogue has entries of
    published records only.
    """
    return EntryTag.objects.filter(axis=axis, value=OuterRef(key))


def _first_kind(tags: models.QuerySet) -> Subquery:
    """Return the kind of one of ``tags`` as a subquery, NULL if there are none.

    The sort order is that of the index catalogue_tag_newest, so that PostgreSQL reads a
    single index row. With EXISTS it would read the whole table if there is no matching
    row.
    """
    return Subquery(tags.order_by("kind", "part").values("kind")[:1])


def _name_rows(
    records,
    group: str,
    key: str,
    order: str,
    language: Language,
    carried: models.QuerySet | None = None,
):
    """Build one part of the UNION that loads names.

    Its columns are the group, the sort order, the key, 1 if ``carried`` has rows, and
    the names by language.
    """
    is_offered = Value(0, IntegerField())
    if carried is not None:
        is_carried = IsNull(_first_kind(carried), False)
        is_offered = Case(When(is_carried, then=1), default=0)
    return records.order_by().values_list(
        Value(group, CharField()),
        Cast(order, models.BigIntegerField()),
        Cast(key, CharField()),
        Cast(is_offered, IntegerField()),
        *[Cast(name, CharField()) for name in get_localized_columns("name", language)],
    )
