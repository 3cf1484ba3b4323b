"""Records whose titles match a text that is still being typed."""

from django.db.models import Prefetch

from portal.content.catalogue.models import Entry, EntryText
from portal.content.catalogue.search import marker_tokens
from portal.content.catalogue.search.index import Condition, all_of, any_of, newest_hits
from portal.content.catalogue.search.indexing import entry_pk_of_row
from portal.content.catalogue.search.match_levels import is_name, literal_in_title
from portal.content.catalogue.search.query import MAX_QUERY_LENGTH
from portal.content.catalogue.search.tokens import parse_terms
from portal.core.translations.normal_form import fold

# More records are read than are shown, because some have the same title.
_MAX_HITS = 20
# Shorter texts in scripts with spaces begin too many words.
_MIN_LETTERS = 2


def suggest_condition(text: str) -> Condition | None:
    """Return the condition on the titles for which a typed text is the beginning.

    All words must be in titles; the last one may be the beginning of a word, and is
    ignored as long as it has one letter. Return None if the text is too short, too long
    or has no letters.
    """
    if len(text) > MAX_QUERY_LENGTH:
        return None
    folded = fold(text)
    terms = parse_terms(folded)
    if not terms or (terms[0].script == "word" and len(folded.strip()) < _MIN_LETTERS):
        return None
    *complete, last = terms
    conditions = [literal_in_title(term) for term in complete]
    if last.script != "word":
        conditions.append(literal_in_title(last))
    elif len(last.text) >= _MIN_LETTERS:
        start = marker_tokens.word_start_token(last.text)
        conditions.append(any_of([start, literal_in_title(last)]))
    return all_of(conditions) if conditions else None


def suggest_entries(text: str) -> list[Entry]:
    """Return the published records whose titles match a text that is being typed.

    Names that begin with the text come first, such as those of organs, then titles that
    begin with it, then other names, then the newest records; the shortest name is the
    first of the names. The texts of every language are in ``prefetched_texts``. The
    number of queries is constant, and each reads few rows.
    """
    condition = suggest_condition(text)
    if condition is None:
        return []
    start = marker_tokens.title_start_token(
        "".join(term.text for term in parse_terms(fold(text)))
    )
    name = is_name()
    levels = [[start, name, condition], [start, condition], [name, condition]]
    name_levels = (0, 2)
    hits = newest_hits(
        [*map(all_of, levels), condition], _MAX_HITS, name_levels=name_levels
    )
    hits.sort(
        key=lambda hit: (
            hit.level,
            hit.title_length or 0 if hit.level in name_levels else 0,
            -hit.row_id,
        )
    )
    row_ids = list(dict.fromkeys(hit.row_id for hit in hits))[:_MAX_HITS]
    pks = [entry_pk_of_row(row_id) for row_id in row_ids]
    texts = Prefetch("texts", EntryText.objects.all(), to_attr="prefetched_texts")
    by_pk = Entry.objects.prefetch_related(texts).in_bulk(pks) if pks else {}
    return [by_pk[pk] for pk in pks if pk in by_pk]
