"""Finding organs at the desk, in whatever script a clerk types."""

from django.db.models import Case, Q, QuerySet, When
from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.models import Entry
from portal.catalogue.search.asking import BadQuery
from portal.catalogue.search.finding import find
from portal.catalogue.search.rows import entry_pk
from portal.languages import BY_CODE
from portal.translations.fields import comparable_name

# So many of the best hits of the catalogue are offered beside what the letters find.
_MOST_HITS = 50
_NAMES = [build_localized_fieldname("name", code) for code in BY_CODE]
ORGAN_NAMES = (*_NAMES, "name_native")
SEARCHED = ("name_keys__named", "key", "country__name_keys__named")


def organs_found(organs: QuerySet, q: str) -> QuerySet:
    """Those of ``organs`` each word of ``q`` is part of a name or the key of, without
    marks, case and kind of character; and, of published ones, those that the catalogue
    finds.

    Unless ``organs`` have an order, the best come first: the whole name, names that
    begin so, then in the order of the catalogue.
    """
    found = Q(pk__in=[])
    words = q.split()
    if words:
        found = ~found
    for word in words:
        found &= (
            Q(name_keys__named=word)
            | Q(key__icontains=word.replace("\0", ""))
            | Q(country__name_keys__named=word)
        )
    keys = _in_catalogue(q)
    matching = organs.filter(found | Q(key__in=keys))
    return matching if organs.ordered else matching.order_by(_rank(q, keys), "key")


def _rank(q: str, keys: list[str]) -> Case:
    typed = comparable_name(q)
    places = enumerate(keys, start=2)
    return Case(
        When(_has_name(typed), then=0),
        When(_has_name_beginning(typed), then=1),
        *(When(key=key, then=place) for place, key in places),
        default=len(keys) + 2,
    )


def _has_name(key: str) -> Q:
    """Whether one of the names, each a line of the column, has this key."""
    return (
        Q(name_keys=key)
        | Q(name_keys__startswith=f"{key}\n")
        | Q(name_keys__endswith=f"\n{key}")
        | Q(name_keys__contains=f"\n{key}\n")
    )


def _has_name_beginning(key: str) -> Q:
    return Q(name_keys__startswith=key) | Q(name_keys__contains=f"\n{key}")


def _in_catalogue(q: str) -> list[str]:
    """The keys of the best hits, the best first."""
    try:
        found = find(q, filters={"kind": "organ"}, limit=_MOST_HITS).keys
    except BadQuery:
        return []
    hits = [entry_pk(key) for key in found]
    codes = dict(Entry.objects.filter(pk__in=hits).values_list("pk", "code"))
    return [codes[pk] for pk in hits if pk in codes]
