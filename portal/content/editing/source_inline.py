"""Rows of sources in the form of a record."""

from django.contrib import admin
from django.contrib.contenttypes.admin import GenericStackedInline
from django.forms import ModelForm, TextInput
from django.utils.translation import gettext_lazy as _

from portal.content.editing.date_precision import (
    check_precision,
    mark_precision_field,
)
from portal.content.editing.sections import Section
from portal.content.editing.translator_admin import ChildInline
from portal.content.form_fields.language_field import LanguageTagField
from portal.content.publishing.models import Source
from portal.core.translations.dates import format_known_date
from portal.core.translations.language_names import get_language_name
from portal.core.translations.language_tags import list_languages
from portal.core.translations.localized_text import LocalizedText, get_active_language

# The id of the list of languages in admin/publishing/sources.html.
_LANGUAGE_LIST = "source-languages"
# Read-only columns that are shown instead of fields that cannot be edited.
_READ_ONLY_COLUMNS = {
    "published_on": "known_date",
    "language": "language_name",
}


class SourceForm(ModelForm):
    """Form of a source, with errors next to their fields.

    The section with these fields is open then.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_precision_field(self, "published_on", "date_precision")

    def clean(self):
        values = super().clean()
        check_precision(self, "published_on", "date_precision")
        return values


class SourceInline(ChildInline, GenericStackedInline):
    """Sources of a record; all but the address and the title is in a closed section."""

    model = Source
    section = Section.FILES_AND_SOURCES
    form = SourceForm
    extra = 0
    template = "admin/publishing/sources.html"
    classes = ["staff-sources"]
    # Each in a line of its own: Django opens a closed section with an error in it only
    # if the field is not in a line with others.
    details = (
        "publisher",
        "language",
        "published_on",
        "date_precision",
        "archive_url",
    )

    def get_fieldsets(self, request, obj=None):
        details = self.details
        if not self._is_editable(request, obj):
            details = [
                _READ_ONLY_COLUMNS.get(name, name)
                for name in details
                if name != "date_precision"
            ]
        return [
            (None, {"fields": [("url", "position"), "title"]}),
            (
                _("Publisher, language, date, archived copy"),
                {"fields": details, "classes": ["collapse"]},
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        names = super().get_readonly_fields(request, obj)
        if self._is_editable(request, obj):
            return names
        return [*names, *_READ_ONLY_COLUMNS.values()]

    def _is_editable(self, request, obj) -> bool:
        return self.has_add_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "language":
            kwargs["form_class"] = LanguageTagField
            kwargs["widget"] = TextInput({"list": _LANGUAGE_LIST, "size": 12})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_languages(self) -> list[tuple[str, LocalizedText]]:
        """Return tag and name of the languages that the form suggests."""
        return list_languages(get_active_language())

    @admin.display(description=_("date of publication"))
    def known_date(self, source):
        """Return the date as exact as it is known."""
        day = source.published_on
        return format_known_date(day, source.date_precision) if day else None

    @admin.display(description=_("language"))
    def language_name(self, source):
        if not source.language:
            return None
        return get_language_name(source.language, get_active_language())
