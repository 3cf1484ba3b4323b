"""Write the search rows of entries, in the transaction that writes the entries."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from django.utils import translation

from portal.content.catalogue.models import Entry, SearchRow
from portal.content.catalogue.registry import EntryData, get_kind
from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.dates import period_tokens
from portal.content.catalogue.search.ordinals import (
    find_ordinals,
    record_number_token,
)
from portal.content.catalogue.search.providers import AttachedFile, NamesByAxis
from portal.content.catalogue.search.query_terms import without_stop_words
from portal.content.catalogue.search.spelling import store_words
from portal.content.catalogue.search.synonyms import find_stop_words
from portal.content.catalogue.search.tokens import parse_terms, tokenize
from portal.content.catalogue.search.word_forms import stem_tokens
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.normal_form import fold

# Part of the version of an entry: a release that changes the tokens of records
# increases it, and the rebuild after the upgrade then writes all rows again.
INDEX_VERSION = 4

# Below 1 MB, the limit of a tsvector in PostgreSQL. Longer texts are truncated.
_MAX_TOKEN_BYTES = 700_000
# Maximum length of all passages of a row, and of each text among them.
_MAX_PASSAGE_CHARACTERS, _MAX_TEXT_CHARACTERS = 40_000, 8_000
_PRIMARY_KEY_BITS = 40


# Text of a record with its language code, "" if the language is not known.
LanguageText = tuple[str, str]


@dataclass
class SearchTexts:
    """Texts of an entry for the search index, grouped by weight, with their languages.

    ``titles`` are titles and names of the record, ``kind_names`` names of its kind.
    ``headings`` are these, summaries, and the names of topics and related records.
    ``bodies`` are further texts, from which snippets are cut.
    """

    titles: list[LanguageText] = field(default_factory=list)
    kind_names: list[LanguageText] = field(default_factory=list)
    headings: list[LanguageText] = field(default_factory=list)
    bodies: list[LanguageText] = field(default_factory=list)


IndexItem = tuple[Entry, EntryData, list[AttachedFile]]


def search_row_id(entry: Entry) -> int:
    """Return the search row id of an entry: unique, and growing with the sort date."""
    return (entry.sort_on.toordinal() << _PRIMARY_KEY_BITS) | entry.pk


def entry_pk_of_row(row_id: int) -> int:
    """Return the primary key of the entry that a search row id belongs to."""
    return row_id & ((1 << _PRIMARY_KEY_BITS) - 1)


def update_search_rows(
    items: Sequence[IndexItem],
    names: NamesByAxis,
    generated_titles: Mapping[str, Mapping[str, LocalizedText]],
) -> set[int]:
    """Update the search rows of entries of one kind.

    ``names`` has the names of all related records; ``generated_titles`` maps entry
    codes to their titles formed from facts, by language code. The number of queries
    does not depend on the number of entries. Return the primary keys of the entries
    whose rows changed.
    """
    texts_by_pk = {
        entry.pk: _build_texts(
            entry, entry_data, files, names, generated_titles[entry.code].values()
        )
        for entry, entry_data, files in items
    }
    expected_rows = {
        entry.pk: _build_row(entry, texts_by_pk[entry.pk], entry_data)
        for entry, entry_data, _files in items
    }
    existing_rows = SearchRow.objects.filter(entry__in=list(expected_rows)).in_bulk(
        field_name="entry_id"
    )
    changed = [
        pk
        for pk, row in expected_rows.items()
        if not _is_unchanged(row, existing_rows.get(pk))
    ]
    obsolete_ids = [existing_rows[pk].id for pk in changed if pk in existing_rows]
    if obsolete_ids:
        SearchRow.objects.filter(pk__in=obsolete_ids).delete()
    SearchRow.objects.bulk_create(expected_rows[pk] for pk in changed)
    store_words(
        text
        for pk in changed
        for _language, text in (*texts_by_pk[pk].titles, *texts_by_pk[pk].headings)
    )
    return set(changed)


def _is_unchanged(row: SearchRow, existing_row: SearchRow | None) -> bool:
    names = [column.attname for column in SearchRow._meta.concrete_fields]
    return existing_row is not None and all(
        getattr(row, name) == getattr(existing_row, name) for name in names
    )


def _build_row(entry: Entry, texts: SearchTexts, entry_data: EntryData) -> SearchRow:
    return SearchRow(
        id=search_row_id(entry),
        entry=entry,
        kind=entry.kind,
        countries=" ".join(entry.countries),
        year=entry.year,
        passages=_build_passages(texts.bodies),
        title_length=_title_length(texts.titles),
        tokens=_join_within_limit(
            chain(_filter_tokens(entry, entry_data), _ordered_tokens(texts))
        ),
    )


def named_keys(entry_data: EntryData) -> dict[str, list[str]]:
    """Return the keys of all related records whose names an entry contains, by axis."""
    return {
        "country": entry_data.countries,
        "place": entry_data.places,
        "topic": entry_data.topics,
        "organ": entry_data.tags.get("organ", []),
    }


def _build_texts(
    entry: Entry,
    entry_data: EntryData,
    files: list[AttachedFile],
    names: NamesByAxis,
    generated_titles: Iterable[LocalizedText],
) -> SearchTexts:
    texts = SearchTexts()
    # The code of some kinds is a slug made of words, which is not a title.
    is_number = re.fullmatch("([A-Z]+-)?[0-9]+|[A-Z]{2}", entry.code)
    texts.titles = [("", entry.code)] if is_number else []
    texts.titles += [(title.language.code, title.text) for title in generated_titles]
    texts.titles += [
        (code, title) for code, (title, _summary) in entry_data.texts.items() if title
    ]
    texts.titles += entry_data.names
    texts.headings = [
        (code, summary)
        for code, (_title, summary) in entry_data.texts.items()
        if summary
    ]
    texts.kind_names = _kind_names(entry, entry_data)
    texts.headings += [("", entry.code), *texts.kind_names]
    for axis, keys in named_keys(entry_data).items():
        for key in keys:
            texts.headings += names[axis].get(key, {}).items()
    texts.headings += [("", year) for year in _period_years(entry_data)]
    texts.bodies = list(entry_data.bodies)
    for attached_file in files:
        texts.bodies.append((attached_file.language, attached_file.title))
        if extracted_text := getattr(attached_file.file, "text", None):
            texts.bodies.append((attached_file.language, extracted_text.text))
    return texts


def _kind_names(entry: Entry, entry_data: EntryData) -> list[LanguageText]:
    """Return the names of the kind of a record, and of its own kind among these.

    They are indexed in every language, so that "seminar" finds seminars and "treaty"
    finds documents that are treaties.
    """
    own_kinds = tuple(entry_data.tags.get("kind", ()))
    return [
        name for value in ("", *own_kinds) for name in kind_names(entry.kind, value)
    ]


@cache
def kind_names(kind: str, value: str = "") -> tuple[LanguageText, ...]:
    """Return the names of a kind in every language, with the codes of the languages.

    With ``value``, return the names of that value of the kind's filter ``kind``, such
    as "treaty" for documents; none if it has no names.
    """
    names = []
    for code in LANGUAGES_BY_CODE:
        with translation.override(code):
            if not value:
                names += [(code, str(get_kind(kind).label))]
                names += [(code, str(get_kind(kind).label_plural))]
            elif "kind" in get_kind(kind).choices:
                labels = dict(get_kind(kind).choices["kind"].choices)
                names += [(code, str(labels[value]))] if value in labels else []
    return tuple(dict.fromkeys(names))


def _period_years(entry_data: EntryData) -> list[str]:
    days = (entry_data.period.first, entry_data.period.last_day)
    return sorted({str(day.year) for day in days if day})


def _title_length(titles: Iterable[LanguageText]) -> int:
    """Return the number of tokens of the shortest title."""
    lengths = [
        sum(len(term.tokens) for term in parse_terms(title))
        for _language, title in titles
    ]
    return min(filter(None, lengths), default=0)


def _build_passages(bodies: Iterable[LanguageText]) -> list[list[str]]:
    remaining, passages = _MAX_PASSAGE_CHARACTERS, []
    for code, text in bodies:
        part = text[: min(remaining, _MAX_TEXT_CHARACTERS)].replace("\0", "").strip()
        if part:
            passages.append([code, part])
            remaining -= len(part)
    return passages


def _filter_tokens(entry: Entry, entry_data: EntryData) -> list[str]:
    tokens = [marker_tokens.sort_year_token(entry.sort_on.year)]
    tokens.append(marker_tokens.filter_token("kind", entry.kind))
    tokens += [marker_tokens.filter_token("country", iso2) for iso2 in entry.countries]
    if entry.year:
        tokens.append(marker_tokens.filter_token("year", str(entry.year)))
    if entry_data.number is not None:
        tokens.append(record_number_token(entry_data.number))
    return tokens + period_tokens(entry_data.period)


def _ordered_tokens(texts: SearchTexts) -> Iterator[str]:
    """Yield the tokens of an entry, the most important first.

    The last tokens of a very long text are cut off.
    """
    in_titles, in_kind_names, in_headings = (
        dict.fromkeys(
            token for language, text in group for token in _tokens_of(language, text)
        )
        for group in (texts.titles, texts.kind_names, texts.headings)
    )
    for _language, title in texts.titles:
        yield from title_markers(title)
    in_headings = in_titles | in_headings
    yield from marker_tokens.title_tokens(in_titles)
    yield from marker_tokens.kind_name_tokens(in_kind_names)
    yield from marker_tokens.heading_tokens(in_headings)
    yield from in_headings
    for _language, text in (*texts.titles, *texts.headings):
        yield from marker_tokens.text_pair_tokens(parse_terms(text))
    for language, text in texts.bodies:
        yield from text_tokens(language, text)
        yield from marker_tokens.text_pair_tokens(parse_terms(text))


def title_markers(title: str) -> Iterator[str]:
    """Yield the marker tokens of one title, besides those of its words."""
    terms = parse_terms(title)
    yield marker_tokens.whole_title_token(terms)
    yield marker_tokens.whole_title_token(
        without_stop_words(terms, find_stop_words(title))
    )
    yield from marker_tokens.pair_tokens(terms)
    yield from marker_tokens.start_tokens(terms)


def _tokens_of(language: str, text: str) -> Iterable[str]:
    """Return the tokens of a text, from a cache if it is short.

    Names of countries and topics occur in thousands of records.
    """
    if len(text) < 100:
        return _cached_tokens(language, text)
    return text_tokens(language, text)


@lru_cache(maxsize=8192)
def _cached_tokens(language: str, text: str) -> tuple[str, ...]:
    return tuple(text_tokens(language, text))


def text_tokens(language: str, text: str) -> Iterator[str]:
    """Yield the tokens of a text: words, stems of English words, ordinal numbers."""
    tokens = list(tokenize(text))
    yield from tokens
    if language == "en":
        yield from stem_tokens(tokens)
    for ordinal in find_ordinals(fold(text)):
        yield ordinal.token


def _join_within_limit(tokens: Iterable[str]) -> str:
    """Join the distinct search tokens with spaces, within the size limit of a row.

    The last tokens are dropped if the text is too large.
    """
    text = " ".join(dict.fromkeys(tokens))
    if len(text.encode()) <= _MAX_TOKEN_BYTES:
        return text
    cut = text.encode()[:_MAX_TOKEN_BYTES].decode("utf-8", "ignore")
    return cut.rpartition(" ")[0]
