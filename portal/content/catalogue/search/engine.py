"""Search the index, rank the hits and count the facets.

The cost of a common word is bounded: at most the 1,000 newest records with all terms
are read, ranked and counted. For the order "best", the newest 1,000 of each better
match level (see the module ``match_levels``) are read in addition.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from portal.content.catalogue.models import Entry, EntryText
from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.index import MAX_RESULTS, Hit, all_of, newest_hits
from portal.content.catalogue.search.indexing import entry_pk_of_row
from portal.content.catalogue.search.match_levels import build_levels, term_condition
from portal.content.catalogue.search.query import validate_query_text
from portal.content.catalogue.search.query_terms import (
    ParsedQuery,
    QueryTerm,
    parse_query,
)
from portal.content.catalogue.search.spelling import correct_text

# Number of words that are tried separately if the whole query has no results.
_MAX_TERMS_TRIED = 8


@dataclass(frozen=True)
class SearchResult:
    """Result of a search: the entries of one page in order, and counts over all hits.

    ``query`` is the parsed search text.
    ``total`` is the number of hits, at most MAX_RESULTS; ``has_more`` is True if there
    are more. ``facets`` maps filter parameter → value → number of records, counted
    among the newest MAX_RESULTS hits. ``row_ids`` are the ids of the search rows of
    this page.
    """

    query: ParsedQuery = field(default_factory=ParsedQuery)
    total: int = 0
    has_more: bool = False
    facets: dict[str, Counter] = field(default_factory=dict)
    row_ids: list[int] = field(default_factory=list)

    @property
    def terms(self) -> tuple[QueryTerm, ...]:
        """The terms that the records have."""
        return self.query.terms

    @cached_property
    def entries(self) -> list[Entry]:
        """The entries of this page, in order, with all texts and the search row.

        The texts of every language are in ``prefetched_texts``. The column ``tokens``
        of the search row is deferred.
        """
        pks = [entry_pk_of_row(row_id) for row_id in self.row_ids]
        entries = Entry.objects.select_related("search_row").defer("search_row__tokens")
        texts = Prefetch("texts", EntryText.objects.all(), to_attr="prefetched_texts")
        by_pk = entries.prefetch_related(texts).in_bulk(pks) if pks else {}
        # Entries withdrawn since the index was queried are left out.
        return [by_pk[pk] for pk in pks if pk in by_pk]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Pairs of (kind, code) of the entries on this page of search results."""
        return [(entry.kind, entry.code) for entry in self.entries]


def search_entries(
    text: str,
    *,
    filters: Mapping[str, str] | None = None,
    order: str = "best",
    limit: int = 20,
    offset: int = 0,
) -> SearchResult:
    """Return the published records that have every term of the text.

    A term matches in any language. ``filters`` maps kind, country and year to a value;
    ``order`` is "best" or "newest"; ``limit`` and ``offset`` select the page. Text
    without any letter or digit, and text of stop words only, has no results. Raise
    SearchQueryError if the text is too long or has invalid characters.
    """
    query = parse_query(validate_query_text(text))
    if not query.terms:
        return SearchResult(query=query)
    levels = build_levels(query)
    filter_tokens = [
        marker_tokens.filter_token(parameter, value)
        for parameter, value in (filters or {}).items()
    ]
    levels_to_query = levels if order == "best" else levels[-1:]
    name_levels = {
        number for number, level in enumerate(levels_to_query) if level.is_name
    }
    hits = newest_hits(
        [all_of([level.condition, *filter_tokens]) for level in levels_to_query],
        MAX_RESULTS + 1,
        name_levels,
    )
    matching_hits = [hit for hit in hits if hit.level == len(levels_to_query) - 1]
    counted_hits = sorted(matching_hits, key=lambda hit: -hit.row_id)[:MAX_RESULTS]
    row_ids = _rank_hits(hits, name_levels)[: len(counted_hits)]
    return SearchResult(
        query=query,
        total=len(counted_hits),
        has_more=len(matching_hits) > MAX_RESULTS,
        facets=_count_facets(counted_hits),
        row_ids=row_ids[offset : offset + limit],
    )


def terms_with_matches(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """Return the terms that match records on their own, for a query without results.

    Only the first terms of the query are tried.
    """
    tried_terms = terms[:_MAX_TERMS_TRIED]
    hits = newest_hits([term_condition(term) for term in tried_terms], limit=1)
    matching_levels = {hit.level for hit in hits}
    return [term for level, term in enumerate(tried_terms) if level in matching_levels]


def correct_query(query: ParsedQuery, matched_terms: Sequence[QueryTerm]) -> str:
    """Return the text of a query without results, with one error in a word corrected.

    ``matched_terms`` are those of :func:`terms_with_matches`; every other word is
    corrected. Return "" if there is no correction.
    """
    terms = query.terms[:_MAX_TERMS_TRIED]
    return correct_text(
        query.text, [term for term in terms if term not in matched_terms]
    )


def _rank_hits(hits: list[Hit], name_levels: Container[int]) -> list[int]:
    """Return the search row ids of the hits, sorted by best match level, then newest.

    In ``name_levels``, the shortest name comes first. A row that matches several levels
    is returned once.
    """
    best_keys: dict[int, tuple[int, int, int]] = {}
    for hit in hits:
        length = hit.title_length or 0 if hit.level in name_levels else 0
        key = (hit.level, length, -hit.row_id)
        best_keys[hit.row_id] = min(key, best_keys.get(hit.row_id, key))
    return sorted(best_keys, key=best_keys.__getitem__)


def _count_facets(hits: list[Hit]) -> dict[str, Counter]:
    return {
        "kind": Counter(hit.kind for hit in hits),
        "country": Counter(iso2 for hit in hits for iso2 in hit.countries),
        "year": Counter(hit.year for hit in hits if hit.year),
    }
