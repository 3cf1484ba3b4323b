"""Finding organs at the desk, in whatever script a clerk types."""

import unicodedata

from django.db.models import Q, QuerySet
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
    ones, those that the catalogue finds without marks, case and kind of character."""
    found = Q(pk__in=[])
    words = unicodedata.normalize("NFC", q).split()
    if words:
        found = ~found
    for word in words:
        part = Q()
        for column in SEARCHED:
            part |= Q(**{f"{column}__icontains": word})
        found &= part
    return organs.filter(found | Q(key__in=_in_catalogue(q)))


def _in_catalogue(q: str) -> QuerySet:
    try:
        keys = find(q, filters={"kind": "organ"}, limit=_MOST_HITS).keys
    except BadQuery:
        keys = []
    hits = [entry_pk(key) for key in keys]
    return Entry.objects.filter(pk__in=hits).values("code")
