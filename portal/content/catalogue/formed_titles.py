"""Titles of records: written by somebody, else formed from the facts of the record.

A reader sees the title that is written in the reader's language, else the title that is
formed in it, else the title that is written in a fallback language. If the message of a
formed title is not translated, the title is in English, like a written English one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db import models
from django.utils import translation

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import EntryData, Kind, get_kind
from portal.content.catalogue.title_names import TitleNames
from portal.core.languages import DEFAULT_LANGUAGE, LANGUAGES_BY_CODE, Language
from portal.core.translations.interface_language import interface_text
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    get_fallback_chain,
    get_texts,
)
from portal.core.translations.querysets import translated_fields

# Fields with the written title of a record; the name of a mechanism is its title.
_TITLE_FIELDS = ("title", "name")
Names = Mapping[str, Mapping[str, Mapping[str, str | None]]]


def choose_title(
    kind: Kind,
    written_titles: Mapping[str, str | None],
    facts: Mapping,
    names: Names,
    language: Language,
    *,
    with_date: bool = True,
) -> LocalizedText | None:
    """Return the title of a record for readers of ``language``, None without one.

    ``language`` must be the active language. ``written_titles`` maps language codes to
    titles; ``names`` has the names that :func:`collect_title_keys` asks for, by axis,
    key and language code. ``with_date`` is False where the date of the record is shown
    beside the title: a formed title does not repeat it.
    """
    written = choose_localized_text(written_titles, language)
    if written and not written.is_fallback:
        return written
    formed = _form_title(kind, facts, names, language, with_date=with_date)
    if formed and not formed.is_fallback:
        return formed
    if written and formed:
        # Both are in a fallback language.
        chain = get_fallback_chain(language)
        return min(written, formed, key=lambda title: chain.index(title.language.code))
    if written or formed or not kind.untitled:
        return written or formed
    return replace(interface_text(str(kind.untitled)), is_formed=True)


def _form_title(
    kind: Kind, facts: Mapping, names: Names, language: Language, *, with_date: bool
) -> LocalizedText | None:
    """Return the title that ``kind.title_from_facts`` forms, None if it forms none.

    If the translation catalogue of the language lacks a message, the whole title is
    English.
    """
    if kind.title_from_facts is None:
        return None
    title = kind.title_from_facts(facts, TitleNames(names, language, with_date))
    if title is not None and title.is_fallback:
        default_names = TitleNames(names, DEFAULT_LANGUAGE, with_date)
        with translation.override(DEFAULT_LANGUAGE.code):
            title = kind.title_from_facts(facts, default_names)
        title = title and replace(title, is_fallback=True)
    return title and replace(title, is_formed=True)


def get_written_titles(
    record: models.Model, language: Language
) -> Mapping[str, str | None]:
    """Return the written titles of a record by language code, {} if it has no field.

    The languages are ``language`` and its fallbacks.
    """
    fields = translated_fields(type(record))
    for name in _TITLE_FIELDS:
        if name in fields:
            return get_texts(record, name, get_fallback_chain(language))
    return {}


def has_written_title(
    written_titles: Mapping[str, str | None], language: Language
) -> bool:
    """Return whether readers of ``language`` see a title that is written in it."""
    written = choose_localized_text(written_titles, language)
    return written is not None and not written.is_fallback


def collect_title_keys(
    entries: Iterable[Entry], language: Language
) -> dict[str, set[str]]:
    """Return the keys of the rows that the titles of ``entries`` may name, by axis.

    The texts of the entries must be prefetched. Entries with a title in ``language``
    need no names.
    """
    return collect_keys_in_facts(
        (get_kind(entry.kind), entry.facts)
        for entry in entries
        if not has_written_title(entry.written_titles, language)
    )


def collect_keys_in_facts(
    kinds_and_facts: Iterable[tuple[Kind, Mapping]],
) -> dict[str, set[str]]:
    """Return the keys of the rows that titles formed from facts may name, by axis."""
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, facts in kinds_and_facts:
        for axis, fact_names in kind.title_keys.items():
            for fact_name in fact_names:
                value = facts.get(fact_name)
                if value:
                    keys[axis].update([value] if isinstance(value, str) else value)
    return dict(keys)


def form_titles(
    kind: Kind, entry_data_by_code: Mapping[str, EntryData], names: Names
) -> dict[str, dict[str, LocalizedText]]:
    """Form the titles of entries of one kind in all languages.

    Return them by entry code and by the language code of their readers, for the
    languages in which readers see the formed title.
    """
    titles_by_code: dict[str, dict] = {code: {} for code in entry_data_by_code}
    for language in LANGUAGES_BY_CODE.values() if kind.title_from_facts else ():
        with translation.override(language.code):
            for code, entry_data in entry_data_by_code.items():
                title = choose_title(
                    kind,
                    {code: title for code, (title, _) in entry_data.texts.items()},
                    entry_data.facts,
                    names,
                    language,
                )
                if title and title.is_formed:
                    titles_by_code[code][language.code] = title
    return titles_by_code
