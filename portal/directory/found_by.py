"""The public names of countries, places, topics and organs, for search."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.db.models import CharField, QuerySet, Value
from modeltranslation.utils import build_localized_fieldname

from portal.catalogue.search.gathering import Names
from portal.directory.models import Country, Organ, Place, Topic
from portal.languages import BY_CODE
from portal.publishing.choices import Status

_MODELS = {"country": Country, "organ": Organ, "place": Place, "topic": Topic}
# A name in a language that the portal may not have.
_OWN = {"organ": "name_native", "place": "name_local"}


def names_by_key(keys: Mapping[str, Iterable[str]]) -> Names:
    """Names by axis, key and language code, ``""`` for the own name; one query.

    Countries and organs only while they are public.
    """
    found: Names = {axis: {} for axis in _MODELS}
    queries = [_rows(axis, set(keys[axis])) for axis in _MODELS if keys.get(axis)]
    if not queries:
        return found
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for axis, key, *names in rows:
        by_code = zip((*BY_CODE, ""), names, strict=True)
        found[axis][key] = {code: name for code, name in by_code if name}
    return found


def _rows(axis: str, keys: set[str]) -> QuerySet:
    return _all_rows(axis).filter(**{f"{_MODELS[axis].link_key}__in": keys})


@cache
def _all_rows(axis: str) -> QuerySet:
    """The rows of every key; never read, but filtered.

    Resolving the columns takes longer than the query, and they are always the same.
    """
    model = _MODELS[axis]
    rows = QuerySet(model).order_by()
    if hasattr(model, "status"):
        rows = rows.filter(status=Status.PUBLISHED)
    names = [build_localized_fieldname("name", code) for code in BY_CODE]
    own = _OWN[axis] if axis in _OWN else Value("", CharField())
    # Every column is text, so the arms fit together without a cast.
    return rows.values_list(Value(axis, CharField()), model.link_key, *names, own)
