"""Form fields and widgets of the staff admin that clean and validate every input."""

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

from portal.content.form_fields.characters import check_readable
from portal.content.form_fields.day_fields import (
    ISO_FORMAT,
    DayAndTimeField,
    DayField,
)
from portal.content.publishing.year_validator import check_day, check_founding_day
from portal.core.translations.cleaning import clean_text
from portal.core.translations.invisible_text import is_blank


class CleanedTextMixin:
    """Form field mixin that removes invisible characters from text.

    Text that consists only of blank or invisible characters becomes empty. Characters
    that cannot be displayed to readers are rejected. If ``is_line`` is true, line
    breaks become spaces.
    """

    default_validators = [check_readable]

    def __init__(self, *args, is_line=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_line = is_line

    def to_python(self, value):
        return super().to_python(self._clean_text(value))

    def has_changed(self, initial, data):
        """Return whether the cleaned values differ."""
        return super().has_changed(self._clean_text(initial), data)

    def _clean_text(self, value):
        if not isinstance(value, str):
            return value
        text = clean_text(value, is_line=self.is_line)
        return "" if is_blank(text) else text


class NonBlankCharField(CleanedTextMixin, forms.CharField):
    """Text field for one or several lines, depending on ``is_line``."""


class CleanedEmailField(CleanedTextMixin, forms.EmailField):
    default_validators = [*forms.EmailField.default_validators, check_readable]


class CleanedSlugField(CleanedTextMixin, forms.SlugField):
    default_validators = [*forms.SlugField.default_validators, check_readable]


class CleanedURLField(CleanedTextMixin, forms.URLField):
    default_validators = [*forms.URLField.default_validators, check_readable]


# Form field for each type of model field; the first match is used.
_FORM_FIELDS = (
    (models.EmailField, CleanedEmailField),
    (models.SlugField, CleanedSlugField),
    (models.URLField, CleanedURLField),
    ((models.CharField, models.TextField), NonBlankCharField),
    (models.DateTimeField, DayAndTimeField),
    (models.DateField, DayField),
)


class LabelledSplitDateTime(AdminSplitDateTime):
    """Date and time inputs whose accessible names include the label of the field.

    The two inputs have no label element of their own.
    """

    def __init__(self, name, attrs=None):
        super().__init__(attrs)
        self.name = name
        day, _time = self.widgets
        day.format = ISO_FORMAT

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        parts = (context["date_label"], context["time_label"])
        for widget, part in zip(context["widget"]["subwidgets"], parts, strict=True):
            widget["attrs"]["aria-label"] = f"{self.name} – {part.rstrip(':：')}"
        return context


class _ValidKeysMixin(AutocompleteMixin):
    """Autocomplete widget mixin that ignores submitted values that are not valid keys.

    Without it, displaying a submitted value that is no valid key again would raise
    ValidationError.
    """

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if self._is_key(key)])

    def _is_key(self, value) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class SafeAutocompleteSelect(_ValidKeysMixin, AutocompleteSelect):
    """Autocomplete widget for a foreign key."""


class SafeAutocompleteSelectMultiple(_ValidKeysMixin, AutocompleteSelectMultiple):
    """Autocomplete widget for a many-to-many relation."""


class ValidatedFieldsMixin(BaseModelAdmin):
    """Admin mixin that uses the validating form fields and autocomplete widgets of this
    module."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the validating form field for ``db_field``."""
        overrides = self.formfield_overrides.get(type(db_field), {})
        # The admin's default override names SplitDateTimeField, the base class of
        # DayAndTimeField; any other override is left alone.
        if overrides.get("form_class") in (None, forms.SplitDateTimeField):
            for kind, form_class in _FORM_FIELDS:
                if isinstance(db_field, kind):
                    kwargs.setdefault("form_class", form_class)
                    break
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, CleanedTextMixin):
            field.is_line = isinstance(db_field, models.CharField)
        elif isinstance(field, forms.SplitDateTimeField):
            field.widget = LabelledSplitDateTime(field.label)
        elif db_field.name in getattr(db_field.model, "founding_fields", ()):
            field.validators.remove(check_day)
            field.validators.append(check_founding_day)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget", SafeAutocompleteSelect(db_field, self.admin_site)
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault(
                "widget", SafeAutocompleteSelectMultiple(db_field, self.admin_site)
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)
