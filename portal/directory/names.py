"""Names of countries, places and topics for a reader, read in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import Cast

from portal.directory.models import Country, Place, Topic
from portal.languages import Language
from portal.publishing.choices import Status
from portal.translations.shown import Shown, choose, columns_read, languages_read


@dataclass(frozen=True)
class Names:
    """Shown names by key, in display order. What is missing is not to be shown.

    ``texts`` holds the names of the countries by language code.
    """

    countries: dict[str, Shown] = field(default_factory=dict)
    places: dict[str, Shown] = field(default_factory=dict)
    topics: dict[str, Shown] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def of_countries(self, language: Language) -> dict[str, str]:
        """Names of the countries for a sentence in ``language``.

        It is one of the languages that the reader is shown.
        """
        found = {key: choose(texts, language) for key, texts in self.texts.items()}
        return {key: name.text for key, name in found.items() if name}


def names_of(
    language: Language, *, places: Iterable[str] = (), with_topics: bool = False
) -> Names:
    """The names of all published countries, of ``places`` (keys), and of all topics if
    asked."""
    countries = models.QuerySet(Country).filter(status=Status.PUBLISHED)
    queries = [_named(countries, "countries", "iso2", "display_order", language)]
    if places:
        asked = models.QuerySet(Place).filter(key__in=set(places))
        queries.append(_named(asked, "places", "key", "pk", language))
    if with_topics:
        every = models.QuerySet(Topic)
        queries.append(_named(every, "topics", "key", "pk", language))
    names = Names()
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for group, _order, key, *texts in sorted(rows, key=lambda row: row[:3]):
        by_language = dict(zip(languages_read(language), texts, strict=False))
        name = choose(by_language, language)
        getattr(names, group)[key] = name or Shown(key, language)
        if group == "countries":
            names.texts[key] = by_language
    return names


def _named(records, group: str, key: str, order: str, language: Language):
    return records.order_by().values_list(
        Value(group, CharField()),
        Cast(order, models.BigIntegerField()),
        Cast(key, CharField()),
        *[Cast(name, CharField()) for name in columns_read("name", language)],
    )
