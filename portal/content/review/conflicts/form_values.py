"""Normalised values of form fields, for comparison of form data.

Values are compared after ``to_python``: a Chinese form contains 2025/05/01 for the
stored date 2025-05-01, and browsers submit line ends as CRLF.
"""

import datetime as dt
import decimal
import json
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict

# JSON form of a value: text, or a list for fields with several parts or keys.
Value = str | list
_CHOICE_FIELDS = (forms.ModelChoiceField, forms.MultipleChoiceField)


def iterate_editable_fields(form: forms.BaseForm) -> Iterator[tuple[str, forms.Field]]:
    """Yield name and field of the form fields that a user can edit.

    Disabled, hidden and file fields and the deletion checkbox are left out.
    """
    for name, field in form.fields.items():
        is_technical = field.disabled or field.widget.is_hidden
        if is_technical or isinstance(field, forms.FileField):
            continue
        if name != DELETION_FIELD_NAME:
            yield name, field


def add_prefix(prefix: str, name: str) -> str:
    return f"{prefix}-{name}" if prefix else name


def set_unchanged_values(form: forms.BaseForm, data: QueryDict, *, prefix: str) -> None:
    """Write the values into ``data`` that a browser submits for an unchanged form."""
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        widgets = {add_prefix(prefix, name): field.widget}
        if field.show_hidden_initial:
            hidden = field.hidden_widget()
            widgets[f"initial-{add_prefix(prefix, name)}"] = hidden
        for key, widget in widgets.items():
            for input_name in get_input_names(widget, key):
                data.pop(input_name, None)
            for input_name, input_values in _get_submitted_values(
                widget, key, value
            ).items():
                data.setlist(input_name, input_values)


def get_initial_values(form: forms.BaseForm) -> dict[str, Value]:
    """Return the initial values of ``form`` in normalised form, by field name."""
    data = QueryDict(mutable=True)
    set_unchanged_values(form, data, prefix="")
    return {
        name: get_normalized_value(field, data, name)
        for name, field in iterate_editable_fields(form)
    }


def get_normalized_value(field: forms.Field, data: QueryDict, name: str) -> Value:
    """Return the normalised value of ``field`` in ``data``, as text or list.

    Returns the raw input if it is invalid.
    """
    return _normalize(field, field.widget.value_from_datadict(data, {}, name))


def get_input_names(widget: forms.Widget, name: str) -> list[str]:
    """Return the names of the HTML inputs that ``widget`` renders."""
    widget = _unwrap_widget(widget)
    if isinstance(widget, forms.MultiWidget):
        return [name + suffix for suffix in widget.widgets_names]
    return [name]


def _unwrap_widget(widget: forms.Widget) -> forms.Widget:
    # The admin wraps the widgets of relations in a RelatedFieldWidgetWrapper.
    return getattr(widget, "widget", widget)


def _get_submitted_values(
    widget: forms.Widget, name: str, value
) -> dict[str, list[str]]:
    widget = _unwrap_widget(widget)
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)
        submitted = {}
        for subwidget, suffix, part in zip(
            widget.widgets, widget.widgets_names, parts, strict=True
        ):
            submitted |= _get_submitted_values(subwidget, name + suffix, part)
        return submitted
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"]} if widget.check_test(value) else {}
    formatted = widget.format_value(value)
    if isinstance(formatted, (list, tuple)):
        return {name: [str(item) for item in formatted]} if formatted else {}
    return {name: ["" if formatted is None else str(formatted)]}


def _normalize(field: forms.Field, raw) -> Value:
    if isinstance(field, forms.MultiValueField):
        parts = raw or [None] * len(field.fields)
        pairs = zip(field.fields, parts, strict=True)
        return [_normalize(subfield, part) for subfield, part in pairs]
    if isinstance(raw, (list, tuple)):
        return sorted(map(str, raw))
    if isinstance(field, _CHOICE_FIELDS):
        # ``to_python`` would query the database for the row.
        return _normalize_text(raw)
    try:
        value = field.to_python(raw)
    except ValidationError:
        return _normalize_text(raw)
    if isinstance(field, forms.JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return _normalize_text(value)


def _normalize_text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
