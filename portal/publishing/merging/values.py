"""What a browser sends of a field, and what that says in any language of the interface.

A form in Chinese holds 2025/05/01 where the record holds 2025-05-01, and a browser ends
lines in its own way. So values are compared as their field reads them.
"""

import datetime as dt
import decimal
import json
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict

# As JSON holds it: text, or the parts or keys of a field that has several.
Value = str | list
_CHOSEN = (forms.ModelChoiceField, forms.MultipleChoiceField)


def compared(form: forms.BaseForm) -> Iterator[tuple[str, forms.Field]]:
    """The fields of ``form`` in which a person writes, by name; no files."""
    for name, field in form.fields.items():
        is_technical = field.disabled or field.widget.is_hidden
        if is_technical or isinstance(field, forms.FileField):
            continue
        if name != DELETION_FIELD_NAME:
            yield name, field


def html_name(prefix: str, name: str) -> str:
    return f"{prefix}-{name}" if prefix else name


def put_untouched(form: forms.BaseForm, data: QueryDict, *, prefix: str) -> None:
    """Let ``data`` say what a browser sends of ``form`` as it was opened."""
    for name, field in form.fields.items():
        value = field.prepare_value(form.get_initial_for_field(field, name))
        widgets = {html_name(prefix, name): field.widget}
        if field.show_hidden_initial:
            hidden = field.hidden_widget()
            widgets[f"initial-{html_name(prefix, name)}"] = hidden
        for key, widget in widgets.items():
            for one in names_sent(widget, key):
                data.pop(one, None)
            for one, sent in _sent(widget, key, value).items():
                data.setlist(one, sent)


def said(form: forms.BaseForm) -> dict[str, Value]:
    """What ``form`` says as it was opened, by field."""
    data = QueryDict(mutable=True)
    put_untouched(form, data, prefix="")
    return {name: read(field, data, name) for name, field in compared(form)}


def read(field: forms.Field, data: QueryDict, name: str) -> Value:
    """What ``data`` says of ``field``; as it was typed, where that says nothing."""
    return _read(field, field.widget.value_from_datadict(data, {}, name))


def names_sent(widget: forms.Widget, name: str) -> list[str]:
    """The names under which a browser sends what stands in ``widget``."""
    widget = _bare(widget)
    if isinstance(widget, forms.MultiWidget):
        return [name + suffix for suffix in widget.widgets_names]
    return [name]


def _bare(widget: forms.Widget) -> forms.Widget:
    # The admin wraps the widgets of relations.
    return getattr(widget, "widget", widget)


def _sent(widget: forms.Widget, name: str, value) -> dict[str, list[str]]:
    widget = _bare(widget)
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)
        found = {}
        for inner, suffix, part in zip(
            widget.widgets, widget.widgets_names, parts, strict=True
        ):
            found |= _sent(inner, name + suffix, part)
        return found
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"]} if widget.check_test(value) else {}
    shown = widget.format_value(value)
    if isinstance(shown, (list, tuple)):
        return {name: [str(one) for one in shown]} if shown else {}
    return {name: ["" if shown is None else str(shown)]}


def _read(field: forms.Field, raw) -> Value:
    if isinstance(field, forms.MultiValueField):
        parts = raw or [None] * len(field.fields)
        pairs = zip(field.fields, parts, strict=True)
        return [_read(inner, part) for inner, part in pairs]
    if isinstance(raw, (list, tuple)):
        return sorted(map(str, raw))
    if isinstance(field, _CHOSEN):
        # Without asking the database whether there is such a row.
        return _text(raw)
    try:
        value = field.to_python(raw)
    except ValidationError:
        return _text(raw)
    if isinstance(field, forms.JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return _text(value)


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
