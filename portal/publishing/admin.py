"""What the admin of every record has in common: languages, signatures, states."""

import datetime as dt

from django.contrib import admin, messages
from django.contrib.contenttypes.admin import GenericTabularInline
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from portal.catalogue.period import iso_date
from portal.changes.models import Change
from portal.files.models import Picture
from portal.history.admin import RememberedAdmin
from portal.publishing import error_reports, numbering, operations, presence
from portal.publishing.dependencies import enqueue_refresh_of
from portal.publishing.forms import RecordForm
from portal.publishing.links import linked_pks, put_links, relations_of
from portal.publishing.merging.admin import MergingAdmin
from portal.publishing.models import (
    Attachment,
    ErrorReport,
    EvidenceOnlyHost,
    Illustration,
    ImportBatch,
    Proposal,
    Redirect,
    Source,
)
from portal.publishing.public_changes import ChangeAdmin
from portal.publishing.public_uses import is_linked
from portal.publishing.review.actions import ReviewActions, say_of_each
from portal.publishing.review.admin import ProposalAdmin
from portal.publishing.review.pictures import PictureAdmin
from portal.publishing.review.preview import preview_links
from portal.publishing.spreadsheets.admin import ImportBatchAdmin
from portal.publishing.spreadsheets.lists import SpreadsheetMixin
from portal.publishing.translating import PartInline, TranslatingAdmin
from portal.translations.dates import known_date
from portal.translations.shown import reader_language, shown

_PUBLISHING_FIELDS = (
    "seen",
    "remark",
    "confidence",
    "publish_at",
    "status",
    "revision",
    "published_at",
    "withdrawn_at",
    "updated_by",
)


class SourceInline(PartInline, GenericTabularInline):
    model = Source
    extra = 0
    fields = ("position", "url")


class AttachmentInline(PartInline, GenericTabularInline):
    model = Attachment
    extra = 0
    fields = ("position", "file", "language", "title", "is_public")
    autocomplete_fields = ("file",)


class IllustrationInline(PartInline, GenericTabularInline):
    model = Illustration
    extra = 0
    fields = ("position", "picture")
    autocomplete_fields = ("picture",)


class StampedAdmin(SpreadsheetMixin, RememberedAdmin):
    """Signs what is saved with the person and the time, and tells it in the history."""

    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        if change and not form.has_changed():
            return
        obj.updated_by, obj.updated_at = request.user, timezone.now()
        if not change:
            obj.created_by, obj.created_at = obj.updated_by, obj.updated_at
        super().save_model(request, obj, form, change)


def _column_of(name: str) -> str:
    return f"{name}_as_known"


def _known_date(model: type[models.Model], name: str):
    """The column of the date ``name``, shown as exactly as it is known.

    ``iso`` of the column writes it so for files.
    """
    precision = model.date_precisions[name]

    @admin.display(
        description=model._meta.get_field(name).verbose_name,
        ordering=name,
    )
    def column(obj):
        day = getattr(obj, name)
        return known_date(day, getattr(obj, precision)) if day else None

    def iso(obj):
        day = getattr(obj, name)
        return iso_date(day, getattr(obj, precision)) if day else ""

    column.iso = iso
    return column


class RecordAdmin(
    ReviewActions, TranslatingAdmin, MergingAdmin, TranslationAdmin, StampedAdmin
):
    """A public record: its state is changed by actions, its code never.

    Saving a published record brings its public face up to date in the same transaction,
    or, while four eyes are asked for, lets the change wait for another person.
    ``title_field`` is the translated field shown in lists, "" where there is none.
    """

    form = RecordForm
    title_field = "title"
    change_form_template = "admin/record_form.html"
    inlines = (SourceInline, AttachmentInline, IllustrationInline)
    record_list_filter = ("status", "confidence")
    save_on_top = True

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        for name in model.date_precisions:
            setattr(self, _column_of(name), _known_date(model, name))

    def get_list_display(self, request):
        columns = [self.model.code_field, *self.list_columns()]
        shown = self._with_known_dates(columns)
        return [*shown, "status", "written_in", "updated_at"]

    def _with_known_dates(self, names) -> list[str]:
        """``names`` of fields; dates replaced by what shows them as exactly as known.

        Django would show the first of January for a year.
        """
        dates = self.model.date_precisions
        return [_column_of(name) if name in dates else name for name in names]

    def list_columns(self) -> list[str]:
        return ["shown_title"] if self.title_field else []

    def get_list_filter(self, request):
        return [*self.record_list_filter, *self.list_filter]

    def get_list_select_related(self, request):
        return ("updated_by",)

    def get_readonly_fields(self, request, obj=None):
        told = ("status", "revision", "published_at", "withdrawn_at", "updated_by")
        fixed = (self.model.code_field,) if obj else ()
        dates = map(_column_of, self._dates_only_shown(request, obj))
        return [*super().get_readonly_fields(request, obj), *told, *fixed, *dates]

    def _dates_only_shown(self, request, obj) -> list[str]:
        """Dates with a precision on the page of who may not change ``obj``."""
        is_only_shown = obj is not None and not self.has_change_permission(request, obj)
        return list(self.model.date_precisions) if is_only_shown else []

    def get_object(self, request, object_id, from_field=None):
        """A record that is being saved is read under its lock: of two forms sent at the
        same moment the second sees what the first has written."""
        record = super().get_object(request, object_id, from_field)
        if record is not None and request.method == "POST":
            locked = models.QuerySet(self.model).select_for_update(no_key=True)
            record.refresh_from_db(from_queryset=locked)
            self.remember(request, record)
        return record

    def get_fieldsets(self, request, obj=None):
        """What a record says first, how it stands in the portal last."""
        ((heading, options),) = super().get_fieldsets(request, obj)
        names = list(dict.fromkeys(options["fields"]))
        last = [name for name in names if name.startswith(_PUBLISHING_FIELDS)]
        first = [name for name in names if name not in last]
        if self._dates_only_shown(request, obj):
            first = list(dict.fromkeys(self._with_known_dates(first)))
        code = self.model.code_field
        first.sort(key=lambda name: name != code)
        return [
            (heading, {**options, "fields": first}),
            (gettext_lazy("Evidence and publishing"), {"fields": last}),
        ]

    def has_delete_permission(self, request, obj=None):
        """What was public once keeps its code and its trace; withdraw it instead.

        What other records link stays too: their content would change with it.
        """
        may = super().has_delete_permission(request, obj)
        if obj is None or not may:
            return may
        return obj.revision == 0 and not self._is_linked(request, obj)

    def _is_linked(self, request, record) -> bool:
        # Asked several times for one page.
        known = request.__dict__.setdefault("linked_records", {})
        if record.pk not in known:
            known[record.pk] = is_linked(record)
        return known[record.pk]

    def log_deletions(self, request, queryset):
        """Check under the lock that no record has come to link the row meanwhile;
        before the audit entry, which such a record may be waiting to write."""
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
    def shown_title(self, obj):
        return shown(obj, self.title_field, reader_language()) or "–"

    @admin.display(description=gettext_lazy("languages"))
    def written_in(self, obj):
        return ", ".join(obj.languages)

    def save_model(self, request, obj, form, change):
        if obj.code_prefix and not obj.code:
            obj.code = numbering.next_code(obj.code_prefix)
        elif obj.code_prefix and not change:
            numbering.reserve_code(obj.code)
        if change:
            operations.hold(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        linked = {relation.name for relation in relations_of(self.model)}
        before = {
            name: linked_pks(form.instance, name)
            for name in linked.intersection(form.changed_data)
        }
        super().save_related(request, form, formsets, change)
        for name, pks in before.items():
            self._keep_order(request, form, name, pks)
        if (
            change
            and not form.has_changed()
            and not any(formset.has_changed() for formset in formsets)
        ):
            return
        if getattr(request, "is_proposing", False):
            return
        record = self.model.objects.get(pk=form.instance.pk)
        before = self.remembered(request) if change else None
        state = record.status
        operations.republish(record, by=request.user, at=timezone.now(), before=before)
        if record.status != state:
            told = _(
                "It was approved before you changed it: it waits for approval again."
            )
            messages.warning(request, told)

    def write_history(self, request, obj, before):
        """``republish`` has told it."""

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["previews"] = preview_links(obj, at=timezone.now())
            context["is_linked"] = (
                obj.revision == 0
                and self.has_delete_permission(request)
                and self._is_linked(request, obj)
            )
            if request.method == "GET":
                self._warn(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _warn(self, request, record) -> None:
        """Tell who else has the form open."""
        at = timezone.now()
        for name, since in presence.arrive(record, user=request.user, at=at):
            when = timezone.localtime(dt.datetime.fromisoformat(since))
            told = _("%(who)s opened this record at %(time)s and may be changing it.")
            values = {"who": name, "time": date_format(when, "TIME_FORMAT")}
            messages.warning(request, told % values)

    def response_change(self, request, obj):
        presence.leave(obj, user=request.user)
        return super().response_change(request, obj)

    def _keep_order(self, request, form, name: str, before: list[int]) -> None:
        """What was there stays in its order; what is new follows as it was chosen."""
        after = linked_pks(form.instance, name)
        chosen = [int(pk) for pk in request.POST.getlist(form.add_prefix(name))]
        kept = [pk for pk in before if pk in after]
        wanted = kept + [pk for pk in chosen if pk in after and pk not in kept]
        if wanted != after and set(wanted) == set(after):
            put_links(form.instance, name, wanted)


admin.site.register(Change, ChangeAdmin)
admin.site.register(Proposal, ProposalAdmin)
admin.site.register(Picture, PictureAdmin)
admin.site.register(ImportBatch, ImportBatchAdmin)


@admin.register(EvidenceOnlyHost)
class EvidenceOnlyHostAdmin(StampedAdmin):
    """Published records with a source on such a host follow when it is saved."""

    list_display = ("host", "reason")
    search_fields = ("host",)

    def write_history(self, request, obj, before):
        """Write the history, and only then look for records with such a host."""
        super().write_history(request, obj, before)
        old = before.values["host"] if before else ""
        if obj.host != old:
            rows = [EvidenceOnlyHost(host=host) for host in (old, obj.host) if host]
            enqueue_refresh_of(rows, at=timezone.now())

    def delete_model(self, request, obj):
        """Delete the host; Django has written the history by then."""
        enqueue_refresh_of([obj], at=timezone.now())
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        enqueue_refresh_of(queryset, at=timezone.now())
        super().delete_queryset(request, queryset)


@admin.register(Redirect)
class RedirectAdmin(StampedAdmin):
    list_display = ("old_path", "new_path")
    search_fields = ("old_path", "new_path")


@admin.register(ErrorReport)
class ErrorReportAdmin(SpreadsheetMixin, RememberedAdmin):
    """Nobody writes into what a reader wrote; it is dealt with, or deleted as spam."""

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
        description=gettext_lazy("Mark as dealt with, and erase the e-mail address"),
        permissions=["change"],
    )
    def close(self, request, queryset):
        say_of_each(self, request, queryset, error_reports.close)
