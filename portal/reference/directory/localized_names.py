"""Display names of countries, places, topics and organs."""

from collections.abc import Iterable, Mapping
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
    get_native_text_fields,
    with_native_text,
)
from portal.reference.directory.models import Country, Organ, Place, Topic


@dataclass(frozen=True)
class DisplayNames:
    """Display names by key, in display order.

    Rows that may not be displayed are missing. ``texts`` has all loaded names by axis,
    key and language code, for titles formed from facts; they are in the language of the
    page and its fallbacks. ``carried_countries`` are the codes of countries that a
    published record other than the country itself refers to.
    """

    countries: dict[str, LocalizedText] = field(default_factory=dict)
    places: dict[str, LocalizedText] = field(default_factory=dict)
    topics: dict[str, LocalizedText] = field(default_factory=dict)
    texts: dict[str, dict[str, Mapping[str, str | None]]] = field(default_factory=dict)
    carried_countries: set[str] = field(default_factory=set)

    def countries_to_choose(self, current: str = "") -> dict[str, LocalizedText]:
        """Return the countries that a filter offers, with their names.

        ``current`` is the iso2 code that the filter is set to; it is always included.
        """
        keys = {*self.carried_countries, current}
        return {key: name for key, name in self.countries.items() if key in keys}


def load_display_names(
    language: Language,
    *,
    places: Iterable[str] = (),
    topics: Iterable[str] = (),
    organs: Iterable[str] = (),
    with_topics: bool = False,
) -> DisplayNames:
    """Load the names of all published countries and of other requested rows.

    ``places``, ``topics`` and ``organs`` are keys; organs that are not published are
    left out. With ``with_topics`` the names of all topics used by published records are
    loaded instead of ``topics``.
    """
    names = DisplayNames()
    codes = get_fallback_chain(language)
    countries = models.QuerySet(Country).filter(status=Status.PUBLISHED)
    carried_by = _first_kind(_tags("country", "iso2").exclude(kind=Country.kind))
    columns = get_localized_columns("name", language)
    country_texts = names.texts.setdefault("country", {})
    for iso2, kind, *texts in countries.order_by("display_order", "iso2").values_list(
        "iso2", carried_by, *columns
    ):
        country_texts[iso2] = dict(zip(codes, texts, strict=True))
        if kind:
            names.carried_countries.add(iso2)
    names.countries.update(_choose_names(country_texts, language))
    if places:
        requested_places = models.QuerySet(Place).filter(key__in=set(places))
        names.texts["place"] = _load_texts(requested_places, language)
        names.places.update(_choose_names(names.texts["place"], language))
    if with_topics:
        all_topics = models.QuerySet(Topic).alias(
            used_by=_first_kind(_tags("topic", "key"))
        )
        used_topics = all_topics.filter(used_by__isnull=False)
        names.texts["topic"] = _load_texts(used_topics, language)
        names.topics.update(_choose_names(names.texts["topic"], language))
    elif topics:
        requested_topics = models.QuerySet(Topic).filter(key__in=set(topics))
        names.texts["topic"] = _load_texts(requested_topics, language)
    if organs:
        requested_organs = models.QuerySet(Organ).filter(key__in=set(organs))
        published_organs = requested_organs.filter(status=Status.PUBLISHED)
        names.texts["organ"] = _load_texts(published_organs, language)
    return names


def _load_texts(
    rows: models.QuerySet, language: Language
) -> dict[str, Mapping[str, str | None]]:
    """Return the names of rows by key and language code, in order of creation.

    The languages are those of the fallback chain of ``language``. A native name counts
    as the name in its own language.
    """
    codes = get_fallback_chain(language)
    columns = get_localized_columns("name", language)
    native_fields = get_native_text_fields(rows.model, "name") or ()
    texts_by_key = {}
    for key, *values in rows.order_by("pk").values_list(
        "key", *columns, *native_fields
    ):
        texts = dict(zip(codes, values, strict=False))
        if native_fields:
            texts = with_native_text(texts, *values[-2:])
        texts_by_key[key] = texts
    return texts_by_key


def _choose_names(
    texts_by_key: Mapping[str, Mapping[str, str | None]], language: Language
) -> dict[str, LocalizedText]:
    """Return the names to show to a reader of ``language``; the key without a name."""
    return {
        key: choose_localized_text(texts, language) or LocalizedText(key, language)
        for key, texts in texts_by_key.items()
    }


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
