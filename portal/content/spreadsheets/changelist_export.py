"""Export of changelists whose model has no spreadsheet resource.

The file contains the columns that the list displays to the user, as text.
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

from portal.content.spreadsheets.resources import QUERY_BATCH_SIZE
from portal.core.accounts.visibility import get_lookup_models


def iterate_changelist_rows(
    changelist: ChangeList, pks: list[int]
) -> Iterator[list[str]]:
    """Yield the headings, then the rows ``pks`` in order, as displayed."""
    model_admin = changelist.model_admin
    names = [name for name in changelist.list_display if name != "action_checkbox"]
    yield [
        capfirst(str(label_for_field(name, changelist.model, model_admin)))
        for name in names
    ]
    for start in range(0, len(pks), QUERY_BATCH_SIZE):
        batch = pks[start : start + QUERY_BATCH_SIZE]
        rows_by_pk = {row.pk: row for row in changelist.queryset.filter(pk__in=batch)}
        for pk in batch:
            if pk in rows_by_pk:
                yield [_cell(name, rows_by_pk[pk], model_admin) for name in names]


def changelist_has_personal_data(model_admin) -> bool:
    """Return whether the list contains personal data.

    Models that its columns refer to count too.
    """
    models_in_list = {model_admin.model}
    for name in (*model_admin.list_display, *(model_admin.list_select_related or ())):
        if isinstance(name, str):
            models_in_list.update(get_lookup_models(model_admin.model, name))
    return any(getattr(model, "personal_fields", ()) for model in models_in_list)


def _cell(name: str, row: models.Model, model_admin) -> str:
    field, attribute, value = lookup_field(name, row, model_admin)
    if hasattr(attribute, "iso"):  # A date with its precision.
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
