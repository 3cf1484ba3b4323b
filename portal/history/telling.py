"""Deeds in the words of a reader: labels of fields, names of languages, values."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.history.comparing import FieldChange
from portal.history.models import Deed, PersonalValue
from portal.history.naming import is_hidden, kind_of_row, may_see, model_of, named
from portal.history.precisions import Precisions
from portal.history.values import Kept, Values
from portal.languages import BY_CODE

# A row is told from others by so many characters of its name.
_LENGTH = 80
_PK = re.compile("[0-9]{1,18}")

# In the place of a personal value that is gone.
_ERASED = gettext_lazy("(erased)")

# A model that is gone is None.
Model = type[models.Model] | None


@dataclass(frozen=True)
class ToldChange:
    """A change of one field: its label with the language, and what it said and says,
    HTML where that is safe.

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
    personal = {
        (one.deed_id, one.field, one.language): one
        for one in PersonalValue.objects.filter(deed__in=deeds)
    }
    precisions = Precisions(deeds)
    found = [
        (
            deed,
            model_of(deed.model),
            [_known(deed, one, personal, precisions) for one in deed.changes],
        )
        for deed in deeds
    ]
    values = values_for(
        ((model, one) for _deed, model, changes in found for one in changes), reader
    )
    for deed, model, changes in found:
        yield deed, [told_field(model, one, values, reader) for one in changes]


def told_rows(deeds: Sequence[Deed], *, reader) -> list[str]:
    """To which row each deed was done: ``Seminar session “Opening”``, by its number
    where it has no name or ``reader`` may not know it, and people as such only."""
    asked: dict[type[models.Model], set[int]] = defaultdict(set)
    for deed in deeds:
        model, record = model_of(deed.model), model_of(deed.record_model)
        if model and record and may_see(reader, record) and _PK.fullmatch(deed.row):
            asked[model].add(int(deed.row))
    names = {
        (model._meta.label_lower, str(pk)): name
        for model, pks in asked.items()
        for pk, name in names_of_rows(model, pks, reader=reader).items()
    }
    return [_row(deed, names.get((deed.model, deed.row), ""), reader) for deed in deeds]


def names_of_rows(
    model: type[models.Model], pks: Iterable[int], *, reader
) -> dict[int, str]:
    """Rows of ``model`` by the name that they have, and ``reader`` may know, now."""
    rows = models.QuerySet(model).filter(pk__in=pks)
    return {row.pk: name for row, name in named(rows, reader)}


def with_name(kind: str, name: str) -> str:
    """A row of the kind ``kind``, by its name."""
    if hasattr(name, "__html__"):
        return format_html("{} “{}”", capfirst(kind), name)
    return f"{capfirst(kind)} “{Truncator(name).chars(_LENGTH)}”"


def told_note(deed: Deed, *, reader) -> str:
    """The reason that was given, unless it is about a person hidden from ``reader``."""
    model = model_of(deed.model)
    return "" if model and is_hidden(model, reader) else deed.note


def values_for(changes: Iterable[tuple[Model, FieldChange]], reader) -> Values:
    """What is needed to tell all of ``changes`` to ``reader``."""
    return Values(_kept(changes, reader), reader)


def told_field(model: Model, change: FieldChange, values: Values, reader) -> ToldChange:
    """A change of one field of ``model``; that it was changed, where it is personal."""
    label = field_label(model, change.field, change.language)
    if _is_withheld(model, change, reader):
        return ToldChange(label, _("(personal data)"), _("(personal data)"))
    if change.old is _ERASED:
        return ToldChange(label, str(_ERASED), str(_ERASED))
    tag = BY_CODE[change.language].tag if change.language in BY_CODE else ""
    told = [change.old, change.new]
    if model:
        told = [
            values.told(model, change.field, value, precision)
            for value, precision in zip(told, change.precisions, strict=True)
        ]
    return ToldChange(label, *told, tag)


def is_personal_to(model: type[models.Model], field: str, reader) -> bool:
    """Whether ``field`` of ``model`` tells of a person, hidden from ``reader``, of the
    register: a row about one, or a relation to one."""
    try:
        related = model._meta.get_field(field).related_model
    except FieldDoesNotExist:
        related = None
    return is_hidden(model, reader) or bool(related and is_hidden(related, reader))


def field_label(model: Model, field: str, language: str) -> str:
    """What the form calls a field of ``model``, with the language's own name behind
    it."""
    try:
        name = str(model._meta.get_field(field).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        name = field  # the field or its model is gone; its history stays
    own_name = BY_CODE[language].own_name if language in BY_CODE else ""
    return f"{capfirst(name)} ({own_name})" if own_name else capfirst(name)


def _kept(changes, reader) -> Iterator[Kept]:
    for model, one in changes:
        if model and one.old is not _ERASED and not _is_withheld(model, one, reader):
            yield model, one.field, one.old
            yield model, one.field, one.new


def _is_withheld(model: Model, change: FieldChange, reader) -> bool:
    if change.is_personal and not (model and may_see(reader, model)):
        return True
    return bool(model) and is_personal_to(model, change.field, reader)


def _known(
    deed: Deed, change: dict, personal: dict, precisions: Precisions
) -> FieldChange:
    """A change as the chain holds it, with the personal values that stand beside."""
    field, language = change["field"], change["language"]
    if "old" in change:
        return FieldChange(
            field,
            language,
            change["old"],
            change["new"],
            precisions=precisions.of(deed, field),
        )
    value = personal.get((deed.pk, field, language))
    if value is None:
        return FieldChange(field, language, _ERASED, _ERASED, True)
    return FieldChange(field, language, value.old, value.new, True)


def _row(deed: Deed, name: str, reader) -> str:
    kind, model = kind_of_row(deed.model), model_of(deed.model)
    if name:
        return with_name(kind, name)
    if model and is_hidden(model, reader):
        return capfirst(kind)
    return f"{capfirst(kind)} #{deed.row}"
