"""Three-way merge of a form: baseline, saved version and submitted version.

A field changed only by the colleague takes the saved value; a field changed by both
keeps the submitted value. Every difference is listed as a Conflict.
"""

import re
from dataclasses import dataclass

from django import forms
from django.db import models
from django.forms.formsets import (
    DELETION_FIELD_NAME,
    INITIAL_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import QueryDict
from django.utils.text import capfirst

from portal.content.review.conflicts.baseline import FormValues
from portal.content.review.conflicts.form_values import (
    copy_inputs,
    get_initial_values,
    get_posted_values,
    set_unchanged_values,
)


@dataclass(frozen=True)
class Conflict:
    """Difference between the saved version of a form and its baseline.

    ``model`` is that of the record or inline row, ``title`` the name of the form or
    row, and ``field_name`` is "" if the whole row was added or deleted. ``baseline``,
    ``theirs`` (saved) and ``yours`` (submitted) are the values of all fields of
    ``form``; None means that the row did not exist or that the values are unknown.
    ``uses_theirs`` is True if the merged form contains the saved version.
    """

    model: type[models.Model]
    form: forms.BaseForm
    title: str
    field_name: str
    baseline: FormValues | None
    theirs: FormValues | None
    yours: FormValues | None
    uses_theirs: bool


class FormMerge:
    """Merge of the submitted data of a page into the saved version of ``record``.

    ``data`` is the merged data and ``conflicts`` lists the differences.
    """

    def __init__(self, record: models.Model, posted: QueryDict):
        self.record, self.posted, self.data = record, posted, posted.copy()
        self.conflicts: list[Conflict] = []

    def merge_form(self, form: forms.BaseForm, baseline: FormValues, title: str):
        """Merge a form that is not an inline row.

        ``form`` has the saved values, ``baseline`` the values when the user opened the
        form. Of a field that is not in the baseline the saved value wins.
        """
        prefix = form.prefix or ""
        self.conflicts += self._merge_fields(form, baseline, prefix, prefix, title)

    def merge_formset(
        self,
        formset,
        baseline: dict[str, FormValues],
        *,
        can_change: bool,
        can_add: bool,
    ) -> None:
        """Merge an inline formset, which has the saved rows.

        The merged formset has first the saved rows, then rows that the colleague
        deleted but the user changed, then the user's new rows. Without ``can_change``
        the submitted rows are ignored, without ``can_add`` no deleted row is kept.
        """
        posted_rows, new_rows = self._find_posted_rows(formset, can_change)
        row_pattern = re.compile(rf"(initial-)?{re.escape(formset.prefix)}-\d+-")
        for key in list(filter(row_pattern.match, self.data)):
            del self.data[key]
        saved_forms = {str(form.instance.pk): form for form in formset.initial_forms}
        for number, (pk, form) in enumerate(saved_forms.items()):
            prefix, posted_prefix = f"{formset.prefix}-{number}", posted_rows.get(pk)
            self._merge_row(form, baseline.get(pk), posted_prefix, prefix)
        added_rows = []
        for pk, opened in (dict.fromkeys(posted_rows) | baseline).items():
            if pk in saved_forms:
                continue
            form, yours, posted_prefix = formset.empty_form, opened, posted_rows.get(pk)
            if posted_prefix is not None:
                yours = get_posted_values(form, self.posted, posted_prefix)
            is_deleted = f"{posted_prefix}-{DELETION_FIELD_NAME}" in self.posted
            is_changed = any(
                value != yours[name]
                for name, value in (opened or {}).items()
                if name in yours
            )
            is_kept = can_add and is_changed and not is_deleted
            if is_kept:
                added_rows.append(posted_prefix)
            self._add_row_conflict(form, opened, None, yours, uses_theirs=not is_kept)
        added_rows += new_rows
        for number, posted_prefix in enumerate(added_rows, len(saved_forms)):
            prefix = f"{formset.prefix}-{number}"
            self._copy_row(posted_prefix, prefix)
            self.data[f"{prefix}-{formset.model._meta.pk.name}"] = ""
        total = len(saved_forms) + len(added_rows)
        self.data[f"{formset.prefix}-{INITIAL_FORM_COUNT}"] = str(len(saved_forms))
        self.data[f"{formset.prefix}-{TOTAL_FORM_COUNT}"] = str(total)

    def _merge_row(self, form, opened, posted_prefix, prefix) -> None:
        """Merge a saved row; ``opened`` is None if the colleague added it."""
        title, theirs = _get_row_title(form), get_initial_values(form)
        conflicts = self._merge_fields(form, opened or {}, posted_prefix, prefix, title)
        is_deleted = f"{posted_prefix}-{DELETION_FIELD_NAME}" in self.posted
        if opened is None and posted_prefix is None:
            self._add_row_conflict(form, None, theirs, None, uses_theirs=True)
        elif opened is None or not is_deleted:
            self.conflicts += conflicts
        else:
            self.data[f"{prefix}-{DELETION_FIELD_NAME}"] = "on"
            if conflicts:
                self._add_row_conflict(form, opened, theirs, None, uses_theirs=False)

    def _merge_fields(
        self, form, baseline: FormValues, posted_prefix: str | None, prefix: str, title
    ) -> list[Conflict]:
        """Write the merged form into the data, with ``prefix``; return its conflicts.

        ``posted_prefix`` is the prefix of the submitted form, None if it was not
        submitted.
        """
        theirs, yours, conflicts = get_initial_values(form), baseline, []
        if posted_prefix is not None:
            yours = get_posted_values(form, self.posted, posted_prefix)
        set_unchanged_values(form, self.data, prefix=prefix)
        for name, saved in theirs.items():
            opened = baseline.get(name, yours.get(name))
            is_own_change = yours.get(name) not in (opened, saved)
            if is_own_change:
                copy_inputs(form, name, self.posted, posted_prefix, self.data, prefix)
            if saved != opened:
                versions = (baseline if name in baseline else None), theirs, yours
                model = type(getattr(form, "instance", self.record))
                difference = model, form, title, name, *versions, not is_own_change
                conflicts.append(Conflict(*difference))
        return conflicts

    def _add_row_conflict(self, form, baseline, theirs, yours, *, uses_theirs):
        row = type(form.instance), form, _get_row_title(form)
        self.conflicts.append(Conflict(*row, "", baseline, theirs, yours, uses_theirs))

    def _find_posted_rows(self, formset, can_change) -> tuple[dict[str, str], list]:
        """Return the prefixes of submitted rows by primary key, and of new rows."""
        total = self.posted.get(f"{formset.prefix}-{TOTAL_FORM_COUNT}", "")
        is_valid = can_change and re.fullmatch("[0-9]{1,6}", total)
        count = int(total) if is_valid else 0
        rows, new_rows = {}, []
        for index in range(min(count, formset.absolute_max)):
            prefix = f"{formset.prefix}-{index}"
            pk = self.posted.get(f"{prefix}-{formset.model._meta.pk.name}")
            if pk:
                rows[pk] = prefix
            else:
                new_rows.append(prefix)
        return rows, new_rows

    def _copy_row(self, posted_prefix: str, prefix: str) -> None:
        for key in self.posted:
            for marker in ("", "initial-"):
                if key.startswith(f"{marker}{posted_prefix}-"):
                    name = key.removeprefix(f"{marker}{posted_prefix}-")
                    new_key = f"{marker}{prefix}-{name}"
                    self.data.setlist(new_key, self.posted.getlist(key))


def _get_row_title(form: forms.BaseForm) -> str:
    label = capfirst(str(form.instance._meta.verbose_name))
    return f"{label} · {form.instance}" if form.instance.pk else label
