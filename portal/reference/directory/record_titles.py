"""Titles of records for display: written, or formed from their facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.content.catalogue.formed_titles import choose_title, get_written_titles
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.links import Link, get_link_relations
from portal.content.publishing.models import Publishable
from portal.core.languages import Language
from portal.core.translations.localized_text import (
    LocalizedText,
    get_fallback_chain,
    get_texts,
)
from portal.reference.directory.models import Country


def record_title(
    record: Publishable,
    language: Language,
    countries: Iterable[Country | None] = (),
    *,
    links: Mapping[str, Sequence[Link]] | None = None,
    only_public: bool = True,
    with_date: bool = True,
) -> LocalizedText | None:
    """Return the title of a record for readers of ``language``, None without one.

    ``language`` must be the active language. Where no title is written in it, the title
    is formed from facts. ``links`` are the links of the record in ``language`` and
    ``countries`` its other countries, which such a title may name; unpublished
    countries are left out unless ``only_public`` is False (for staff). ``with_date`` is
    False where the date of the record is shown beside the title.
    """
    kind = get_kind(record.kind)
    written_titles = get_written_titles(record, language)
    facts, names = {}, {}
    if kind.title_facts is not None:
        relations = get_link_relations(type(record))
        links = links or {relation.name: [] for relation in relations}
        facts = kind.title_facts(record, links)
        names = _get_names(relations, links)
        for country in countries:
            if country and (country.is_published or not only_public):
                texts = get_texts(country, "name", get_fallback_chain(language))
                names["country"][country.iso2] = texts
    return choose_title(
        kind, written_titles, facts, names, language, with_date=with_date
    )


def _get_names(
    relations, links: Mapping[str, Sequence[Link]]
) -> defaultdict[str, dict[str, Mapping[str, str | None]]]:
    """Return the names of linked rows and areas by axis, key and language code."""
    names = defaultdict(dict)
    for relation in relations:
        axis = relation.related_model._meta.model_name
        for link in links[relation.name]:
            names[axis][link.key] = link.texts
            if link.area:
                names["place"][link.area] = link.area_texts
    return names
