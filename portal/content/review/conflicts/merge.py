"""Three-way merge of a form: baseline, saved version and submitted version.

A field changed only by the colleague takes the saved value; a field changed by both
keeps the submitted value. Every difference is returned as a FieldConflict.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.formsets import (
    DELETION_FIELD_NAME,
    INITIAL_FORM_COUNT,
    TOTAL_FORM_COUNT,
)
from django.http import QueryDict
from django.utils.text import capfirst

from portal.content.review.conflicts.baseline import FormValues
from portal.content.review.conflicts.form_values import (
    add_prefix,
    get_initial_values,
    get_input_names,
    get_normalized_value,
    iterate_editable_fields,
    set_unchanged_values,
)


@dataclass(frozen=True)
class FieldConflict:
    """Difference between the saved version of a form and its baseline.

    ``row_key`` is the primary key of an inline row, None for the record itself.
    ``title`` is the name of that row, and ``field_name`` is "" if the whole row was
    added or deleted. ``baseline``, ``theirs`` (saved) and ``yours`` (submitted) map
    fields of ``form`` to values, a date together with its precision; None means that
    the row did not exist or that the value is unknown. ``uses_theirs`` is True if the
    merged form contains the saved version.
    """

    form: forms.BaseForm
    row_key: str | None
    title: str
    field_name: str
    baseline: FormValues | None
    theirs: FormValues | None
    yours: FormValues | None
    uses_theirs: bool


def merge_fields(
    current_form: forms.BaseForm,
    baseline: FormValues | None,
    posted: QueryDict,
    data: QueryDict,
    *,
    title: str = "",
) -> list[FieldConflict]:
    """Merge a form into ``data`` and return its conflicts.

    ``current_form`` has the saved values, ``baseline`` the values when the user opened
    the form (None if unknown), and ``posted`` the submitted data. ``title`` is the name
    of the form in the conflicts. Without a baseline the saved version wins.
    """
    prefix = current_form.prefix or ""
    set_unchanged_values(current_form, data, prefix=prefix)
    yours = {
        name: get_normalized_value(field, posted, add_prefix(prefix, name))
        for name, field in iterate_editable_fields(current_form)
    }
    conflicts = list(_find_conflicts(current_form, baseline, yours, title=title))
    for name in _find_own_changes(current_form, baseline, yours):
        _copy_field(current_form, name, posted, prefix, data, prefix)
    return conflicts


def _find_own_changes(
    current_form: forms.BaseForm, baseline: FormValues | None, yours: FormValues
) -> list[str]:
    """Return the fields whose submitted value is the user's own change.

    That value differs from the baseline and from the saved value.
    """
    if baseline is None:
        return []
    theirs = get_initial_values(current_form)
    return [
        name
        for name, value in yours.items()
        if name in baseline and value != baseline[name] and value != theirs.get(name)
    ]


def _find_conflicts(
    current_form: forms.BaseForm,
    baseline: FormValues | None,
    yours: FormValues,
    *,
    row_key=None,
    title="",
) -> Iterator[FieldConflict]:
    """Yield a conflict for each field that the colleague changed.

    Without a baseline, each field whose saved and submitted values differ is a
    conflict.
    """
    own_changes = _find_own_changes(current_form, baseline, yours)
    all_theirs = get_initial_values(current_form)
    for name, theirs in all_theirs.items():
        is_known = baseline is not None and name in baseline
        if theirs == (baseline[name] if is_known else yours.get(name)):
            continue
        yield FieldConflict(
            current_form,
            row_key,
            title,
            name,
            _select_field_values(current_form, name, baseline) if is_known else None,
            _select_field_values(current_form, name, all_theirs),
            _select_field_values(current_form, name, yours),
            name not in own_changes,
        )


def _select_field_values(
    form: forms.BaseForm, name: str, values: FormValues
) -> FormValues:
    """Return the value of one field; for a date also that of its precision field."""
    precision_fields = getattr(getattr(form, "instance", None), "date_precisions", {})
    names = [name, precision_fields[name]] if name in precision_fields else [name]
    return {field_name: values.get(field_name, "") for field_name in names}


def _copy_field(form, name, posted, old_prefix: str, data, new_prefix: str) -> None:
    widget = form.fields[name].widget
    old_names = get_input_names(widget, add_prefix(old_prefix, name))
    new_names = get_input_names(widget, add_prefix(new_prefix, name))
    for old_name, new_name in zip(old_names, new_names, strict=True):
        data.pop(new_name, None)
        if old_name in posted:
            data.setlist(new_name, posted.getlist(old_name))


class FormsetMerge:
    """Three-way merge of the rows of an inline formset.

    The merged formset has first the saved rows, then rows that the colleague deleted
    but the user changed, then new rows of the user. ``formset`` contains the saved
    rows. Without ``can_change`` the submitted rows are ignored; without ``can_add`` a
    deleted row is not kept.
    """

    def __init__(
        self,
        formset,
        baseline,
        posted: QueryDict,
        data: QueryDict,
        *,
        can_change,
        can_add,
    ):
        self.formset, self.baseline, self.can_add = formset, baseline, can_add
        self.posted, self.data = posted, data
        self.posted_indexes: dict[str, int] = {}
        self.new_row_indexes: list[int] = []
        self.conflicts: list[FieldConflict] = []
        if can_change:
            self._find_posted()
        self.count = 0

    def merge(self) -> list[FieldConflict]:
        """Replace the formset's rows in ``data``; return the conflicts."""
        prefix = self.formset.prefix
        row_key_pattern = re.compile(rf"(initial-)?{re.escape(prefix)}-\d+-")
        for key in [key for key in self.data if row_key_pattern.match(key)]:
            del self.data[key]
        for current_form in self.formset.initial_forms:
            self._merge_row(current_form, str(current_form.instance.pk))
        self.data[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(self.count)
        saved_pks = {
            str(current_form.instance.pk) for current_form in self.formset.initial_forms
        }
        baseline_pks = self.posted_indexes if self.baseline is None else self.baseline
        for pk in baseline_pks:
            if pk not in saved_pks:
                self._merge_deleted_row(pk)
        for index in self.new_row_indexes:
            self._copy_row(index)
        self.data[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(self.count)
        return self.conflicts

    def _find_posted(self) -> None:
        prefix, pk_name = self.formset.prefix, self.formset.model._meta.pk.name
        total = self.posted.get(f"{prefix}-{TOTAL_FORM_COUNT}", "")
        count = int(total) if re.fullmatch("[0-9]{1,6}", total) else 0
        for index in range(min(count, self.formset.absolute_max)):
            pk = self.posted.get(f"{prefix}-{index}-{pk_name}", "")
            if pk:
                self.posted_indexes[pk] = index
            else:
                self.new_row_indexes.append(index)

    def _merge_row(self, current_form: forms.BaseForm, pk: str) -> None:
        """Merge a row that still exists in the database."""
        new_prefix = self._next_prefix()
        set_unchanged_values(current_form, self.data, prefix=new_prefix)
        row_baseline = (self.baseline or {}).get(pk)
        is_added = (
            pk not in self.posted_indexes
            if self.baseline is None
            else row_baseline is None
        )
        if is_added:
            self._add_row_conflict(
                current_form,
                pk,
                None,
                get_initial_values(current_form),
                None,
                uses_theirs=True,
            )
            return
        yours = self._get_posted_values(current_form, pk, row_baseline)
        conflicts = list(
            _find_conflicts(
                current_form,
                row_baseline,
                yours,
                row_key=pk,
                title=self._row_title(current_form),
            )
        )
        if self.baseline is not None and self._is_deleted(pk):
            self.data[add_prefix(new_prefix, DELETION_FIELD_NAME)] = "on"
            if conflicts:
                self._add_row_conflict(
                    current_form,
                    pk,
                    row_baseline,
                    get_initial_values(current_form),
                    None,
                    uses_theirs=False,
                )
            return
        self.conflicts += conflicts
        for name in _find_own_changes(current_form, row_baseline, yours):
            old_prefix = f"{self.formset.prefix}-{self.posted_indexes[pk]}"
            _copy_field(
                current_form, name, self.posted, old_prefix, self.data, new_prefix
            )

    def _merge_deleted_row(self, pk: str) -> None:
        """Report a row that the colleague deleted.

        If the user changed the row, and may add rows, the row is kept as a new row.
        """
        empty_form = self.formset.empty_form
        row_baseline = (self.baseline or {}).get(pk)
        yours = self._get_posted_values(empty_form, pk, row_baseline)
        is_changed = row_baseline is not None and any(
            value != row_baseline[name]
            for name, value in yours.items()
            if name in row_baseline
        )
        is_kept = self.can_add and is_changed and not self._is_deleted(pk)
        self._add_row_conflict(
            empty_form, pk, row_baseline, None, yours, uses_theirs=not is_kept
        )
        if is_kept:
            new_prefix = self._copy_row(self.posted_indexes[pk])
            self.data[add_prefix(new_prefix, self.formset.model._meta.pk.name)] = ""

    def _get_posted_values(
        self, form: forms.BaseForm, pk: str, row_baseline: FormValues | None
    ) -> FormValues:
        """Return the submitted values of a row.

        A row that was not submitted is unchanged and has the baseline values.
        """
        if pk not in self.posted_indexes:
            return row_baseline or {}
        old_prefix = f"{self.formset.prefix}-{self.posted_indexes[pk]}"
        return {
            name: get_normalized_value(field, self.posted, add_prefix(old_prefix, name))
            for name, field in iterate_editable_fields(form)
        }

    def _is_deleted(self, pk: str) -> bool:
        if pk not in self.posted_indexes or not self.formset.can_delete:
            return False
        old_prefix = f"{self.formset.prefix}-{self.posted_indexes[pk]}"
        return add_prefix(old_prefix, DELETION_FIELD_NAME) in self.posted

    def _copy_row(self, index: int) -> str:
        old_prefix = f"{self.formset.prefix}-{index}-"
        new_prefix = f"{self._next_prefix()}-"
        for key in self.posted:
            for marker in ("", "initial-"):
                if key.startswith(marker + old_prefix):
                    new_key = (
                        marker + new_prefix + key.removeprefix(marker + old_prefix)
                    )
                    self.data.setlist(new_key, self.posted.getlist(key))
        return new_prefix.removesuffix("-")

    def _next_prefix(self) -> str:
        self.count += 1
        return f"{self.formset.prefix}-{self.count - 1}"

    def _row_title(self, form: forms.BaseForm) -> str:
        label = capfirst(str(self.formset.model._meta.verbose_name))
        return f"{label} · {form.instance}" if form.instance.pk else label

    def _add_row_conflict(
        self, form, pk, baseline, theirs, yours, *, uses_theirs
    ) -> None:
        title = self._row_title(form)
        conflict = FieldConflict(
            form, pk, title, "", baseline, theirs, yours, uses_theirs
        )
        self.conflicts.append(conflict)
