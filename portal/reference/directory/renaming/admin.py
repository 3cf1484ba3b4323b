"""Admin of shared names, and approval of changes to names used by public records."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.publishing import two_person_approval
from portal.content.publishing.review_choices import ProposalState
from portal.content.review.forms import REASON_NOT_SENT, ReasonForm
from portal.core.audit.admin import AuditedAdmin, ReadOnlyAdmin
from portal.core.audit.diff import diff_values
from portal.core.audit.presentation import (
    FormattedChange,
    build_value_formatter,
    format_field_change,
)
from portal.core.translations.invisible_text import is_blank
from portal.reference.directory import operations as directory
from portal.reference.directory.models import NameChange
from portal.reference.directory.renaming import operations
from portal.reference.directory.renaming.dashboard import REVIEW
from portal.reference.directory.renaming.errors import NameChangeError
from portal.reference.directory.renaming.forms import NameForm
from portal.reference.directory.renaming.versions import (
    read_version,
    sign_version,
    version_of,
)


class RenamedAdmin(AuditedAdmin):
    """Base admin of topics, places and parties, which records refer to.

    A change of a row that a published record uses becomes a proposal while two-person
    approval applies to the user; any other change is saved. A row that any record uses
    cannot be deleted.
    """

    form = NameForm
    change_form_template = "admin/directory/name_form.html"

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != "opened"]

    def get_object(self, request, object_id, from_field=None):
        """Load the row, locked if it is about to be saved.

        The lock keeps records that use the row from being published between the check
        for approval and the save.
        """
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            locked_rows = models.QuerySet(self.model).select_for_update(of=("self",))
            row.refresh_from_db(from_queryset=locked_rows)
            self.take_snapshot_before(request, row)
        return row

    def has_delete_permission(self, request, obj=None):
        if obj is not None and directory.is_referenced(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_model(self, request, obj):
        if open_change := operations.open_change(obj):
            _discard(open_change, obj, request.user)
        super().delete_model(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            self._save_change(request, obj, form)

    def _save_change(self, request, obj, form) -> None:
        by, at = request.user, timezone.now()
        current_row = type(obj).objects.get(pk=obj.pk)
        if operations.needs_approval(current_row, by=by, at=at):
            proposed_change = operations.propose(
                current_row, values=form.get_proposed_values(), by=by, at=at
            )
            request.is_name_proposed = True
            _report_proposal(request, current_row, proposed_change)
            obj.refresh_from_db()
            return
        super().save_model(request, obj, form, True)
        if form.open_change:
            # The form displayed the waiting change, so its values are in the saved row
            # now.
            _discard(form.open_change, type(obj).objects.get(pk=obj.pk), by)
        operations.note_contributions(obj, by=by)
        request.is_name_saved = True

    def write_audit_entries(self, request, obj, before):
        """Write the audit entry of a saved name, then enqueue dependent refreshes."""
        super().write_audit_entries(request, obj, before)
        if getattr(request, "is_name_saved", False):
            directory.enqueue_refresh_after_rename(obj, at=timezone.now())

    def response_change(self, request, obj):
        """Redirect without a success message if the name change awaits approval."""
        is_proposed = getattr(request, "is_name_proposed", False)
        if not is_proposed or IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            by, at = request.user, timezone.now()
            context["open_change"] = operations.open_change(obj)
            context["is_saving_proposal"] = operations.needs_approval(obj, by=by, at=at)
            context["can_view_change"] = by.has_perm("directory.view_namechange")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def _discard(change: NameChange, row: models.Model, user) -> None:
    version, at = version_of(change, row), timezone.now()
    operations.discard(change, version=version, by=user, at=at, reason="")


def _report_proposal(request, row, change: NameChange | None) -> None:
    if change is None:
        text = _(
            "“%(name)s” is already public with this content. There is "
            "no change awaiting approval."
        )
        messages.info(request, text % {"name": row})
        return
    text = _(
        "Your change to “%(name)s” has been submitted for approval "
        "by another person. Until then, the public sees the "
        "current name."
    )
    messages.success(request, text % {"name": row})


class NameChangeAdmin(ReadOnlyAdmin):
    """Admin of proposed name changes: view, accept, return or discard.

    Changes are not edited here but in the form of the topic, place or party.
    """

    list_display = (
        "row_link",
        "kind",
        "state",
        "proposed_by",
        "proposed_at",
        "decided_by",
    )
    list_filter = ("state",)
    list_select_related = ("content_type", "proposed_by", "decided_by")
    list_display_links = None
    ordering = ("-proposed_at", "-pk")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("row")

    @admin.display(description=gettext_lazy("name"))
    def row_link(self, obj):
        url = reverse("admin:directory_namechange_change", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, _get_display_name(obj))

    @admin.display(description=gettext_lazy("type of name"))
    def kind(self, obj):
        return obj.content_type.model_class()._meta.verbose_name

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        change = self.get_object(request, unquote(object_id))
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST":
            try:
                response = self._decide(request, change, form)
            except NameChangeError as error:
                messages.warning(request, str(error))
                # The page is shown again with the reason and what is stored now.
                form = ReasonForm(initial={"reason": request.POST.get("reason", "")})
                change = self.get_object(request, unquote(object_id))
                if change is None:
                    return self._get_obj_does_not_exist_redirect(
                        request, self.opts, object_id
                    )
            else:
                if response:
                    return response
        return self._page(request, change, form)

    def _page(self, request, change: NameChange, form: ReasonForm):
        user, row = request.user, change.row
        is_own = change.contributors.filter(pk=user.pk).exists()
        needs_second_person = is_own and two_person_approval.requires_second_person(
            user
        )
        can_review = user.has_perm(REVIEW)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change to “%(record)s”")
            % {"record": _get_display_name(change)},
            "opts": self.opts,
            "change": change,
            "name": _get_display_name(change),
            "row_url": _get_change_form_url(row) if row else "",
            "changes": _format_changes(change, reader=user),
            "form": form,
            "version": sign_version(version_of(change, row), user=user),
            "needs_second_person": needs_second_person,
            "can_decide": can_review
            and not needs_second_person
            and change.state == ProposalState.WAITING,
            "can_discard": can_review or is_own,
            "unsent_texts": _get_unsent_texts(change, form),
        }
        return TemplateResponse(request, "admin/directory/name_change.html", context)

    def _decide(self, request, change: NameChange, form: ReasonForm):
        """Apply the decision of the submitted button.

        Return None if the form is invalid. Raises NameChangeError if the decision is
        not possible; nothing is saved then.
        """
        by, name = request.user, _get_display_name(change)
        can_review = by.has_perm(REVIEW)
        version = read_version(request.POST.get("version", ""), user=by)
        decision = {"version": version, "by": by, "at": timezone.now()}
        has_reason = not is_blank(request.POST.get("reason", ""))
        is_valid = form.is_valid()
        if "_accept" in request.POST and can_review:
            if has_reason:
                form.add_error("reason", REASON_NOT_SENT)
                return None
            operations.accept(change, **decision)
            text = _("The change to “%(name)s” has been approved.")
        elif "_return" in request.POST and can_review:
            if not is_valid:
                return None
            reason = form.cleaned_data["reason"]
            operations.return_to_author(change, reason=reason, **decision)
            text = _("The change to “%(name)s” has been returned for changes.")
        elif "_discard" in request.POST and (can_review or _is_own(change, by)):
            if has_reason and not is_valid:
                return None
            reason = form.cleaned_data["reason"] if is_valid else ""
            operations.discard(change, reason=reason, **decision)
            text = _("The change to “%(name)s” has been discarded.")
        else:
            raise PermissionDenied
        messages.success(request, text % {"name": name})
        return HttpResponseRedirect(reverse("admin:directory_namechange_changelist"))


def _get_unsent_texts(change: NameChange, form: ReasonForm) -> list[tuple[str, str]]:
    """Return the label and text of a reason for which the page has no field."""
    reason = form["reason"]
    if change.is_open or is_blank(reason.value() or ""):
        return []
    return [(str(reason.label), reason.value())]


def _is_own(change: NameChange, user) -> bool:
    return change.contributors.filter(pk=user.pk).exists()


def _get_display_name(change: NameChange) -> str:
    return str(change.row or f"#{change.object_id}")


def _get_change_form_url(row: models.Model) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def _format_changes(change: NameChange, *, reader) -> list[FormattedChange]:
    """Return the fields that a name change affects, with old and new display values.

    The values are in the language of the viewing user.
    """
    model = change.content_type.model_class()
    differences = list(diff_values(model, change.before, change.wanted))
    formatter = build_value_formatter(
        ((model, difference) for difference in differences), reader
    )
    return [
        format_field_change(model, difference, formatter, reader)
        for difference in differences
    ]
