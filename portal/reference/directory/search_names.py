"""Public names of countries, places, topics and organs for the search index."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.search.providers import NamesByAxis
from portal.content.publishing.choices import Status
from portal.core.languages import LANGUAGES_BY_CODE
from portal.reference.directory.models import Country, Organ, Place, Topic

_MODELS = {"country": Country, "organ": Organ, "place": Place, "topic": Topic}
# Fields with a name in the local language, which the portal may not support.
_NATIVE_NAME_FIELDS = {"organ": "name_native", "place": "name_local"}


def public_names(keys: Mapping[str, Iterable[str]]) -> NamesByAxis:
    """Return public names by axis, key and language code, with one query per axis.

    The name in the local language has the code ``""``. Unpublished countries and organs
    are left out.
    """
    return {
        axis: _load_names(axis, set(keys[axis])) if keys.get(axis) else {}
        for axis in _MODELS
    }


def _load_names(axis: str, keys: set[str]) -> dict[str, dict[str, str]]:
    model = _MODELS[axis]
    rows = QuerySet(model).filter(**{f"{model.link_key}__in": keys}).order_by()
    if hasattr(model, "status"):
        rows = rows.filter(status=Status.PUBLISHED)
    columns = {
        code: build_localized_fieldname("name", code) for code in LANGUAGES_BY_CODE
    }
    if axis in _NATIVE_NAME_FIELDS:
        columns[""] = _NATIVE_NAME_FIELDS[axis]
    return {
        key: {code: name for code, name in zip(columns, names, strict=True) if name}
        for key, *names in rows.values_list(model.link_key, *columns.values())
    }
