"""Names in the admin: a change of one that public records use waits for approval."""

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

from portal.directory import operations as directory
from portal.directory.models import NameChange
from portal.directory.renaming import operations
from portal.directory.renaming.errors import NameChangeError
from portal.directory.renaming.forms import NameForm
from portal.directory.renaming.todo import REVIEW
from portal.directory.renaming.versions import read_version, sign_version, version_of
from portal.history.admin import ReadAdmin, RememberedAdmin
from portal.history.comparing import value_changes
from portal.history.telling import ToldChange, told_field, values_for
from portal.publishing.review import four_eyes
from portal.publishing.review.choices import ProposalState
from portal.publishing.review.forms import ReasonForm


class RenamedAdmin(RememberedAdmin):
    """Topics, places and parties: rows that records use.

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
        """Read a row that is being saved under its lock, so that no record that uses it
        is published between the check and the save."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            locked = models.QuerySet(self.model).select_for_update(of=("self",))
            row.refresh_from_db(from_queryset=locked)
            self.remember(request, row)
        return row

    def has_delete_permission(self, request, obj=None):
        if obj is not None and directory.is_used(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_model(self, request, obj):
        if waiting := operations.open_change(obj):
            _discard(waiting, obj, request.user)
        super().delete_model(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            self._save_change(request, obj, form)

    def _save_change(self, request, obj, form) -> None:
        by, at = request.user, timezone.now()
        stored = type(obj).objects.get(pk=obj.pk)
        if operations.needs_approval(stored, by=by, at=at):
            waiting = operations.propose(stored, wanted=form.wanted(), by=by, at=at)
            request.is_name_proposed = True
            _report_proposal(request, stored, waiting)
            obj.refresh_from_db()
            return
        super().save_model(request, obj, form, True)
        if form.waiting:
            # The form showed it, so what was saved contains what is kept of it.
            _discard(form.waiting, type(obj).objects.get(pk=obj.pk), by)
        operations.note_contributions(obj, by=by)
        request.is_name_saved = True

    def write_history(self, request, obj, before):
        """Write the history, and only then look for records that use the name."""
        super().write_history(request, obj, before)
        if getattr(request, "is_name_saved", False):
            directory.name_changed(obj, at=timezone.now())

    def response_change(self, request, obj):
        """Report no success of a change that is not public yet."""
        is_proposed = getattr(request, "is_name_proposed", False)
        if not is_proposed or IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            by, at = request.user, timezone.now()
            context["waiting"] = operations.open_change(obj)
            context["is_proposing"] = operations.needs_approval(obj, by=by, at=at)
            context["may_view_change"] = by.has_perm("directory.view_namechange")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def _discard(change: NameChange, row: models.Model, user) -> None:
    version, at = version_of(change, row), timezone.now()
    operations.discard(change, version=version, by=user, at=at, reason="")


def _report_proposal(request, row, waiting: NameChange | None) -> None:
    if waiting is None:
        text = _(
            "“%(name)s” is already public with this content. No change is waiting."
        )
        messages.info(request, text % {"name": row})
        return
    text = _(
        "Your change of “%(name)s” waits for approval by another person. Until then "
        "the public sees the old name."
    )
    messages.success(request, text % {"name": row})


class NameChangeAdmin(ReadAdmin):
    """Changes of names: read, accepted, returned or discarded, and never edited here.

    They are written in the form of the topic, place or party.
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
        return format_html('<a href="{}">{}</a>', url, _name_of(obj))

    @admin.display(description=gettext_lazy("kind of name"))
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
            response = self._decide(request, change, form)
            if response:
                return response
        return self._page(request, change, form)

    def _page(self, request, change: NameChange, form: ReasonForm):
        user, row = request.user, change.row
        is_own = change.contributors.filter(pk=user.pk).exists()
        needs_another = is_own and four_eyes.applies_to(user)
        may_review = user.has_perm(REVIEW)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change of “%(record)s”") % {"record": _name_of(change)},
            "opts": self.opts,
            "change": change,
            "name": _name_of(change),
            "row_url": _form_of(row) if row else "",
            "changes": _differences(change, reader=user),
            "form": form,
            "version": sign_version(version_of(change, row), user=user),
            "needs_another": needs_another,
            "may_decide": may_review
            and not needs_another
            and change.state == ProposalState.WAITING,
            "may_discard": may_review or is_own,
        }
        return TemplateResponse(request, "admin/directory/name_change.html", context)

    def _decide(self, request, change: NameChange, form: ReasonForm):
        """Carry out the button that was pressed; return None if the form is invalid."""
        by, name = request.user, _name_of(change)
        may_review = by.has_perm(REVIEW)
        version = read_version(request.POST.get("version", ""), user=by)
        given = {"version": version, "by": by, "at": timezone.now()}
        try:
            if "_accept" in request.POST and may_review:
                operations.accept(change, **given)
                text = _("The change of “%(name)s” is accepted.")
            elif "_return" in request.POST and may_review:
                if not form.is_valid():
                    return None
                reason = form.cleaned_data["reason"]
                operations.return_to_author(change, reason=reason, **given)
                text = _("The change of “%(name)s” was returned to its author.")
            elif "_discard" in request.POST and (may_review or _is_own(change, by)):
                reason = form.cleaned_data["reason"] if form.is_valid() else ""
                operations.discard(change, reason=reason, **given)
                text = _("The change of “%(name)s” was discarded.")
            else:
                raise PermissionDenied
        except NameChangeError as problem:
            messages.warning(request, str(problem))
            return HttpResponseRedirect(request.path)
        messages.success(request, text % {"name": name})
        return HttpResponseRedirect(reverse("admin:directory_namechange_changelist"))


def _is_own(change: NameChange, user) -> bool:
    return change.contributors.filter(pk=user.pk).exists()


def _name_of(change: NameChange) -> str:
    return str(change.row or f"#{change.object_id}")


def _form_of(row: models.Model) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def _differences(change: NameChange, *, reader) -> list[ToldChange]:
    """What ``change`` changes, column by column, in the language of ``reader``."""
    model = change.content_type.model_class()
    differences = list(value_changes(model, change.before, change.wanted))
    values = values_for(((model, one) for one in differences), reader)
    return [told_field(model, one, values, reader) for one in differences]
