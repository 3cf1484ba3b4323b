"""Finding entries: candidates from the index, scored and counted here.

Work is bounded: of a word that stands everywhere, the newest 1,000 records are looked
at, and for the best order the newest 1,000 of each better place (the whole title, a
phrase in it, its words, a summary) beside them. Nothing is ranked or counted beyond.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from portal.catalogue.models import Entry, EntryText
from portal.catalogue.search import marks
from portal.catalogue.search.asking import checked
from portal.catalogue.search.index import MOST, Hit, newest_hits
from portal.catalogue.search.rows import entry_pk
from portal.catalogue.search.tokens import Term, terms_of

# So many words of a query that finds nothing are tried one by one.
_TRIED = 8


@dataclass(frozen=True)
class Result:
    """What was found: entries of one page in order, ``total`` up to MOST of all.

    ``is_more``: there are more than MOST, and ``facets`` (filter word → value → how
    many) count among the newest MOST. ``entries`` have their texts in every language
    as ``texts_read`` and their search row, without its tokens.
    """

    terms: list[Term] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    facets: dict[str, Counter] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)

    @cached_property
    def entries(self) -> list[Entry]:
        pks = [entry_pk(key) for key in self.keys]
        found = Entry.objects.select_related("search_row").defer("search_row__tokens")
        texts = Prefetch("texts", EntryText.objects.all(), to_attr="texts_read")
        by_pk = found.prefetch_related(texts).in_bulk(pks) if pks else {}
        # One that was withdrawn since the index was asked is left out.
        return [by_pk[pk] for pk in pks if pk in by_pk]

    @property
    def codes(self) -> list[tuple[str, str]]:
        return [(entry.kind, entry.code) for entry in self.entries]


def find(
    q: str,
    *,
    filters: Mapping[str, str] | None = None,
    order: str = "best",
    limit: int = 20,
    offset: int = 0,
) -> Result:
    """Published records in which every part of ``q`` is found, in whatever language.

    ``filters`` maps kind, country, year to a value; ``order`` is best or newest. A
    query without a letter or digit finds nothing. Raises BadQuery for one that is too
    long or has control characters.
    """
    terms = terms_of(checked(q))
    if not terms:
        return Result()
    levels = _levels(terms)
    chosen = [marks.filtered(word, value) for word, value in (filters or {}).items()]
    wanted = levels if order == "best" else levels[-1:]
    hits = newest_hits([[*tokens, *chosen] for tokens in wanted])
    any_place = [hit for hit in hits if hit.level == len(wanted) - 1]
    counted = sorted(any_place, key=lambda hit: -hit.key)[:MOST]
    keys = _in_order(hits)[: len(counted)]
    return Result(
        terms=terms,
        total=len(counted),
        is_more=len(any_place) > MOST,
        facets=_facets(counted),
        keys=keys[offset : offset + limit],
    )


def found_alone(terms: list[Term]) -> list[Term]:
    """Those of the first terms of a query that are found by themselves."""
    asked = terms[:_TRIED]
    hits = newest_hits([list(term.tokens) for term in asked], limit=1)
    found = {hit.level for hit in hits}
    return [term for level, term in enumerate(asked) if level in found]


def _levels(terms: list[Term]) -> list[list[str]]:
    """Tokens to be found for each place of a hit, the best place first."""
    tokens = list(dict.fromkeys(token for term in terms for token in term.tokens))
    levels = [[marks.whole(terms)]]
    if pairs := list(marks.pairs(terms)):
        levels.append([*pairs, *marks.in_title(tokens)])
    return [*levels, marks.in_title(tokens), marks.in_head(tokens), tokens]


def _in_order(hits: list[Hit]) -> list[int]:
    """Each key once, by its best level, then the newest first."""
    best = {}
    for hit in hits:
        best[hit.key] = min(hit.level, best.get(hit.key, hit.level))
    return sorted(best, key=lambda key: (best[key], -key))


def _facets(hits: list[Hit]) -> dict[str, Counter]:
    return {
        "kind": Counter(hit.kind for hit in hits),
        "country": Counter(iso2 for hit in hits for iso2 in hit.countries),
        "year": Counter(hit.year for hit in hits if hit.year),
    }
