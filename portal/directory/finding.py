"""Finding organs at the desk, in whatever script a clerk types."""

import unicodedata

from django.db.models import Case, Q, QuerySet, When
from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.models import Entry
from portal.catalogue.search.asking import BadQuery
from portal.catalogue.search.finding import find
from portal.catalogue.search.rows import entry_pk
from portal.languages import BY_CODE

# So many of the best hits of the catalogue are offered beside what the letters find.
_MOST_HITS = 50
_NAMES = [build_localized_fieldname("name", code) for code in BY_CODE]
ORGAN_NAMES = (*_NAMES, "name_native")
SEARCHED = ("key", *ORGAN_NAMES, "country__name_en", "country__name_zh_hans")


def organs_found(organs: QuerySet, q: str) -> QuerySet:
    """Those of ``organs`` each word of ``q`` is part of a name of; and, of published
    ones, those that the catalogue finds without marks, case and kind of character.

    Unless ``organs`` have an order, the best come first: the whole name, names that
    begin so, then in the order of the catalogue.
    """
    found = Q(pk__in=[])
    words = unicodedata.normalize("NFC", q).split()
    if words:
        found = ~found
    for word in words:
        part = Q()
        for column in SEARCHED:
            part |= Q(**{f"{column}__icontains": word})
        found &= part
    keys = _in_catalogue(q)
    matching = organs.filter(found | Q(key__in=keys))
    return matching if organs.ordered else matching.order_by(_rank(q, keys), "key")


def _rank(q: str, keys: list[str]) -> Case:
    typed = unicodedata.normalize("NFC", q).strip()
    places = enumerate(keys, start=2)
    return Case(
        When(_any_name("iexact", typed), then=0),
        When(_any_name("istartswith", typed), then=1),
        *(When(key=key, then=place) for place, key in places),
        default=len(keys) + 2,
    )


def _any_name(lookup: str, typed: str) -> Q:
    found = Q()
    for column in ORGAN_NAMES:
        found |= Q(**{f"{column}__{lookup}": typed})
    return found


def _in_catalogue(q: str) -> list[str]:
    """The keys of the best hits, the best first."""
    try:
        found = find(q, filters={"kind": "organ"}, limit=_MOST_HITS).keys
    except BadQuery:
        return []
    hits = [entry_pk(key) for key in found]
    codes = dict(Entry.objects.filter(pk__in=hits).values_list("pk", "code"))
    return [codes[pk] for pk in hits if pk in codes]
