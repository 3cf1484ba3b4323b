"""What is typed into the forms of the desk, whatever form it is."""

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.db import models

from portal.publishing.clocks import WallClockField
from portal.publishing.years import in_known_years
from portal.translations.blank import is_blank

# Their own fields of a form look closer than at blanks.
_NO_PLAIN_TEXTS = (models.EmailField, models.SlugField, models.URLField)


class WrittenField(forms.CharField):
    """A text; one that shows nothing is none."""

    def to_python(self, value):
        text = super().to_python(value)
        return self.empty_value if text and is_blank(text) else text


class NamedSplitDateTime(AdminSplitDateTime):
    """Day and time, each called by the name of its field too, which has no label."""

    def __init__(self, name, attrs=None):
        super().__init__(attrs)
        self.name = name

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        parts = (context["date_label"], context["time_label"])
        for widget, part in zip(context["widget"]["subwidgets"], parts, strict=True):
            widget["attrs"]["aria-label"] = f"{self.name} – {part.rstrip(':：')}"
        return context


class _KnownKeys(AutocompleteMixin):
    """Shows again what was chosen; what was sent in its place and is no key is not
    looked up."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if self._is_key(one)])

    def _is_key(self, value) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class ChosenRow(_KnownKeys, AutocompleteSelect):
    """A row that is looked up as its name is typed."""


class ChosenRows(_KnownKeys, AutocompleteSelectMultiple):
    """Rows that are looked up as their names are typed."""


class TypedFields(BaseModelAdmin):
    """A form, or rows in a form, that say what is wrong with any value sent to them."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        is_text = isinstance(db_field, (models.CharField, models.TextField))
        if is_text and not isinstance(db_field, _NO_PLAIN_TEXTS):
            kwargs.setdefault("form_class", WrittenField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.SplitDateTimeField):
            if not isinstance(field, WallClockField):
                field.fields[0].validators.append(in_known_years)
            field.widget = NamedSplitDateTime(field.label)
        elif isinstance(field, forms.DateField):
            field.validators.append(in_known_years)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenRows(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
