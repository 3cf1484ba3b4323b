"""Titles of records for display: written, or generated from their facts."""

from collections.abc import Iterable

from portal.content.catalogue.formed_titles import form_title
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.models import Publishable
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText, localized
from portal.core.translations.querysets import translated_fields
from portal.reference.directory.models import Country


def record_title(
    record: Publishable,
    language: Language,
    countries: Iterable[Country | None] = (),
    *,
    only_public: bool = True,
) -> LocalizedText:
    """Return the title of a record for readers of ``language``.

    ``language`` must be the active language. Without a written title, the title is
    generated from ``record.title_facts``. ``countries`` are the countries that it may
    name; unpublished ones are left out unless ``only_public`` is False (for staff).
    """
    has_title_field = "title" in translated_fields(type(record))
    written_title = localized(record, "title", language) if has_title_field else None
    if written_title:
        return written_title
    visible_countries = [
        country
        for country in countries
        if country and (country.is_published or not only_public)
    ]
    return form_title(
        get_kind(record.kind),
        record.title_facts,
        lambda name_language: {
            country.iso2: name.text
            for country in visible_countries
            if (name := localized(country, "name", name_language))
        },
        language,
    )
