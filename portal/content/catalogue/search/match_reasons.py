"""Reasons why a record matches a query, for terms that its card does not show.

A reason is a title or name in another language, a passage of a text, or the name of the
record's kind, or of a topic, country, place or organ of the record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.content.catalogue.models import Entry, EntryTag
from portal.content.catalogue.registry import get_kind
from portal.content.catalogue.search.dates import period_tokens
from portal.content.catalogue.search.highlighting import find_matches, highlight_html
from portal.content.catalogue.search.indexing import kind_names
from portal.content.catalogue.search.providers import NamesByAxis, collect_names
from portal.content.catalogue.search.query_terms import QueryTerm
from portal.content.catalogue.search.snippets import Snippet, build_snippet
from portal.core.languages import (
    LANGUAGES_BY_CODE,
    UNDETERMINED_LANGUAGE,
    Language,
    language_for,
)
from portal.core.translations.localized_text import LocalizedText, get_fallback_chain
from portal.core.translations.single_line import join_lines

# Axes of names, in the order in which they are searched for missing terms.
_AXES = ("topic", "organ", "place", "country")


@dataclass(frozen=True)
class NameReason:
    """A name with the matching words marked.

    ``axis`` is "title" or "name" for a title or name of the record itself, "kind", or
    the axis of a related record: "topic", "organ", "place" or "country".
    """

    axis: str
    text: LocalizedText
    html: SafeString


@dataclass(frozen=True)
class MatchReasons:
    """The reasons that are shown with one result, besides its card."""

    names: list[NameReason]
    snippet: Snippet | None


@dataclass(frozen=True)
class _Name:
    axis: str
    language: str
    text: str


def build_match_reasons(
    entries: Sequence[Entry],
    terms: Sequence[QueryTerm],
    language: Language,
    visible_texts: Mapping[int, Iterable[str]],
) -> dict[int, MatchReasons]:
    """Return the reasons of each entry by primary key.

    ``visible_texts`` are the texts that the card of each entry shows. Names of related
    records are loaded only if an entry needs them; the number of queries does not
    depend on the number of entries.
    """
    matcher = _Matcher(terms, language)
    reasons, missing_by_pk = {}, {}
    for entry in entries:
        missing = matcher.missing(entry, visible_texts[entry.pk])
        names = matcher.choose_names(_own_names(entry), missing)
        snippet = build_snippet(
            entry, [terms[number] for number in sorted(missing)], language, ()
        )
        if snippet:
            missing -= matcher.match(snippet.passage.text)
        reasons[entry.pk] = MatchReasons(names, snippet)
        missing_by_pk[entry.pk] = missing
    unexplained = [entry for entry in entries if missing_by_pk[entry.pk]]
    if unexplained:
        keys_by_pk = _load_keys(unexplained)
        names_by_axis = _load_names(keys_by_pk)
        for entry in unexplained:
            keys = keys_by_pk[entry.pk]
            candidates = [
                *_kind_names(entry, keys["kind"]),
                *_related_names(keys, names_by_axis),
            ]
            reasons[entry.pk].names.extend(
                matcher.choose_names(candidates, missing_by_pk[entry.pk])
            )
    return reasons


class _Matcher:
    """Finds terms in texts, each of which is searched once for all entries."""

    def __init__(self, terms: Sequence[QueryTerm], language: Language):
        self._terms = terms
        self._language = language
        chain = get_fallback_chain(language)
        self._order = {code: index for index, code in enumerate(chain)}
        self._matches: dict[str, frozenset[int]] = {}

    def match(self, text: str) -> frozenset[int]:
        """Return the numbers of the terms in a text."""
        if text not in self._matches:
            self._matches[text] = find_matches(text, self._terms).terms
        return self._matches[text]

    def missing(self, entry: Entry, texts: Iterable[str]) -> set[int]:
        """Return the terms that neither the texts nor the date of the entry show."""
        matched = frozenset().union(*map(self.match, texts))
        dates = set(period_tokens(entry.period))
        return {
            number
            for number, term in enumerate(self._terms)
            if number not in matched
            and not any(reading.marker in dates for reading in term.readings)
        }

    def choose_names(
        self, candidates: Iterable[_Name], missing: set[int]
    ) -> list[NameReason]:
        """Return few names that together have as many of the missing terms as possible.

        Names in the reader's languages are preferred. The terms are removed from
        ``missing``.
        """
        reasons: list[NameReason] = []
        names = sorted(candidates, key=self._rank) if missing else []
        while missing and names:
            name = max(names, key=lambda name: len(self.match(name.text) & missing))
            matched = self.match(name.text) & missing
            if not matched:
                break
            missing -= matched
            reasons.append(self._build_reason(name))
        return reasons

    def _rank(self, name: _Name) -> int:
        return self._order.get(name.language, len(self._order))

    def _build_reason(self, name: _Name) -> NameReason:
        written = language_for(name.language) or UNDETERMINED_LANGUAGE
        is_fallback = written is not self._language
        text = LocalizedText(name.text, written, is_fallback)
        html = highlight_html(find_matches(name.text, self._terms))
        return NameReason(name.axis, text, html)


def _own_names(entry: Entry) -> Iterator[_Name]:
    """Yield the titles of an entry in all languages, and the organ's own name."""
    axis = "title" if get_kind(entry.kind).is_dated else "name"
    for text in entry.prefetched_texts:
        if text.title:
            language = LANGUAGES_BY_CODE[text.language]
            yield _Name(axis, text.language, join_lines(text.title, language))
    if native := entry.facts.get("native"):
        yield _Name("name", entry.facts.get("native_language", ""), native)


def _kind_names(entry: Entry, kind_values: Iterable[str]) -> Iterator[_Name]:
    for value in ("", *kind_values):
        for code, text in kind_names(entry.kind, value):
            yield _Name("kind", code, text)


def _load_keys(entries: Sequence[Entry]) -> dict[int, dict[str, list[str]]]:
    """Return the keys of the related records of each entry by axis, in one query.

    The axis "kind" has the values of the filter ``kind``.
    """
    tags = EntryTag.objects.filter(
        entry__in=[entry.pk for entry in entries], axis__in=("organ", "kind")
    ).order_by("pk")
    keys = {
        entry.pk: {
            "topic": entry.topics,
            "organ": [],
            "place": entry.places,
            "country": entry.countries,
            "kind": [],
        }
        for entry in entries
    }
    for entry_pk, axis, value in tags.values_list("entry", "axis", "value"):
        keys[entry_pk][axis].append(value)
    return keys


def _load_names(keys_by_pk: Mapping[int, dict[str, list[str]]]) -> NamesByAxis:
    return collect_names(
        {
            axis: {key for keys in keys_by_pk.values() for key in keys[axis]}
            for axis in _AXES
        }
    )


def _related_names(
    keys: Mapping[str, list[str]], names_by_axis: NamesByAxis
) -> Iterator[_Name]:
    for axis in _AXES:
        for key in keys[axis]:
            for code, text in names_by_axis[axis].get(key, {}).items():
                yield _Name(axis, code, text)
