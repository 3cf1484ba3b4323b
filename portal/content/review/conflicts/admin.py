"""ModelAdmin base class that detects concurrent edits of a record."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.content.review.conflicts.baseline import (
    build_baseline,
    get_record_version,
    load_baseline,
)
from portal.content.review.conflicts.conflict_report import (
    ConflictDescription,
    ConflictReporter,
)
from portal.content.review.conflicts.merge import FormsetMerge, merge_fields


@dataclass(frozen=True)
class MergeResult:
    """Merged data of a form that was rejected because of a concurrent edit.

    ``data`` replaces the submitted data: it contains the colleague's changes and the
    user's own. ``changed_by`` saved the record at ``changed_at``.
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
        note_form = _get_public_note_form(request)
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
            baseline = build_baseline(obj, _list_forms(request, form), formsets)
            form.initial["seen"] = baseline.sign(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _merge_changes(self, request, obj, form_class) -> MergeResult | None:
        """Return the merge result, None if nobody saved since the form was opened."""
        signed_baseline = request.POST.get("seen")
        baseline = load_baseline(signed_baseline, obj) if signed_baseline else None
        if not signed_baseline or (
            baseline and baseline.version == get_record_version(obj)
        ):
            return None
        posted, data = request.POST, request.POST.copy()
        conflicts, current_forms = [], _list_forms(request, form_class(instance=obj))
        for form in current_forms:
            prefix = form.prefix or ""
            form_values = baseline.form_values.get(prefix) if baseline else None
            title = _("What the page tells of this correction") if prefix else ""
            conflicts += merge_fields(form, form_values, posted, data, title=title)
        formsets = self._build_current_formsets(request, obj)
        for formset, inline in formsets:
            row_values = baseline.row_values.get(formset.prefix) if baseline else None
            merge = FormsetMerge(
                formset,
                row_values,
                posted,
                data,
                can_change=inline.has_change_permission(request, obj),
                can_add=inline.has_add_permission(request, obj),
            )
            conflicts += merge.merge()
        current_baseline = build_baseline(
            obj, current_forms, [formset for formset, _inline in formsets]
        )
        data["seen"] = current_baseline.sign(obj)
        reporter = ConflictReporter(
            obj, since=baseline.changed_at if baseline else None
        )
        return MergeResult(data, reporter.describe(conflicts), *reporter.latest_change)

    def _build_current_formsets(self, request, obj) -> list[tuple]:
        """Return (formset, inline) pairs with the currently saved rows."""
        formsets, prefix_counts = [], {}
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            prefix_counts[prefix] = prefix_counts.get(prefix, 0) + 1
            if prefix_counts[prefix] != 1:
                prefix = f"{prefix}-{prefix_counts[prefix]}"
            rows = inline.get_queryset(request)
            formset = formset_class(instance=obj, prefix=prefix, queryset=rows)
            formsets.append((formset, inline))
        return formsets


def _list_forms(request, form: forms.BaseForm) -> list[forms.BaseForm]:
    note_form = _get_public_note_form(request)
    return [form] if note_form is None else [form, note_form]


def _get_public_note_form(request) -> forms.Form | None:
    """Return the form of the public note about a correction, None if unused.

    Only the page of a published record has this form.
    """
    return getattr(request, "public_note_form", None)
