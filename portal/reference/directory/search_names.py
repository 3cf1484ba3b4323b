"""Public names of countries, places, topics and organs for the search index."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.search.providers import NamesByAxis
from portal.content.publishing.choices import Status
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import (
    get_native_text_fields,
    with_native_text,
)
from portal.reference.directory.models import Country, Organ, Place, Topic

_MODELS = {"country": Country, "organ": Organ, "place": Place, "topic": Topic}


def public_names(keys: Mapping[str, Iterable[str]]) -> NamesByAxis:
    """Return public names by axis, key and language code, with one query per axis.

    A native name counts as the name in its own language. It has the code ``""`` if the
    portal does not have that language, or has another name in it. Unpublished countries
    and organs are left out.
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
    native_fields = get_native_text_fields(model, "name") or ()
    names = {}
    for key, *values in rows.values_list(
        model.link_key, *columns.values(), *native_fields
    ):
        texts = dict(zip(columns, values, strict=False))
        if native_fields:
            native_name = values[-2]
            texts = dict(with_native_text(texts, *values[-2:]))
            if native_name not in texts.values():
                texts[""] = native_name
        names[key] = {code: name for code, name in texts.items() if name}
    return names
