"""Public names of countries, places, topics and organs for the search index."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.db.models import CharField, QuerySet, Value
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.search.providers import NamesByAxis
from portal.content.publishing.choices import Status
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.models import Country, Organ, Place, Topic

_MODELS = {"country": Country, "organ": Organ, "place": Place, "topic": Topic}
# Fields with a name in the local language, which the portal may not support.
_NATIVE_NAME_FIELDS = {"organ": "name_native", "place": "name_local"}


def public_names(keys: Mapping[str, Iterable[str]]) -> NamesByAxis:
    """Return public names by axis, key and language code, in one query.

    The name in the local language has the code ``""``. Unpublished countries and organs
    are left out.
    """
    names_by_axis: NamesByAxis = {axis: {} for axis in _MODELS}
    queries = [_name_rows(axis, set(keys[axis])) for axis in _MODELS if keys.get(axis)]
    if not queries:
        return names_by_axis
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for axis, key, *names in rows:
        by_code = zip((*LANGUAGES_BY_CODE, ""), names, strict=True)
        names_by_axis[axis][key] = {code: name for code, name in by_code if name}
    return names_by_axis


def _name_rows(axis: str, keys: set[str]) -> QuerySet:
    return _build_base_query(axis).filter(**{f"{_MODELS[axis].link_key}__in": keys})


@cache
def _build_base_query(axis: str) -> QuerySet:
    """Return the cached base query for the names of all rows of an axis.

    It is only filtered, never evaluated itself. It is cached because resolving the
    columns, which are always the same, takes longer than the query.
    """
    model = _MODELS[axis]
    rows = QuerySet(model).order_by()
    if hasattr(model, "status"):
        rows = rows.filter(status=Status.PUBLISHED)
    names = [build_localized_fieldname("name", code) for code in LANGUAGES_BY_CODE]
    native_name = (
        _NATIVE_NAME_FIELDS[axis]
        if axis in _NATIVE_NAME_FIELDS
        else Value("", CharField())
    )
    # All columns are text, so the parts of the UNION need no casts.
    return rows.values_list(
        Value(axis, CharField()), model.link_key, *names, native_name
    )
