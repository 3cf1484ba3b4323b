"""A list as it stands at the desk: of rows that no spreadsheet brings in.

Its file has the columns that the list shows to this person, as text.
"""

import datetime as dt
from collections.abc import Iterator

from django.contrib.admin.utils import (
    display_for_field,
    display_for_value,
    label_for_field,
    lookup_field,
)
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.accounts.discretion import models_on
from portal.publishing.resources import AT_ONCE


def rows_shown(changelist: ChangeList, pks: list[int]) -> Iterator[list[str]]:
    """The headings, then the rows ``pks`` in their order, as the list shows them."""
    model_admin = changelist.model_admin
    names = [name for name in changelist.list_display if name != "action_checkbox"]
    yield [
        capfirst(str(label_for_field(name, changelist.model, model_admin)))
        for name in names
    ]
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        found = {row.pk: row for row in changelist.queryset.filter(pk__in=some)}
        for pk in some:
            if pk in found:
                yield [_cell(name, found[pk], model_admin) for name in names]


def is_personal_list(model_admin) -> bool:
    """Whether its rows tell of persons, by themselves or by what they point to."""
    reached = {model_admin.model}
    for name in (*model_admin.list_display, *(model_admin.list_select_related or ())):
        if isinstance(name, str):
            reached.update(models_on(model_admin.model, name))
    return any(getattr(model, "personal_fields", ()) for model in reached)


def _cell(name: str, row: models.Model, model_admin) -> str:
    field, attribute, value = lookup_field(name, row, model_admin)
    if hasattr(attribute, "iso"):  # A date that may not be known to the day.
        return attribute.iso(row)
    if field is None and not getattr(attribute, "boolean", False):
        return strip_tags(str(display_for_value(value, "")))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return ""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, models.Model):
        return str(value)
    return strip_tags(str(display_for_field(value, field, "")))
