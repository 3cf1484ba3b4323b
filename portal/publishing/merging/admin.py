"""The form of a record at the desk, which two people may have open at one time."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.publishing.merging.merge import RowMerge, merge_fields
from portal.publishing.merging.opened import opened, read_opened, stamp_of
from portal.publishing.merging.telling import Conflict, Teller


@dataclass(frozen=True)
class Merged:
    """A form that was refused, because ``who`` has saved the record since.

    ``data`` is what it says from now on, as if it had been sent so: the colleague's
    changes, and the person's own. ``conflicts`` tells both versions.
    """

    data: QueryDict
    conflicts: list[Conflict]
    who: object
    at: dt.datetime | None


class MergingAdmin(admin.ModelAdmin):
    """Refuses a form that was opened before a colleague saved the record, and shows it
    again with what the colleague did in it, inlines and public note included.

    Its form has a field ``seen``, which carries what the form said when it was opened,
    and refuses where it is given a ``merged``.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not (change and obj is not None and request.method == "POST"):
            return form
        merged = self._merged(request, obj, form)
        if merged is None:
            return form
        # Form, inlines and whoever else reads what was sent find it merged.
        request.POST = merged.data
        note = _note_of(request)
        if note is not None:
            note.data = merged.data
            note.full_clean()
        return type(form.__name__, (form,), {"merged": merged})

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        if obj is not None and request.method != "POST" and "seen" in form.fields:
            formsets = [one.formset for one in context["inline_admin_formsets"]]
            said = opened(obj, _forms(request, form), formsets)
            form.initial["seen"] = said.signed(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _merged(self, request, obj, form_class) -> Merged | None:
        """None where the form was opened after the last change."""
        seen = request.POST.get("seen")
        before = read_opened(seen, obj) if seen else None
        if not seen or (before and before.stamp == stamp_of(obj)):
            return None
        posted, data = request.POST, request.POST.copy()
        found, fresh = [], _forms(request, form_class(instance=obj))
        for form in fresh:
            prefix = form.prefix or ""
            said = before.forms.get(prefix) if before else None
            title = _("What the page tells of this correction") if prefix else ""
            found += merge_fields(form, said, posted, data, title=title)
        formsets = self._fresh_formsets(request, obj)
        for formset, inline in formsets:
            said = before.rows.get(formset.prefix) if before else None
            rights = {
                "sends": inline.has_change_permission(request, obj),
                "adds": inline.has_add_permission(request, obj),
            }
            found += RowMerge(formset, said, posted, data, **rights).merge()
        now = opened(obj, fresh, [formset for formset, _inline in formsets])
        data["seen"] = now.signed(obj)
        teller = Teller(obj, since=before.at if before else None)
        return Merged(data, teller.tell(found), *teller.latest)

    def _fresh_formsets(self, request, obj) -> list[tuple]:
        """The inlines as somebody finds them who opens the form now."""
        found, prefixes = [], {}
        for formset_class, inline in self.get_formsets_with_inlines(request, obj):
            prefix = formset_class.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] != 1:
                prefix = f"{prefix}-{prefixes[prefix]}"
            rows = inline.get_queryset(request)
            formset = formset_class(instance=obj, prefix=prefix, queryset=rows)
            found.append((formset, inline))
        return found


def _forms(request, form: forms.BaseForm) -> list[forms.BaseForm]:
    note = _note_of(request)
    return [form] if note is None else [form, note]


def _note_of(request) -> forms.Form | None:
    """What the page tells of a correction; asked with the form of a public record."""
    return getattr(request, "public_note", None)
