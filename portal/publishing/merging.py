"""Two people at one record: what the colleague changed meanwhile, beside one's own."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from portal.history.models import Deed
from portal.history.telling import field_label


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
