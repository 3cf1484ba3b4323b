"""Querysets that load only the language columns a reader needs."""

from django.db import models
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.fields import name_keys_fields
from portal.core.translations.localized_text import get_fallback_chain


def translated_fields(model: type[models.Model]) -> list[str]:
    """Return the names of the translated fields of ``model``; [] if there are none."""
    try:
        return list(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return []


def get_unused_columns(model: type[models.Model], language: Language) -> list[str]:
    """Return the columns that are not needed to show records in ``language``.

    These are the columns of other languages, name keys (used only in lookups), and the
    columns without a language suffix, which duplicate English.
    """
    used_codes = get_fallback_chain(language)
    unused = [field.name for field in name_keys_fields(model)]
    for name in translated_fields(model):
        unused.append(name)
        unused += [
            build_localized_fieldname(name, code)
            for code in LANGUAGES_BY_CODE
            if code not in used_codes
        ]
    return unused


class TranslatedQuerySet(models.QuerySet):
    """Queryset of a model with translated fields."""

    def only_language(self, language: Language, *related: str):
        """Load only the columns needed to show records in ``language``.

        No rows are filtered. Loading all twelve columns of each text takes six times as
        long as loading a plain row (measured). ``related`` are forward relations,
        joined in the same query and reduced in the same way.
        """
        unused = get_unused_columns(self.model, language)
        for path in related:
            model = self.model
            for part in path.split("__"):
                model = model._meta.get_field(part).related_model
            unused += [
                f"{path}__{name}" for name in get_unused_columns(model, language)
            ]
        queryset = self.select_related(*related) if related else self
        # Django's own defer: modeltranslation's replaces a column without suffix by the
        # columns of all languages.
        return models.QuerySet.defer(queryset, *unused)
