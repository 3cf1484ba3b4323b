"""Display names of countries, places and topics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import OuterRef, Subquery

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
    names = DisplayNames()
    codes = get_fallback_chain(language)
    countries = models.QuerySet(Country).filter(status=Status.PUBLISHED)
    carried_by = _first_kind(_tags("country", "iso2").exclude(kind=Country.kind))
    columns = get_localized_columns("name", language)
    for iso2, kind, *texts in countries.order_by("display_order", "iso2").values_list(
        "iso2", carried_by, *columns
    ):
        names.country_texts[iso2] = dict(zip(codes, texts, strict=True))
        names.countries[iso2] = _choose_name(iso2, texts, language)
        if kind:
            names.carried_countries.add(iso2)
    if places:
        requested_places = models.QuerySet(Place).filter(key__in=set(places))
        names.places.update(_load_names(requested_places, language))
    if with_topics:
        topics = models.QuerySet(Topic).alias(
            used_by=_first_kind(_tags("topic", "key"))
        )
        used_topics = topics.filter(used_by__isnull=False)
        names.topics.update(_load_names(used_topics, language))
    return names


def _load_names(rows: models.QuerySet, language: Language) -> dict[str, LocalizedText]:
    """Return the names of places or topics by key, in the order of their creation."""
    columns = get_localized_columns("name", language)
    return {
        key: _choose_name(key, texts, language)
        for key, *texts in rows.order_by("pk").values_list("key", *columns)
    }


def _choose_name(
    key: str, texts: Sequence[str | None], language: Language
) -> LocalizedText:
    texts_by_code = dict(zip(get_fallback_chain(language), texts, strict=True))
    return choose_localized_text(texts_by_code, language) or LocalizedText(
        key, language
    )


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
