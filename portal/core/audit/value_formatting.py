"""Formatting of values stored in the audit log for display.

Values are stored as text. They are formatted according to their field: a choice by its
label, a related row by its name, a date in the active language. A value that cannot be
formatted is displayed as stored.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from portal.core.audit.display_names import (
    can_view_model,
    get_public_key_field,
    iterate_display_names,
)
from portal.core.audit.past_names import PastNames, RowReference
from portal.core.translations.dates import format_known_date
from portal.core.translations.language_names import get_language_name
from portal.core.translations.localized_text import get_active_language

# Separates the keys of many-to-many relations, in stored values and in spreadsheets.
_SEPARATOR = re.compile(r"\s*;\s*")
_PRIMARY_KEY_REFERENCE = re.compile(r"#([0-9]{1,18})")
_TRUE_VALUES = ("true", "yes", "True", "on")
_FALSE_VALUES = ("false", "no", "False")

StoredValue = tuple[type[models.Model], str, str]


class ValueFormatter:
    """Formatter of stored field values for one user.

    ``stored_values`` contains all values that will be formatted, as (model, field name,
    value): the names of related rows are loaded with one query for each model.
    ``viewer`` is the user; for None no names of related rows are loaded. ``since`` is
    the position of the first audit entry that will be formatted; None if the values are
    in no entry.
    """

    def __init__(
        self, stored_values: Iterable[StoredValue], viewer, *, since: int | None = None
    ):
        references_by_model: dict[type[models.Model], set[str]] = defaultdict(set)
        for model, name, value in stored_values:
            related = getattr(_get_field(model, name), "related_model", None)
            if related and value:
                references_by_model[related].update(_SEPARATOR.split(value))
        self._names = {
            model: _load_display_names(model, references, viewer)
            for model, references in references_by_model.items()
            if viewer is not None and can_view_model(viewer, model)
        }
        self._past_names = None
        if since is not None and self._names:
            references = (
                RowReference(model, name.pk, model._meta.label_lower, str(name.pk))
                for model, names in self._names.items()
                for name in names.values()
            )
            self._past_names = PastNames(references, since=since, viewer=viewer)

    def format(
        self,
        model: type[models.Model],
        name: str,
        value: str,
        precision: str = "",
        *,
        position: int | None = None,
    ) -> str:
        """Return the stored ``value`` of a field as text or safe HTML (SafeString).

        ``precision`` is that of a date (``day``, ``month`` or ``year``), or "" for a
        field whose dates are always exact. ``position`` is that of the audit entry: a
        related row has the name that it had then.
        """
        field = _get_field(model, name)
        if field is None or not value:
            return value
        if field.is_relation:
            return self._format_related(field, value, position)
        if name in getattr(model, "language_code_fields", ()):
            return _format_languages(value)
        if field.flatchoices:
            labels = {str(code): str(label) for code, label in field.flatchoices}
            return labels.get(value, value)
        if precision and isinstance(field, models.DateField):
            return _format_date_with_precision(value, precision)
        return _format_scalar(field, value)

    def _format_related(
        self, field: models.Field, value: str, position: int | None
    ) -> str:
        names = self._names.get(field.related_model, {})
        references = _SEPARATOR.split(value)
        if not any(reference in names for reference in references):
            return value
        labels = (
            (
                self._get_label(field.related_model, names[reference], position)
                if reference in names
                else reference,
            )
            for reference in references
        )
        return format_html_join("; ", "{}", labels)

    def _get_label(
        self, model: type[models.Model], name: "_RelatedName", position: int | None
    ) -> str:
        past_name = ""
        if self._past_names is not None and position is not None:
            past_name = self._past_names.get(model, name.pk, position)
        return _append_key(past_name or name.name, name.key)


@dataclass(frozen=True)
class _RelatedName:
    """Present name of a related row, and its public key, "" if it has none."""

    pk: int
    name: str
    key: str


def _get_field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None  # the field was removed from the code


def _load_display_names(
    model: type[models.Model], references: set[str], viewer
) -> dict[str, _RelatedName]:
    """Return the display names of related rows by their stored reference.

    A reference is the public key of a row, or ``#`` and its primary key.
    """
    matches = map(_PRIMARY_KEY_REFERENCE.fullmatch, references)
    pks = [int(match[1]) for match in matches if match]
    condition = models.Q(pk__in=pks)
    key_field = get_public_key_field(model)
    if key_field:
        column = model._meta.get_field(key_field)
        is_number = isinstance(column, models.IntegerField)
        keys = [
            reference
            for reference in references
            if not is_number or re.fullmatch("[0-9]{1,9}", reference)
        ]
        condition |= models.Q(**{f"{key_field}__in": keys})
    names = {}
    for row, name in iterate_display_names(
        models.QuerySet(model).filter(condition), viewer
    ):
        key = str(getattr(row, key_field)) if key_field else ""
        related_name = _RelatedName(row.pk, name, key)
        names[f"#{row.pk}"] = related_name
        if key_field:
            names[key] = related_name
    return names


def _append_key(name: str, key: str) -> str:
    if not key or key == name:
        return name
    return _("%(name)s (%(key)s)") % {"name": name, "key": key}


def _format_languages(value: str) -> str:
    """Return the names of languages, separated by "; ".

    ``value`` is a JSON list of codes, a list separated by semicolons as in
    spreadsheets, or a single code.
    """
    try:
        codes = json.loads(value)
    except ValueError:
        codes = _SEPARATOR.split(value)
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        return value
    language = get_active_language()
    return "; ".join(str(get_language_name(code, language)) or code for code in codes)


def _format_scalar(field: models.Field, value: str) -> str:
    for field_class, formatter in _FORMATTERS:
        if isinstance(field, field_class):
            try:
                return formatter(value)
            except (ValueError, InvalidOperation, OverflowError):
                return value
    return value


def _format_boolean(value: str) -> str:
    if value in _TRUE_VALUES:
        return _("Yes")
    return _("No") if value in _FALSE_VALUES else value


def _format_datetime(value: str) -> str:
    """Format an ISO 8601 time; one without offset, as typed in a form, is local."""
    at = dt.datetime.fromisoformat(value)
    local_time = timezone.localtime(at) if timezone.is_aware(at) else at
    return date_format(local_time, "DATETIME_FORMAT")


def _format_date(value: str) -> str:
    return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")


def _format_date_with_precision(value: str, precision: str) -> str:
    """Format an ISO 8601 date to its precision; return another value unchanged."""
    try:
        return format_known_date(dt.date.fromisoformat(value), precision)
    except ValueError:
        return value


def _format_time(value: str) -> str:
    return date_format(dt.time.fromisoformat(value), "TIME_FORMAT")


def _format_decimal(value: str) -> str:
    return format(Decimal(value), "f")


# DateTimeField is a subclass of DateField, so it must be listed before DateField.
_FORMATTERS: tuple[tuple[type[models.Field], Callable[[str], str]], ...] = (
    (models.BooleanField, _format_boolean),
    (models.DateTimeField, _format_datetime),
    (models.DateField, _format_date),
    (models.TimeField, _format_time),
    (models.DecimalField, _format_decimal),
)
