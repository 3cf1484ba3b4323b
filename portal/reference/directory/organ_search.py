"""Search for organs in the staff admin, in any script."""

from django.db.models import Case, Q, QuerySet, When
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.models import Entry
from portal.content.catalogue.search.engine import search_entries
from portal.content.catalogue.search.indexing import entry_pk_of_row
from portal.content.catalogue.search.query import SearchQueryError
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.fields import comparable_name

# Number of catalogue hits added to the organs whose names or keys match.
_MAX_HITS = 50
_TRANSLATED_NAME_FIELDS = [
    build_localized_fieldname("name", code) for code in LANGUAGES_BY_CODE
]
ORGAN_NAME_FIELDS = (*_TRANSLATED_NAME_FIELDS, "name_native")
SEARCH_FIELDS = ("name_keys__named", "key", "country__name_keys__named")


def search_organs(organs: QuerySet, q: str) -> QuerySet:
    """Return the organs that match the text ``q``.

    An organ matches if every word of ``q`` is part of its name, its key or the name of
    its country, ignoring marks, case and script variants. Published organs also match
    if the catalogue search finds them.

    Unless ``organs`` is already ordered, an exact name comes first, then names that
    start with the text, then the hits in the order of the catalogue search.
    """
    name_filter = Q(pk__in=[])
    terms = q.split()
    if terms:
        name_filter = ~name_filter
    for term in terms:
        name_filter &= (
            Q(name_keys__named=term)
            | Q(key__icontains=term.replace("\0", ""))
            | Q(country__name_keys__named=term)
        )
    keys = _catalogue_keys(q)
    matching = organs.filter(name_filter | Q(key__in=keys))
    return (
        matching
        if organs.ordered
        else matching.order_by(_rank_expression(q, keys), "key")
    )


def _rank_expression(q: str, keys: list[str]) -> Case:
    text = comparable_name(q)
    ranks = enumerate(keys, start=2)
    return Case(
        When(_has_name(text), then=0),
        When(_has_name_beginning(text), then=1),
        *(When(key=key, then=rank) for rank, key in ranks),
        default=len(keys) + 2,
    )


def _has_name(key: str) -> Q:
    """Return a filter for rows with a name that has this search key.

    The column ``name_keys`` has one key per line.
    """
    return (
        Q(name_keys=key)
        | Q(name_keys__startswith=f"{key}\n")
        | Q(name_keys__endswith=f"\n{key}")
        | Q(name_keys__contains=f"\n{key}\n")
    )


def _has_name_beginning(key: str) -> Q:
    return Q(name_keys__startswith=key) | Q(name_keys__contains=f"\n{key}")


def _catalogue_keys(q: str) -> list[str]:
    """Return the organ keys of the best catalogue hits, best first."""
    try:
        row_ids = search_entries(q, filters={"kind": "organ"}, limit=_MAX_HITS).row_ids
    except SearchQueryError:
        return []
    entry_pks = [entry_pk_of_row(row_id) for row_id in row_ids]
    codes = dict(Entry.objects.filter(pk__in=entry_pks).values_list("pk", "code"))
    return [codes[pk] for pk in entry_pks if pk in codes]
