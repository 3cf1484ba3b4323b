"""Normalised values of form fields, for comparison of form data.

Values are compared after ``to_python``: a Chinese form contains 2025/05/01 for the
stored date 2025-05-01, and browsers submit line ends as CRLF.
"""

import decimal
from collections.abc import Iterator
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict

# JSON form of a value: text, or a list for fields with several parts or keys.
Value = str | list
# ``to_python`` would query the database for the row, or change the spelling of JSON.
_UNPARSED_FIELDS = (
    forms.ModelChoiceField,
    forms.MultipleChoiceField,
    forms.JSONField,
)


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
        key = add_prefix(prefix, name)
        inputs = _get_inputs(field.widget, key, value)
        if field.show_hidden_initial:
            inputs |= _get_inputs(field.hidden_widget(), f"initial-{key}", value)
        for input_name, texts in inputs.items():
            data.setlist(input_name, texts)


def get_initial_values(form: forms.BaseForm) -> dict[str, Value]:
    """Return the initial values of ``form`` in normalised form, by field name."""
    data = QueryDict(mutable=True)
    set_unchanged_values(form, data, prefix="")
    return get_posted_values(form, data, "")


def get_posted_values(
    form: forms.BaseForm, data: QueryDict, prefix: str
) -> dict[str, Value]:
    """Return the values of ``form`` in ``data`` in normalised form, by field name.

    The value of invalid input is that input.
    """
    values = {}
    for name, field in iterate_editable_fields(form):
        key = add_prefix(prefix, name)
        raw = field.widget.value_from_datadict(data, {}, key)
        values[name] = _normalize(field, raw)
    return values


def copy_inputs(form, name: str, posted, posted_prefix: str, data, prefix: str) -> None:
    """Copy the submitted inputs of a field to ``data``, under another form prefix."""
    widget = form.fields[name].widget
    inputs = _get_inputs(widget, add_prefix(prefix, name), None)
    posted_inputs = _get_inputs(widget, add_prefix(posted_prefix, name), None)
    for input_name, posted_input in zip(inputs, posted_inputs, strict=True):
        data.setlist(input_name, posted.getlist(posted_input))


def _get_inputs(widget: forms.Widget, name: str, value) -> dict[str, list[str]]:
    """Return the HTML inputs of a widget and what a browser submits for ``value``.

    An input for which nothing is submitted, such as an empty checkbox, has no texts.
    """
    # The admin wraps the widgets of relations in a RelatedFieldWidgetWrapper.
    widget = getattr(widget, "widget", widget)
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)
        inputs = {}
        for part_widget, suffix, part in zip(
            widget.widgets, widget.widgets_names, parts, strict=True
        ):
            inputs |= _get_inputs(part_widget, name + suffix, part)
        return inputs
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    formatted = widget.format_value(value)
    if not isinstance(formatted, (list, tuple)):
        formatted = ["" if formatted is None else formatted]
    return {name: [str(text) for text in formatted]}


def _normalize(field: forms.Field, raw) -> Value:
    if isinstance(field, forms.MultiValueField):
        parts = raw or [None] * len(field.fields)
        pairs = zip(field.fields, parts, strict=True)
        return [_normalize(subfield, part) for subfield, part in pairs]
    if isinstance(raw, (list, tuple)):
        return sorted(map(str, raw))
    if not isinstance(field, _UNPARSED_FIELDS):
        with suppress(ValidationError):
            raw = field.to_python(raw)
    if isinstance(raw, decimal.Decimal):
        raw = f"{raw.normalize():f}"
    return "" if raw is None else str(raw).replace("\r\n", "\n").strip()
