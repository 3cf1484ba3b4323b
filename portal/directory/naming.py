"""The name of a record for a reader: its title, else a sentence of its facts."""

from collections.abc import Iterable

from portal.catalogue.naming import form_title
from portal.catalogue.registry import kind_of
from portal.directory.models import Country
from portal.languages import Language
from portal.publishing.models import Publishable
from portal.translations.querysets import translated_fields
from portal.translations.shown import Shown, shown


def name_of(
    record: Publishable,
    language: Language,
    countries: Iterable[Country | None] = (),
    *,
    only_public: bool = True,
) -> Shown:
    """The title that a reader of ``language`` is shown, in the active language.

    Without a written one it is the kind's sentence from ``record.facts``; ``countries``
    are those that it may name. One that is not public is left out, unless
    ``only_public`` is False, for staff.
    """
    is_titled = "title" in translated_fields(type(record))
    written = shown(record, "title", language) if is_titled else None
    if written:
        return written
    named = [
        country
        for country in countries
        if country and (country.is_published or not only_public)
    ]
    return form_title(
        kind_of(record.kind),
        record.facts,
        lambda spoken: {
            country.iso2: name.text
            for country in named
            if (name := shown(country, "name", spoken))
        },
        language,
    )
