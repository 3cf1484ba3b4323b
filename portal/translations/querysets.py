from django.db import models
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from portal.languages import BY_CODE, Language
from portal.translations.fields import name_keys_fields
from portal.translations.shown import languages_read


def translated_fields(model: type[models.Model]) -> list[str]:
    """Names of the translated fields of ``model``, [] when it has none."""
    try:
        return list(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return []


def columns_not_read(model: type[models.Model], language: Language) -> list[str]:
    """Columns that a reader of ``language`` is never shown.

    The bare column counts among them: it mirrors English and is read by nobody. So do
    the keys of names: only look-ups use them.
    """
    read = languages_read(language)
    unread = [field.name for field in name_keys_fields(model)]
    for name in translated_fields(model):
        unread.append(name)
        unread += [
            build_localized_fieldname(name, code)
            for code in BY_CODE
            if code not in read
        ]
    return unread


class TranslatedQuerySet(models.QuerySet):
    """Records with translated fields."""

    def in_language(self, language: Language, *related: str):
        """… with only the columns that a reader of ``language`` may be shown.

        Twelve columns a text cost six times a plain row (measured). ``related`` are
        forward relations loaded in the same query, cut down in the same way.
        """
        unread = columns_not_read(self.model, language)
        for path in related:
            model = self.model
            for step in path.split("__"):
                model = model._meta.get_field(step).related_model
            unread += [f"{path}__{name}" for name in columns_not_read(model, language)]
        found = self.select_related(*related) if related else self
        # Django's own defer: modeltranslation's would take every language with the
        # bare column.
        return models.QuerySet.defer(found, *unread)
