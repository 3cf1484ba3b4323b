"""The history in the admin: read by those who may, written by nobody."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.history import operations
from portal.history.choices import Verb, label_of
from portal.history.models import Deed
from portal.history.naming import kind_of_row
from portal.history.snapshots import Snapshot, snapshot
from portal.history.telling import told_changes, told_note, told_rows

# So many deeds of one record are shown, the latest first.
_SHOWN = 200


class RememberedAdmin(admin.ModelAdmin):
    """What is saved and deleted here is written into the history.

    Django's own log is not: it keeps the names of people in clear, and anyone with
    access to its table can change it.
    """

    object_history_template = "admin/history.html"

    def parts_of(self, obj) -> tuple[str, ...]:
        """The reverse relations whose rows are edited in the form of ``obj``."""
        return getattr(obj, "parts", ())

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            self.remember(request, row)
        return row

    def remember(self, request, row) -> None:
        """Keep what ``row`` says now, before the form of this request is saved."""
        request.row_before = snapshot(row, self.parts_of(row))

    def remembered(self, request) -> Snapshot | None:
        return getattr(request, "row_before", None)

    def log_addition(self, request, obj, message):
        self.write_history(request, obj, None)

    def log_change(self, request, obj, message):
        self.write_history(request, obj, self.remembered(request))

    def write_history(self, request, obj, before: Snapshot | None) -> None:
        """Say what was saved. A door whose operation says so itself does nothing."""
        row = type(obj).objects.get(pk=obj.pk)
        after = snapshot(row, self.parts_of(row))
        operations.append_changes(
            row, before=before, after=after, by=request.user, at=timezone.now()
        )

    def log_deletions(self, request, queryset):
        for row in queryset:
            before = snapshot(row, self.parts_of(row))
            operations.append_changes(
                row, before=before, after=None, by=request.user, at=timezone.now()
            )

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        deeds = list(Deed.objects.about(row).select_related("by")[:_SHOWN])
        rows = told_rows(deeds, reader=request.user)
        told = told_changes(deeds, reader=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": row},
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            "deeds": [
                {
                    "deed": deed,
                    "label": label_of(deed.verb),
                    "row": row,
                    "changes": changes,
                }
                for row, (deed, changes) in zip(rows, told, strict=True)
            ],
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


class ReadAdmin(admin.ModelAdmin):
    """Rows that are looked at, and that nobody writes at the desk."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class VerbFilter(admin.SimpleListFilter):
    """The known deeds; which of them are in the chain would take to read it whole."""

    title = gettext_lazy("deed")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return Verb.choices

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Deed)
class DeedAdmin(ReadAdmin):
    """The whole chain, for auditors. Nothing in it can be edited or deleted."""

    list_display = ("position", "at", "by", "deed", "kind", "name")
    list_filter = (VerbFilter,)
    list_select_related = ("by",)
    search_fields = ("=name", "=by__username", "=model", "=row")
    ordering = ("-position",)
    show_full_result_count = False
    fields = (
        "position",
        "at",
        "by",
        "deed",
        "done_to",
        "row",
        "name",
        "told",
        "reason",
    )
    readonly_fields = (*fields, "hash", "previous_hash")

    def get_object(self, request, object_id, from_field=None):
        """The deed, which knows by whom it is read."""
        deed = super().get_object(request, object_id, from_field)
        if deed is not None:
            deed.reader = request.user
        return deed

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, obj):
        return told_note(obj, reader=obj.reader) or "–"

    @admin.display(description=gettext_lazy("deed"))
    def deed(self, obj):
        return label_of(obj.verb)

    @admin.display(description=gettext_lazy("kind of row"), ordering="model")
    def kind(self, obj):
        return kind_of_row(obj.model)

    @admin.display(description=gettext_lazy("done to"))
    def done_to(self, obj):
        return told_rows([obj], reader=obj.reader)[0]

    @admin.display(description=gettext_lazy("changes"))
    def told(self, obj):
        ((_deed, changes),) = told_changes([obj], reader=obj.reader)
        rows = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
            ((one.label, one.old, one.new) for one in changes),
        )
        return format_html("<table>{}</table>", rows) if rows else "–"
