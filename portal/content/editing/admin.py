"""Base admin classes for records, and the admin of sources' hosts, redirects and
reports."""

import datetime as dt
from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.contenttypes.admin import GenericTabularInline
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modeltranslation.admin import TranslationAdmin

from portal.content.catalogue.period import iso_date
from portal.content.changes.models import Change
from portal.content.editing.browser_drafts import build_draft_context
from portal.content.editing.change_feed_admin import ChangeAdmin
from portal.content.editing.duplicate_warning import (
    DuplicateWarningForm,
    find_records_like,
)
from portal.content.editing.forms import RecordForm
from portal.content.editing.link_roles import LinkRole
from portal.content.editing.list_filters import (
    STATUS_COLUMNS,
    RecordListAdmin,
    StatusFilter,
    TaskFilter,
)
from portal.content.editing.neighbours import find_neighbours
from portal.content.editing.row_order import number_new_rows
from portal.content.editing.sections import (
    Section,
    Sections,
    build_fieldsets,
    get_section_fields,
)
from portal.content.editing.source_inline import SourceInline
from portal.content.editing.translator_admin import (
    ChildInline,
    TranslatorAdmin,
    is_translator_only,
)
from portal.content.form_fields.characters import describe_zawgyi
from portal.content.publishing import error_reports, numbering, operations
from portal.content.publishing.dependencies import enqueue_refresh_of
from portal.content.publishing.links import (
    get_link_relations,
    get_linked_pks,
    set_links,
)
from portal.content.publishing.models import (
    Attachment,
    ErrorReport,
    EvidenceOnlyHost,
    HeadingMapping,
    Illustration,
    ImportBatch,
    Proposal,
    Redirect,
)
from portal.content.publishing.public_uses import is_linked
from portal.content.review import active_editors
from portal.content.review.actions import apply_to_each
from portal.content.review.admin import ProposalAdmin
from portal.content.review.conflicts.admin import EditConflictAdmin
from portal.content.review.outcomes import describe_outcomes
from portal.content.review.picture_admin import PictureAdmin
from portal.content.review.preview import build_preview_links
from portal.content.review.record_review import RecordReviewAdmin
from portal.content.review.status_bar import build_new_status_bar, build_status_bar
from portal.content.review.stored_file_admin import StoredFileAdmin
from portal.content.spreadsheets.admin import HeadingMappingAdmin, ImportBatchAdmin
from portal.content.spreadsheets.changelist_mixin import SpreadsheetAdminMixin
from portal.core.audit.admin import AuditedAdmin
from portal.core.files.models import Picture, StoredFile
from portal.core.translations.dates import format_known_date
from portal.core.translations.localized_text import (
    get_active_language,
    localized,
)

# Name of the button that saves a record and submits it for review.
SUBMIT = "_submit_for_review"


class AttachmentInline(ChildInline, GenericTabularInline):
    model = Attachment
    section = Section.FILES_AND_SOURCES
    extra = 0
    fields = ("position", "file", "language", "title", "is_public")
    autocomplete_fields = ("file",)


class IllustrationInline(ChildInline, GenericTabularInline):
    model = Illustration
    section = Section.FILES_AND_SOURCES
    extra = 0
    fields = ("position", "picture")
    autocomplete_fields = ("picture",)


class TimestampedAdmin(SpreadsheetAdminMixin, AuditedAdmin):
    """Base admin that stores the user and time of each save and writes audit
    entries."""

    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        if change and not form.has_changed():
            return
        obj.updated_by, obj.updated_at = request.user, timezone.now()
        if not change:
            obj.created_by, obj.created_at = obj.updated_by, obj.updated_at
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        _warn_about_zawgyi(
            request, [form, *(row for formset in formsets for row in formset.forms)]
        )


def _warn_about_zawgyi(request, forms) -> None:
    """Show a warning for each text that was entered in the Zawgyi encoding."""
    for form in forms:
        for name in form.changed_data:
            text = form.cleaned_data.get(name)
            if isinstance(text, str) and (warning := describe_zawgyi(text)):
                messages.warning(request, f"{form.fields[name].label} – {warning}")


def _get_date_column_name(name: str) -> str:
    return f"{name}_as_known"


def _build_date_column(model: type[models.Model], name: str):
    """Return a list column for the date ``name``, formatted with its known precision.

    The attribute ``iso`` of the column formats the date for exported files.
    """
    precision = model.date_precisions[name]

    @admin.display(
        description=model._meta.get_field(name).verbose_name,
        ordering=name,
    )
    def column(obj):
        day = getattr(obj, name)
        return format_known_date(day, getattr(obj, precision)) if day else None

    def iso(obj):
        day = getattr(obj, name)
        return iso_date(day, getattr(obj, precision)) if day else ""

    column.iso = iso
    return column


class RecordAdmin(
    RecordListAdmin,
    RecordReviewAdmin,
    TranslatorAdmin,
    EditConflictAdmin,
    TranslationAdmin,
    TimestampedAdmin,
):
    """Base admin of public records.

    The status is changed by actions; the code cannot be changed. Saving a published
    record updates its public data in the same transaction or, while two-person approval
    is on, creates a proposed change. ``title_field`` is the translated field shown in
    lists, "" if there is none. ``sections`` has the fields of each section of the form,
    in their order, except those that every record has. ``link_roles`` are the roles
    that the form shows in one table of organisations, parties and places.
    """

    form = RecordForm
    sections: ClassVar[Sections] = {}
    link_roles: ClassVar[tuple[LinkRole, ...]] = ()
    title_field = "title"
    change_form_template = "admin/record_form.html"
    inlines = (SourceInline, AttachmentInline, IllustrationInline)
    record_list_filter = (TaskFilter, ("status", StatusFilter), "confidence")

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        for name in model.date_precisions:
            setattr(self, _get_date_column_name(name), _build_date_column(model, name))

    def get_list_display(self, request):
        names = [self.model.code_field, *self.get_content_columns()]
        columns = self._with_known_dates(names)
        return [*columns, *STATUS_COLUMNS]

    def _with_known_dates(self, names) -> list[str]:
        """Replace date fields in ``names`` by columns that respect the date precision.

        Django would display a year as its first of January.
        """
        dates = self.model.date_precisions
        return [
            _get_date_column_name(name) if name in dates else name for name in names
        ]

    def get_content_columns(self) -> list[str]:
        return ["localized_title"] if self.title_field else []

    def get_list_filter(self, request):
        return [*self.record_list_filter, *self.list_filter]

    def get_list_select_related(self, request):
        return ("updated_by",)

    def get_readonly_fields(self, request, obj=None):
        publication_fields = (
            "status",
            "revision",
            "published_at",
            "withdrawn_at",
            "updated_by",
        )
        code_fields = (self.model.code_field,) if obj else ()
        dates = map(_get_date_column_name, self._get_readonly_dates(request, obj))
        return [
            *super().get_readonly_fields(request, obj),
            *publication_fields,
            *code_fields,
            *dates,
        ]

    def _get_readonly_dates(self, request, obj) -> list[str]:
        """Return the dates with a precision if the user may not change the dates of
        ``obj``: they may only view it or translate its texts."""
        if obj is None:
            return []
        is_readonly = not self.has_change_permission(
            request, obj
        ) or is_translator_only(request.user, self.model)
        return list(self.model.date_precisions) if is_readonly else []

    def get_object(self, request, object_id, from_field=None):
        """Return the record; lock it if it is being saved.

        Of two forms submitted at the same time, the second one then sees the changes of
        the first.
        """
        record = super().get_object(request, object_id, from_field)
        if record is not None and request.method == "POST":
            locked = models.QuerySet(self.model).select_for_update(no_key=True)
            record.refresh_from_db(from_queryset=locked)
            self.take_snapshot_before(request, record)
        return record

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        relations = [name for role in self.link_roles for name in role.relations]
        form.role_relations = relations
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Say at the title that one of two languages is required, and at a code that
        the portal assigns that it can be left blank."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and self._is_assigned_code(db_field):
            blank = gettext_lazy("Leave blank: the portal assigns the next number.")
            field.help_text = field.help_text or blank
        titles = (f"{self.title_field}_zh_hans", f"{self.title_field}_en")
        if field is not None and self.title_field and db_field.name in titles:
            required = gettext_lazy("Simplified Chinese or English is required.")
            field.help_text = field.help_text or required
        return field

    def _is_assigned_code(self, db_field) -> bool:
        return bool(self.model.code_prefix) and db_field.name == self.model.code_field

    def get_field_order(self) -> list[str]:
        """Return the fields of a record in the order of its form."""
        return [
            name
            for section in Section
            for name in get_section_fields(self.sections, section)
        ]

    def get_fieldsets(self, request, obj=None):
        """Group the fields of the form in sections."""
        ((_heading, options),) = super().get_fieldsets(request, obj)
        has_fixed_dates = bool(self._get_readonly_dates(request, obj))
        names_by_section = {}
        for section in Section:
            fields = get_section_fields(self.sections, section)
            names = self.replace_orig_field(fields)
            if has_fixed_dates:
                names = self._with_known_dates(names)
            names_by_section[section] = names
        shown = dict.fromkeys(options["fields"])
        if has_fixed_dates:
            shown = dict.fromkeys(self._with_known_dates(shown))
        return build_fieldsets(names_by_section, shown)

    def has_delete_permission(self, request, obj=None):
        """Allow deletion only of records that were never public and that no record
        links to.

        Records that were public must be withdrawn instead, so that their code and audit
        trail remain. Deleting a linked record would change the content of the other
        record.
        """
        is_permitted = super().has_delete_permission(request, obj)
        if obj is None or not is_permitted:
            return is_permitted
        return obj.revision == 0 and not self._is_linked(request, obj)

    def _is_linked(self, request, record) -> bool:
        # Cached on the request: called several times per page.
        linked_cache = request.__dict__.setdefault("linked_records", {})
        if record.pk not in linked_cache:
            linked_cache[record.pk] = is_linked(record)
        return linked_cache[record.pk]

    def log_deletions(self, request, queryset):
        """Check under the lock that no record has linked to the deleted one in the
        meantime.

        This happens before the audit entry is written, because a transaction that adds
        such a link may be waiting to write one.
        """
        for record in queryset:
            locked = models.QuerySet(self.model).select_for_update(of=("self",))
            record.refresh_from_db(from_queryset=locked)
            if record.revision > 0 or is_linked(record):
                raise PermissionDenied
        super().log_deletions(request, queryset)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=gettext_lazy("title"))
    def localized_title(self, obj):
        return localized(obj, self.title_field, get_active_language()) or "–"

    def save_model(self, request, obj, form, change):
        if obj.code_prefix and not obj.code:
            obj.code = numbering.next_code(obj.code_prefix)
        elif obj.code_prefix and not change:
            numbering.reserve_code(obj.code)
        if change:
            operations.lock(obj)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Save the rows of an inline; new rows without a number come last."""
        number_new_rows(formset)
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        relation_names = {relation.name for relation in get_link_relations(self.model)}
        new_order = form.get_new_link_order()
        previous_links = {
            name: get_linked_pks(form.instance, name)
            for name in relation_names.intersection([*form.changed_data, *new_order])
        }
        super().save_related(request, form, formsets, change)
        for name, pks in previous_links.items():
            self._save_link_order(request, form, name, pks, new_order.get(name, []))
        if getattr(request, "is_saving_proposal", False):
            return
        is_changed = form.has_changed() or any(
            formset.has_changed() for formset in formsets
        )
        if is_changed or not change:
            self._register_edit(request, form.instance.pk, change)
            self._warn_about_records_like(request, form)
        if SUBMIT in request.POST and self.has_change_permission(request):
            self._submit(request, form.instance.pk)

    def _register_edit(self, request, pk, change) -> None:
        record = self.model.objects.get(pk=pk)
        before = self.get_snapshot_before(request) if change else None
        previous_status = record.status
        operations.register_edit(
            record, by=request.user, at=timezone.now(), before=before
        )
        if record.status != previous_status:
            message = _(
                "You changed an approved record. It must be approved again "
                "before it is published."
            )
            messages.warning(request, message)

    def _warn_about_records_like(self, request, form) -> None:
        """Show a warning if other records have the same title and days."""
        # Such a form asked before it was saved.
        if isinstance(form, DuplicateWarningForm):
            return
        records = find_records_like(form.instance)
        if records:
            text = _("Other records have the same title and days: %(records)s.")
            codes = ", ".join(record.public_code for record in records)
            messages.warning(request, text % {"records": codes})

    def _submit(self, request, pk) -> None:
        """Submit a saved record for review, or say why that is not possible."""
        record = self.model.objects.get(pk=pk)
        try:
            operations.submit(record, by=request.user, at=timezone.now())
        except operations.InvalidTransition as error:
            messages.warning(request, str(error))
        else:
            request.submitted_record = record

    def write_audit_entries(self, request, obj, before):
        """Do nothing: ``register_edit`` writes the audit entries."""

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        can_change = self.has_change_permission(request)
        context |= build_draft_context(self.model, obj, user=request.user)
        if obj is None:
            context["status_bar"] = build_new_status_bar(can_submit=can_change)
        else:
            context["status_bar"] = build_status_bar(
                obj, viewer=request.user, can_change=can_change
            )
            context["preview_links"] = build_preview_links(obj, at=timezone.now())
            context["neighbours"] = find_neighbours(obj, self.get_queryset(request))
            context["is_linked"] = (
                obj.revision == 0
                and self.has_delete_permission(request)
                and self._is_linked(request, obj)
            )
            if request.method == "GET" and self.has_change_permission(request, obj):
                self._warn_about_active_editors(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _warn_about_active_editors(self, request, record) -> None:
        """Show a warning for each other user who has the form open."""
        at = timezone.now()
        for name, since in active_editors.register_editor(
            record, user=request.user, at=at
        ):
            opened_at = timezone.localtime(dt.datetime.fromisoformat(since))
            message = _("%(who)s opened this record at %(time)s and may be editing it.")
            values = {"who": name, "time": date_format(opened_at, "TIME_FORMAT")}
            messages.warning(request, message % values)

    def response_add(self, request, obj, post_url_continue=None):
        if hasattr(request, "submitted_record"):
            return self._respond_to_submission(request)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        active_editors.unregister_editor(obj, user=request.user)
        if hasattr(request, "submitted_record"):
            return self._respond_to_submission(request)
        return super().response_change(request, obj)

    def _respond_to_submission(self, request):
        """Show what was done, on the page of the record."""
        record = request.submitted_record
        for message in describe_outcomes([record]):
            messages.success(request, message)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[record.pk]))

    def _save_link_order(
        self,
        request,
        form,
        name: str,
        previous_pks: list[int],
        new_order: list[str],
    ) -> None:
        """Save links in the order of the table of roles.

        Links that are not in ``new_order`` follow: existing ones in their previous
        order, then new ones in selection order.
        """
        saved_pks = get_linked_pks(form.instance, name)
        selected_pks = [int(pk) for pk in request.POST.getlist(form.add_prefix(name))]
        saved_by_text = {str(pk): pk for pk in saved_pks}
        moved_pks = [saved_by_text[text] for text in new_order if text in saved_by_text]
        candidates = dict.fromkeys([*moved_pks, *previous_pks, *selected_pks])
        ordered_pks = [pk for pk in candidates if pk in saved_pks]
        if ordered_pks != saved_pks and set(ordered_pks) == set(saved_pks):
            set_links(form.instance, name, ordered_pks)


admin.site.register(Change, ChangeAdmin)
admin.site.register(Proposal, ProposalAdmin)
admin.site.register(Picture, PictureAdmin)
admin.site.register(StoredFile, StoredFileAdmin)
admin.site.register(HeadingMapping, HeadingMappingAdmin)
admin.site.register(ImportBatch, ImportBatchAdmin)


@admin.register(EvidenceOnlyHost)
class EvidenceOnlyHostAdmin(TimestampedAdmin):
    """Admin of evidence-only hosts; a save refreshes published records with such a
    source.

    The host is the key, which never changes: another host is another row.
    """

    list_display = ("host", "reason")
    search_fields = ("host",)

    def get_readonly_fields(self, request, obj=None):
        return ("host",) if obj else ()

    def write_audit_entries(self, request, obj, before):
        """Write the audit entries, then enqueue a refresh of the records that use a new
        host.

        The order matters (see ``enqueue_refresh_of``).
        """
        super().write_audit_entries(request, obj, before)
        if before is None:
            enqueue_refresh_of([obj], at=timezone.now())

    def delete_model(self, request, obj):
        """Delete the host and enqueue a refresh; Django has logged the deletion
        before."""
        enqueue_refresh_of([obj], at=timezone.now())
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        enqueue_refresh_of(queryset, at=timezone.now())
        super().delete_queryset(request, queryset)


@admin.register(Redirect)
class RedirectAdmin(TimestampedAdmin):
    list_display = ("old_path", "new_path")
    search_fields = ("old_path", "new_path")


@admin.register(ErrorReport)
class ErrorReportAdmin(SpreadsheetAdminMixin, AuditedAdmin):
    """Admin of error reports, which are read-only and can be marked as dealt with or
    deleted."""

    list_display = ("__str__", "state", "language", "received_at", "handled_by")
    list_filter = ("state", "language")
    list_select_related = ("handled_by",)
    search_fields = ("text", "page")
    show_full_result_count = False
    readonly_fields = (
        "state",
        "page",
        "text",
        "language",
        "email",
        "received_at",
        "handled_by",
        "handled_at",
    )
    actions = ("close",)

    def has_add_permission(self, request):
        return False

    @admin.action(
        description=gettext_lazy("Mark as dealt with and delete the email address"),
        permissions=["change"],
    )
    def close(self, request, queryset):
        apply_to_each(
            self,
            request,
            queryset,
            error_reports.close_error_report,
            describe=_describe_closed_reports,
        )


def _describe_closed_reports(reports) -> list[str]:
    text = ngettext(
        "%(count)s error report was marked as dealt with.",
        "%(count)s error reports were marked as dealt with.",
        len(reports),
    )
    return [text % {"count": len(reports)}]
