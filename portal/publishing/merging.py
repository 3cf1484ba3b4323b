"""Two people at one record: what the colleague changed meanwhile, beside one's own."""

import datetime as dt
from dataclasses import dataclass, replace

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from portal.history.models import Deed
from portal.history.telling import field_label
from portal.history.values import Values


@dataclass(frozen=True)
class Conflict:
    """A field that a colleague changed since the form was opened.

    ``opened`` is what it said then, ``theirs`` what the colleague wrote, ``yours`` what
    the refused form says.
    """

    name: str
    label: str
    opened: str
    theirs: str
    yours: str

    @property
    def is_untouched(self) -> bool:
        """Only the colleague changed it."""
        return _same(self.yours, self.opened)


def conflicts(record: models.Model, data, *, since: dt.datetime) -> list[Conflict]:
    """What others changed in ``record`` since ``since``, beside the ``data`` of a form.

    Earlier changes of a field come first into one: ``opened`` is the oldest value.
    """
    found: dict[str, Conflict] = {}
    model = record._meta.label_lower
    deeds = Deed.objects.about(record).filter(at__gt=since, model=model)
    for deed in reversed(deeds):
        for change in deed.changes:
            if "old" not in change:
                continue
            field, language = change["field"], change["language"]
            name = build_localized_fieldname(field, language) if language else field
            first = found.get(name)
            found[name] = Conflict(
                name,
                field_label(type(record), field, language),
                first.opened if first else change["old"],
                change["new"],
                "; ".join(data.getlist(name)),
            )
    return list(found.values())


def in_words(record: models.Model, found: list[Conflict], *, reader) -> list[Conflict]:
    """The conflicts of ``record`` as a page tells them to ``reader`` (a user)."""
    model = type(record)
    alike = [replace(one, yours=_as_kept(model, one)) for one in found]
    versions = [(one, (one.opened, one.theirs, one.yours)) for one in alike]
    values = Values(
        ((model, one.name, text) for one, texts in versions for text in texts), reader
    )
    return [
        Conflict(
            one.name,
            one.label,
            *(values.told(model, one.name, text) for text in texts),
        )
        for one, texts in versions
    ]


def _as_kept(model: type[models.Model], one: Conflict) -> str:
    """What a browser sent, as the history would keep it."""
    try:
        field = model._meta.get_field(one.name)
    except FieldDoesNotExist:
        return one.yours  # it is gone; its history stays
    if field.is_relation and one.yours:
        return "; ".join(f"#{pk}" for pk in one.yours.split("; "))
    if isinstance(field, models.BooleanField) and not field.null:
        return "true" if one.yours else "false"
    return one.yours


def merge(form: forms.ModelForm, found: list[Conflict], stamp: str) -> None:
    """Let the refused form say the colleague's words where only the colleague wrote.

    Saved once more it is taken: it now carries the ``stamp`` of what was shown.
    """
    data = form.data.copy()
    for one in found:
        is_text = isinstance(form.fields.get(one.name), forms.CharField)
        if is_text and one.is_untouched:
            data[form.add_prefix(one.name)] = one.theirs
    data[form.add_prefix("seen")] = stamp
    form.data = data


def _same(one: str, other: str) -> bool:
    # A browser sends line ends in its own way.
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
