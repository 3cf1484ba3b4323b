"""What a colleague changed meanwhile in the words of the page: fields, rows, values,
who and when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from modeltranslation.utils import build_localized_fieldname

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import language_of, name_of
from portal.history.telling import field_label
from portal.publishing.choices import Precision
from portal.publishing.merging.merge import Found
from portal.publishing.merging.opened import Said
from portal.publishing.merging.values import Value
from portal.translations.dates import known_date

# So many deeds are searched for who changed what, the latest first.
_SEARCHED = 500


@dataclass(frozen=True)
class Conflict:
    """Something that a colleague changed since the form was opened.

    ``opened`` is what it said then, ``theirs`` what ``who`` wrote at ``at``, ``yours``
    what the refused form said. ``is_taken``: the form says the colleague's words now.
    """

    name: str
    label: str
    opened: str
    theirs: str
    yours: str
    is_taken: bool
    who: object
    at: dt.datetime | None


class Teller:
    """Tells what was found in the form of ``record``.

    Takes one query for the history and one for each relation that is told of, however
    many rows there are.
    """

    def __init__(self, record: models.Model, *, since: dt.datetime | None):
        self.record = record
        deeds = Deed.objects.about(record).select_related("by")
        if since is not None:
            deeds = deeds.filter(at__gt=since)
        self.deeds = list(deeds[:_SEARCHED])
        self.authors = _authors(self.deeds)
        self.names: dict[tuple[type, str], dict[str, str]] = {}

    @property
    def latest(self) -> tuple[object, dt.datetime | None]:
        """Who changed the record last, and when."""
        if self.deeds:
            return self.deeds[0].by, self.deeds[0].at
        return self.record.updated_by, self.record.updated_at

    def tell(self, found: Sequence[Found]) -> list[Conflict]:
        self.names = _names(found)
        return [self._told(one) for one in found]

    def _told(self, one: Found) -> Conflict:
        who, at = self._author(one)
        label = _label(one.form, one.name) if one.name else ""
        return Conflict(
            one.name,
            " · ".join(filter(None, (one.title, label))),
            self._text(one, one.opened, is_gone=False),
            self._text(one, one.theirs, is_gone=True),
            self._text(one, one.yours, is_gone=one.opened is not None),
            one.is_taken,
            who,
            at,
        )

    def _author(self, one: Found) -> tuple[object, dt.datetime | None]:
        model = getattr(one.form, "instance", self.record)._meta.label_lower
        row = str(self.record.pk) if one.row is None else one.row
        for name in (one.name, ""):
            if (model, row, name) in self.authors:
                return self.authors[model, row, name]
        return self.latest

    def _text(self, one: Found, said: Said | None, *, is_gone: bool) -> str:
        if said is None:
            return f"({Verb.DELETED.label})" if is_gone and not one.name else ""
        if one.name:
            return self._value(one.form, one.name, said)
        told = {
            _label(one.form, name): self._value(one.form, name, said)
            for name in said
            if name in one.form.fields
        }
        return "\n".join(f"{label}: {text}" for label, text in told.items() if text)

    def _value(self, form: forms.BaseForm, name: str, said: Said) -> str:
        field, value = form.fields[name], said[name]
        model = getattr(form, "instance", None)
        precision = said.get(getattr(model, "date_precisions", {}).get(name))
        if precision in (Precision.MONTH, Precision.YEAR):
            return _as_known(value, precision)
        if isinstance(field, forms.ModelChoiceField):
            known = self.names.get((type(form), name), {})
            return "; ".join(known.get(pk, f"#{pk}") for pk in _listed(value))
        return _text(field, value)


def _text(field: forms.Field, value: Value) -> str:
    if isinstance(field, forms.MultiValueField):
        parts = zip(field.fields, value, strict=False)
        return " ".join(filter(None, (_text(inner, part) for inner, part in parts)))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in _flat(field.choices)}
        return "; ".join(labels.get(one, one) for one in _listed(value))
    if isinstance(field, forms.BooleanField):
        return yesno(value == "True")
    if isinstance(field, (forms.DateField, forms.TimeField, forms.DateTimeField)):
        return _moment(field, value)
    return str(value)


def _as_known(value: str, precision: str) -> str:
    try:
        return known_date(dt.date.fromisoformat(value), precision)
    except ValueError:
        return value


def _moment(field: forms.Field, value: str) -> str:
    try:
        return str(field.widget.format_value(field.to_python(value)) or "")
    except forms.ValidationError:
        return value


def _flat(choices) -> list[tuple]:
    found = []
    for key, label in choices:
        found += label if isinstance(label, (list, tuple)) else [(key, label)]
    return found


def _listed(value: Value) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _names(found: Sequence[Found]) -> dict[tuple[type, str], dict[str, str]]:
    """The rows that are named, as the form names them; only those that it offers."""
    keys: dict[tuple[type, str], set[str]] = {}
    fields: dict[tuple[type, str], forms.ModelChoiceField] = {}
    for one in found:
        for said in filter(None, (one.opened, one.theirs, one.yours)):
            for name, value in said.items():
                field = one.form.fields.get(name)
                if isinstance(field, forms.ModelChoiceField):
                    fields[type(one.form), name] = field
                    keys.setdefault((type(one.form), name), set()).update(
                        pk for pk in _listed(value) if pk.isdecimal() and len(pk) < 19
                    )
    return {
        key: {
            str(row.pk): field.label_from_instance(row)
            for row in field.queryset.filter(pk__in=keys[key])
        }
        for key, field in fields.items()
        if keys[key]
    }


def _authors(deeds: Sequence[Deed]) -> dict[tuple[str, str, str], tuple]:
    """Who changed each field last, and each row, with when."""
    found = {}
    for deed in deeds:
        told = (deed.by, deed.at)
        for change in deed.changes:
            field, language = change["field"], change["language"]
            name = build_localized_fieldname(field, language) if language else field
            found.setdefault((deed.model, deed.row, name), told)
        found.setdefault((deed.model, deed.row, ""), told)
    return found


def _label(form: forms.BaseForm, name: str) -> str:
    """What the form calls a field, with the language's own name behind it."""
    instance = getattr(form, "instance", None)
    try:
        column = instance._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return capfirst(str(form.fields[name].label or name))
    model = type(instance)
    if column.many_to_many:
        return field_label(model, name, "")
    return field_label(model, name_of(column), language_of(column))
