"""Audit log in the staff admin: base class that writes entries, and read-only list."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.audit import operations
from portal.core.audit.choices import get_action_label
from portal.core.audit.display_names import get_model_verbose_name
from portal.core.audit.entry_filter import EntryFilter
from portal.core.audit.models import Deed
from portal.core.audit.past_names import load_person_names
from portal.core.audit.presentation import (
    describe_objects,
    format_changes,
    get_visible_reason,
)
from portal.core.audit.snapshots import Snapshot, take_snapshot

# Maximum number of audit entries on the history page of one record, the latest first.
_MAX_ENTRIES_SHOWN = 200


class AuditedAdmin(admin.ModelAdmin):
    """ModelAdmin that writes audit entries for additions, changes and deletions.

    Django's own admin log (LogEntry) is not written: it stores names of people in plain
    text, and its rows can be changed without detection.
    """

    object_history_template = "admin/history.html"

    def get_child_relations(self, obj) -> tuple[str, ...]:
        """Return the names of the reverse relations whose rows are edited with ``obj``.

        Their rows are compared together with the record. The default is the attribute
        ``child_relations`` of the model.
        """
        return getattr(obj, "child_relations", ())

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            self.take_snapshot_before(request, row)
        return row

    def take_snapshot_before(self, request, row) -> None:
        """Store a snapshot of ``row`` on the request, before the form is saved."""
        request.snapshot_before = take_snapshot(row, self.get_child_relations(row))

    def get_snapshot_before(self, request) -> Snapshot | None:
        return getattr(request, "snapshot_before", None)

    def log_addition(self, request, obj, message):
        self.write_audit_entries(request, obj, None)

    def log_change(self, request, obj, message):
        self.write_audit_entries(request, obj, self.get_snapshot_before(request))

    def write_audit_entries(self, request, obj, before: Snapshot | None) -> None:
        """Write audit entries for the saved ``obj`` and its child rows.

        ``before`` is the snapshot taken before the form was saved, None for an added
        object. Override with a no-op where the called operation writes the entries.
        """
        row = type(obj).objects.get(pk=obj.pk)
        after = take_snapshot(row, self.get_child_relations(row))
        operations.append_snapshot_diff(
            row, before=before, after=after, by=request.user, at=timezone.now()
        )

    def log_deletions(self, request, queryset):
        for row in queryset:
            before = take_snapshot(row, self.get_child_relations(row))
            operations.append_snapshot_diff(
                row, before=before, after=None, by=request.user, at=timezone.now()
            )

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        entries = list(
            Deed.objects.for_record(row).select_related("by")[:_MAX_ENTRIES_SHOWN]
        )
        descriptions = describe_objects(entries, viewer=request.user)
        person_names = load_person_names(entries)
        formatted_changes = format_changes(entries, viewer=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": row},
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            "entries": [
                {
                    "entry": entry,
                    "person": person_names[entry.position],
                    "action_label": get_action_label(entry.verb),
                    "object_description": description,
                    "changes": changes,
                }
                for description, (entry, changes) in zip(
                    descriptions, formatted_changes, strict=True
                )
            ],
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


class ReadOnlyAdmin(admin.ModelAdmin):
    """ModelAdmin without add, change and delete permission for any user."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class _EntryChangeList(ChangeList):
    """Change list that loads the names of all persons of a page at once."""

    def get_results(self, request):
        super().get_results(request)
        entries = list(self.result_list)
        names = load_person_names(entries)
        for entry in entries:
            entry.person_name = names[entry.position]
        self.result_list = entries


@admin.register(Deed)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Read-only admin of all audit entries, for auditors."""

    list_display = (
        "position",
        "at",
        "person",
        "action_label",
        "object_type",
        "name",
    )
    list_filter = (EntryFilter,)
    change_list_template = "admin/history/deed/change_list.html"
    list_select_related = ("by",)
    search_fields = ("=name", "=by__username", "=model", "=row")
    ordering = ("-position",)
    show_full_result_count = False
    fields = (
        "position",
        "at",
        "person",
        "action_label",
        "object_description",
        "row",
        "name",
        "changes_table",
        "visible_reason",
        "hash",
        "previous_hash",
    )
    readonly_fields = fields

    def get_object(self, request, object_id, from_field=None):
        """Return the audit entry with the current user as its attribute ``viewer``.

        The display methods need the user to hide personal data.
        """
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.viewer = request.user
        return entry

    def changelist_view(self, request, extra_context=None):
        """Show the list; an invalid value of the filter is reported above it."""
        response = super().changelist_view(request, extra_context)
        changelist = (getattr(response, "context_data", None) or {}).get("cl")
        if changelist:
            form = changelist.filter_specs[0].form
            response.context_data["entry_filter_form"] = form if form.errors else ()
        return response

    def get_changelist(self, request, **kwargs):
        return _EntryChangeList

    @admin.display(description=gettext_lazy("who"), ordering="by")
    def person(self, obj):
        """Return the name that the person had at the time of the entry."""
        if not hasattr(obj, "person_name"):
            obj.person_name = load_person_names([obj])[obj.position]
        return obj.person_name

    @admin.display(description=gettext_lazy("reason"))
    def visible_reason(self, obj):
        return get_visible_reason(obj, viewer=obj.viewer) or "–"

    @admin.display(description=gettext_lazy("action"))
    def action_label(self, obj):
        return get_action_label(obj.verb)

    @admin.display(description=gettext_lazy("type of data"), ordering="model")
    def object_type(self, obj):
        return get_model_verbose_name(obj.model)

    @admin.display(description=gettext_lazy("affected record"))
    def object_description(self, obj):
        return describe_objects([obj], viewer=obj.viewer)[0]

    @admin.display(description=gettext_lazy("changes"))
    def changes_table(self, obj):
        ((_entry, changes),) = format_changes([obj], viewer=obj.viewer)
        rows = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
            ((change.label, change.old, change.new) for change in changes),
        )
        return format_html("<table>{}</table>", rows) if rows else "–"
