"""ModelAdmin base class that detects concurrent edits of a record."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.content.review.conflicts.baseline import (
    get_record_version,
    load_baseline,
    sign_baseline,
)
from portal.content.review.conflicts.conflict_report import (
    ConflictDescription,
    describe,
)
from portal.content.review.conflicts.merge import FormMerge


@dataclass(frozen=True)
class MergeResult:
    """Merged data of a form that was rejected because of a concurrent edit.

    ``data`` replaces the submitted data: it contains the colleague's changes and the
    user's own. ``changed_by`` was the last to save the record, at ``changed_at``.
    """

    data: QueryDict
    conflicts: list[ConflictDescription]
    changed_by: object
    changed_at: dt.datetime | None


class EditConflictAdmin(admin.ModelAdmin):
    """ModelAdmin that merges a form with changes saved since it was opened.

    Such a form is rejected and shown again with the colleague's changes, including
    inlines and the public note of a correction. The form class needs a hidden field
    ``seen`` for the signed baseline and must reject itself if its attribute
    ``merge_result`` is set.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not (change and obj is not None and request.method == "POST"):
            return form
        merge_result = self._merge_changes(request, obj, form)
        if merge_result is None:
            return form
        # The form, the inlines and all other code that reads the request get the merged
        # data.
        request.POST = merge_result.data
        note_form = getattr(request, "public_note_form", None)
        if note_form is not None:
            note_form.data = merge_result.data
            note_form.full_clean()
        return type(form.__name__, (form,), {"merge_result": merge_result})

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        if obj is not None and request.method != "POST" and "seen" in form.fields:
            formsets = [
                inline_formset.formset
                for inline_formset in context["inline_admin_formsets"]
            ]
            shown_forms = _list_forms(request, form)
            form.initial["seen"] = sign_baseline(obj, shown_forms, formsets)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _merge_changes(self, request, obj, form_class) -> MergeResult | None:
        """Return the merge result, None if no one saved since the form was opened."""
        if not request.POST.get("seen"):
            return None
        baseline = load_baseline(request.POST["seen"], obj)
        if baseline.version == get_record_version(obj):
            return None
        merge = FormMerge(obj, request.POST)
        current_forms = _list_forms(request, form_class(instance=obj))
        for form in current_forms:
            values = baseline.form_values.get(form.prefix or "", {})
            title = _("Correction note on the public page") if form.prefix else ""
            merge.merge_form(form, values, title)
        formsets = self._build_current_formsets(request, obj)
        for formset, inline in formsets.items():
            values = baseline.row_values.get(formset.prefix, {})
            merge.merge_formset(
                formset,
                values,
                can_change=inline.has_change_permission(request, obj),
                can_add=inline.has_add_permission(request, obj),
            )
        merge.data["seen"] = sign_baseline(obj, current_forms, formsets)
        return MergeResult(
            merge.data,
            describe(merge.conflicts, viewer=request.user),
            obj.updated_by,
            obj.updated_at,
        )

    def _build_current_formsets(self, request, obj) -> dict:
        """Return formsets with the saved rows, and the inline of each."""
        formsets, prefix_counts = {}, {}
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            prefix_counts[prefix] = prefix_counts.get(prefix, 0) + 1
            if prefix_counts[prefix] != 1:
                prefix = f"{prefix}-{prefix_counts[prefix]}"
            rows = inline.get_queryset(request)
            formset = formset_class(instance=obj, prefix=prefix, queryset=rows)
            formsets[formset] = inline
        return formsets


def _list_forms(request, form: forms.BaseForm) -> list[forms.BaseForm]:
    """Return the form and, on the page of a published record, that of its note."""
    note_form = getattr(request, "public_note_form", None)
    return [form] if note_form is None else [form, note_form]
