"""Deeds in the words of a reader: labels of fields, names of languages, values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
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


def told_changes(deeds: Sequence[Deed]) -> Iterator[tuple[Deed, list[ToldChange]]]:
    """Each deed with its changes; erased personal values are told as erased."""
    values = {
        (one.deed_id, one.field, one.language): one
        for one in PersonalValue.objects.filter(deed__in=deeds)
    }
    for deed in deeds:
        yield deed, [_told(deed, change, values) for change in deed.changes]


def _told(deed: Deed, change: dict, values: dict) -> ToldChange:
    field, language = change["field"], change["language"]
    label = field_label(deed.model, field, language)
    tag = BY_CODE[language].tag if language in BY_CODE else ""
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
        name = str(apps.get_model(model)._meta.get_field(field).verbose_name)
    except (LookupError, FieldDoesNotExist, AttributeError):
        name = field  # the field or its model is gone; its history stays
    own_name = BY_CODE[language].own_name if language in BY_CODE else ""
    return f"{capfirst(name)} ({own_name})" if own_name else capfirst(name)
