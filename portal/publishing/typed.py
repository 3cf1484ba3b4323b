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

from portal.publishing.characters import check_readable
from portal.publishing.day_fields import WRITTEN_FORMAT, DayAndTimeField, DayField
from portal.publishing.years import check_day, check_founding_day
from portal.translations.blank import is_blank
from portal.translations.cleaning import clean_text


class CleanedTextMixin:
    """A text without invisible characters; one that shows nothing is empty.

    ``is_line``: line ends in it become spaces. Characters that readers cannot be shown
    are refused.
    """

    default_validators = [check_readable]

    def __init__(self, *args, is_line=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_line = is_line

    def to_python(self, value):
        return super().to_python(self._cleaned(value))

    def has_changed(self, initial, data):
        """Whether more has changed than characters that are removed anyway."""
        return super().has_changed(self._cleaned(initial), data)

    def _cleaned(self, value):
        if not isinstance(value, str):
            return value
        text = clean_text(value, is_line=self.is_line)
        return "" if is_blank(text) else text


class WrittenField(CleanedTextMixin, forms.CharField):
    """A text of one or several lines."""


class WrittenEmailField(CleanedTextMixin, forms.EmailField):
    default_validators = [*forms.EmailField.default_validators, check_readable]


class WrittenSlugField(CleanedTextMixin, forms.SlugField):
    default_validators = [*forms.SlugField.default_validators, check_readable]


class WrittenURLField(CleanedTextMixin, forms.URLField):
    default_validators = [*forms.URLField.default_validators, check_readable]


# The field of a form for each field of a model; the first that fits.
_FORM_FIELDS = (
    (models.EmailField, WrittenEmailField),
    (models.SlugField, WrittenSlugField),
    (models.URLField, WrittenURLField),
    ((models.CharField, models.TextField), WrittenField),
    (models.DateTimeField, DayAndTimeField),
    (models.DateField, DayField),
)


class NamedSplitDateTime(AdminSplitDateTime):
    """Day and time, each called by the name of its field too, which has no label."""

    def __init__(self, name, attrs=None):
        super().__init__(attrs)
        self.name = name
        day, _time = self.widgets
        day.format = WRITTEN_FORMAT

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
        overrides = self.formfield_overrides.get(type(db_field), {})
        # Django's own, of which this is a kind; the admin's overrides name it too.
        if overrides.get("form_class") in (None, forms.SplitDateTimeField):
            for kind, form_class in _FORM_FIELDS:
                if isinstance(db_field, kind):
                    kwargs.setdefault("form_class", form_class)
                    break
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, CleanedTextMixin):
            field.is_line = isinstance(db_field, models.CharField)
        elif isinstance(field, forms.SplitDateTimeField):
            field.widget = NamedSplitDateTime(field.label)
        elif db_field.name in getattr(db_field.model, "founding_fields", ()):
            field.validators.remove(check_day)
            field.validators.append(check_founding_day)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenRows(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
