"""Deeds in the words of a reader: labels of fields, names of languages, values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.history.models import Deed, PersonalValue
from portal.languages import BY_CODE


@dataclass(frozen=True)
class ToldChange:
    """A change of one field: its label with the language, and what it said and says.

    ``language`` is the BCP 47 tag of the values, "" where they have none.
    """

    label: str
    old: str
    new: str
    language: str = ""


def told_changes(
    deeds: Sequence[Deed], *, reader
) -> Iterator[tuple[Deed, list[ToldChange]]]:
    """Each deed with its changes, as ``reader`` (a user) may know them.

    Erased personal values are told as erased. Who may not see the people of the
    register is told that something about them was changed, and not what.
    """
    values = {
        (one.deed_id, one.field, one.language): one
        for one in PersonalValue.objects.filter(deed__in=deeds)
    }
    for deed in deeds:
        yield deed, [_told(deed, change, values, reader) for change in deed.changes]


def told_note(deed: Deed, *, reader) -> str:
    """The reason that was given, unless it is about a person hidden from ``reader``."""
    model = _model_of(deed.model)
    return "" if model and _is_hidden(model, reader) else deed.note


def is_personal_to(model: type[models.Model], field: str, reader) -> bool:
    """Whether ``field`` of ``model`` tells of a person, hidden from ``reader``, of the
    register: a row about one, or a relation to one."""
    try:
        related = model._meta.get_field(field).related_model
    except FieldDoesNotExist:
        related = None
    return _is_hidden(model, reader) or bool(related and _is_hidden(related, reader))


def _is_hidden(model: type[models.Model], reader) -> bool:
    return hasattr(model, "personal_subject") and not _may_see(reader, model)


def _may_see(reader, model: type[models.Model]) -> bool:
    opts = model._meta
    names = (f"{opts.app_label}.{one}_{opts.model_name}" for one in ("view", "change"))
    return any(reader.has_perm(name) for name in names)


def _model_of(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None  # it is gone; its history stays


def _told(deed: Deed, change: dict, values: dict, reader) -> ToldChange:
    field, language = change["field"], change["language"]
    label = field_label(deed.model, field, language)
    tag = BY_CODE[language].tag if language in BY_CODE else ""
    model = _model_of(deed.model)
    is_withheld = "old" not in change and not (model and _may_see(reader, model))
    if is_withheld or (model and is_personal_to(model, field, reader)):
        return ToldChange(label, _("(personal data)"), _("(personal data)"))
    if "old" in change:
        return ToldChange(label, change["old"], change["new"], tag)
    value = values.get((deed.pk, field, language))
    if value is None:
        return ToldChange(label, _("(erased)"), _("(erased)"))
    return ToldChange(label, value.old, value.new, tag)


def field_label(model: str, field: str, language: str) -> str:
    """What the form calls a field of ``model`` (``seminars.seminar``), with the
    language's own name behind it."""
    try:
        name = str(_model_of(model)._meta.get_field(field).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        name = field  # the field or its model is gone; its history stays
    own_name = BY_CODE[language].own_name if language in BY_CODE else ""
    return f"{capfirst(name)} ({own_name})" if own_name else capfirst(name)
