"""Admin pages of spreadsheet imports: upload, check, questions, write, undo."""

import io

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.publishing.import_choices import ImportState
from portal.content.publishing.models import ImportBatch, ImportedFile, Proposal
from portal.content.publishing.models.import_batches import EMPTY_VALUES
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.blank_workbook import write_blank_workbook
from portal.content.spreadsheets.downloads import build_file_response
from portal.content.spreadsheets.error_export import iterate_rows_with_errors
from portal.content.spreadsheets.export import MEDIA_TYPES
from portal.content.spreadsheets.forms import (
    AnswersForm,
    HeadingMappingForm,
    ImportForm,
    get_resource_label,
    load_column_labels,
)
from portal.content.spreadsheets.permissions import get_importable_codes
from portal.content.spreadsheets.progress import get_progress
from portal.content.spreadsheets.questions import NeedsAnswer
from portal.content.spreadsheets.registry import get_resource, get_resource_codes
from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError
from portal.content.spreadsheets.written_rows import build_written_records
from portal.content.spreadsheets.xlsx_writing import ExportError
from portal.core.accounts.form_tokens import (
    PendingSubmission,
    describe_repeat,
    new_token,
)
from portal.core.accounts.models import FormSubmission
from portal.core.audit.admin import AuditedAdmin

LIST = "admin:publishing_importbatch_changelist"
UPLOAD_TEMPLATE = "admin/publishing/importbatch/upload.html"
DETAIL_TEMPLATE = "admin/publishing/importbatch/batch.html"
UNDO = "admin/publishing/importbatch/undo.html"
_RUNNING_STATES = (ImportState.CHECKING, ImportState.WRITING)
# Number of links to written records per page.
_LINKS = 100


class ImportList(ChangeList):
    """Changelist that does not load the values read from the files."""

    def get_queryset(self, request, exclude_parameters=None):
        batches = super().get_queryset(request, exclude_parameters)
        return batches.defer(*EMPTY_VALUES, "counts", "notes")


class HeadingMappingAdmin(AuditedAdmin):
    """Admin of the headings that were chosen in imports.

    Imports create them; administrators change as which column a heading is read, or
    delete it so that the next import asks again.
    """

    form = HeadingMappingForm
    fields = ("resource_label", "heading", "field", "updated_by", "updated_at")
    readonly_fields = ("resource_label", "heading", "updated_by", "updated_at")
    list_display = ("heading", "resource_label", "read_as", "updated_by", "updated_at")
    list_select_related = ("updated_by",)
    search_fields = ("heading",)
    show_full_result_count = False

    @admin.display(description=gettext_lazy("type of data"), ordering="resource")
    def resource_label(self, obj):
        is_known = obj.resource in get_resource_codes()
        return get_resource_label(obj.resource) if is_known else obj.resource

    @admin.display(description=gettext_lazy("read as"), ordering="field")
    def read_as(self, obj):
        if not obj.field:
            return _("ignored")
        text = load_column_labels(obj.resource).get(obj.field)
        return text or _("%(column)s (no longer exists)") % {"column": obj.field}

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        if form.has_changed():
            obj.updated_by, obj.updated_at = request.user, timezone.now()
            super().save_model(request, obj, form, change)


class ImportBatchAdmin(admin.ModelAdmin):
    """Admin of imports; a user sees the imports of resources they may import."""

    list_display = (
        "file_name",
        "resource_label",
        "state",
        "received_by",
        "received_at",
    )
    list_filter = ("state",)
    show_full_result_count = False
    actions = None

    @admin.display(description=gettext_lazy("type of data"))
    def resource_label(self, obj):
        return get_resource_label(obj.resource)

    def get_changelist(self, request, **kwargs):
        return ImportList

    def get_queryset(self, request):
        batches = super().get_queryset(request)
        batches = batches.select_related("received_by", "written_by", "undone_by")
        return batches.filter(resource__in=get_importable_codes(request.user))

    def has_module_permission(self, request):
        return bool(get_importable_codes(request.user))

    def has_add_permission(self, request):
        return bool(get_importable_codes(request.user))

    def has_view_permission(self, request, obj=None):
        codes = get_importable_codes(request.user)
        return bool(codes) if obj is None else obj.resource in codes

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        urls = [
            path(
                "template/<slug:code>/",
                self.admin_site.admin_view(self.download_template_view),
                name="publishing_importbatch_template",
            ),
            path(
                "<int:pk>/errors/<str:form>/",
                self.admin_site.admin_view(self.download_errors_view),
                name="publishing_importbatch_errors",
            ),
            path(
                "<int:pk>/undo/",
                self.admin_site.admin_view(self.undo_view),
                name="publishing_importbatch_undo",
            ),
        ]
        return [*urls, *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Show the upload form; store an uploaded file and enqueue its check."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = ImportForm(request.POST, request.FILES, user=request.user)
            return self._create_batch(request, form)
        initial = {"resource": request.GET.get("resource", "")}
        form = ImportForm(user=request.user, initial=initial)
        return self._upload_page(request, form, new_token(request, model=self.model))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the result of an import and handle answers and the write request."""
        batch = self.get_object(request, object_id)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = self._answers_form(request, batch)
        is_answered = form is None or not form.is_bound or form.is_valid()
        if request.method == "POST" and is_answered:
            return self._handle_action(request, batch, form)
        has_file = ImportedFile.objects.filter(batch=batch).exists()
        is_open = batch.state in (ImportState.ASKING, ImportState.CHECKED)
        context = {
            "batch": batch,
            "title": str(batch),
            "contents": get_resource_label(batch.resource),
            "is_busy": batch.state in _RUNNING_STATES,
            "progress": get_progress(batch.pk),
            "has_file": has_file,
            "is_forgotten": is_open and not has_file,
            "forms": list(MEDIA_TYPES),
            "answers_form": form,
            "written": self._get_written_records(request, batch),
            **self._get_proposal_context(request, batch),
        }
        return self._page(request, DETAIL_TEMPLATE, context)

    def undo_view(self, request, pk):
        """Show what would be undone; undo the import on confirmation."""
        batch = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            try:
                operations.undo_import(batch, by=request.user, at=timezone.now())
            except operations.InvalidImportStateError as error:
                self.message_user(request, str(error), messages.ERROR)
            return self._redirect_to_batch(batch)
        if batch.state != ImportState.WRITTEN:
            return self._redirect_to_batch(batch)
        context = {
            "batch": batch,
            "title": _("Undo import %(batch)s") % {"batch": batch},
            "written": self._get_written_records(request, batch),
            "open_count": batch.proposals.open().count(),
        }
        return self._page(request, UNDO, context)

    def download_template_view(self, request, code):
        """Return a workbook with the headings of the resource ``code``."""
        if code not in get_resource_codes():
            raise Http404
        if code not in get_importable_codes(request.user):
            raise PermissionDenied
        out = io.BytesIO()
        write_blank_workbook(out, get_resource(code))
        out.seek(0)
        return FileResponse(
            out,
            as_attachment=True,
            filename=f"{code}-template.xlsx",
            content_type=MEDIA_TYPES["xlsx"],
        )

    def download_errors_view(self, request, pk, form):
        """Return the imported file with an error column as a download."""
        batch = get_object_or_404(self.get_queryset(request), pk=pk)
        if form not in MEDIA_TYPES:
            raise Http404
        try:
            return build_file_response(
                iterate_rows_with_errors(batch), name=f"errors-{batch.pk}", form=form
            )
        except ImportedFile.DoesNotExist:
            raise Http404 from None
        except (UnreadableSpreadsheetError, ExportError, NeedsAnswer) as error:
            self.message_user(request, str(error), messages.ERROR)
            return self._redirect_to_batch(batch)

    def _create_batch(self, request, form: ImportForm):
        """Create the import once, even if the form is submitted repeatedly."""
        # Validated before the transaction, because SQLite allows one writer at a time.
        is_valid = form.is_valid()
        with transaction.atomic():
            pending = PendingSubmission(request, model=self.model)
            if pending.earlier is not None:
                return self._respond_to_repeat(request, pending.earlier)
            if pending.error:
                form.add_error(None, pending.error)
            if not is_valid or pending.error:
                pending.release()
                return self._upload_page(request, form, pending.text)
            data, at = form.cleaned_data, timezone.now()
            batch = operations.create_import(
                get_resource(data["resource"]),
                content=data["file"].read(),
                name=data["file"].name,
                by=request.user,
                at=at,
            )
            operations.enqueue_check(batch, at=at)
            pending.complete(batch)
        return self._redirect_to_batch(batch)

    def _respond_to_repeat(self, request, earlier: FormSubmission):
        batch = earlier.find_saved_object(self.get_queryset(request))
        self.message_user(request, describe_repeat(batch), messages.WARNING)
        return self._redirect_to_batch(batch) if batch else redirect(LIST)

    def _upload_page(self, request, form: ImportForm, token: str) -> TemplateResponse:
        context = {
            "form": form,
            "form_token": token,
            "templates": form.fields["resource"].choices,
            "title": _("Import a spreadsheet"),
        }
        return self._page(request, UPLOAD_TEMPLATE, context)

    def _answers_form(self, request, batch: ImportBatch) -> AnswersForm | None:
        """Return the form for the import's questions, None if there are none."""
        is_open = batch.state in (ImportState.ASKING, ImportState.CHECKED)
        if not is_open or not batch.questions:
            return None
        return AnswersForm(
            request.POST if "_answer" in request.POST else None,
            questions=batch.questions,
            answers=batch.answers,
        )

    def _get_written_records(self, request, batch: ImportBatch):
        """Return a page of links to the written records, None if not written."""
        if batch.state != ImportState.WRITTEN:
            return None
        page = Paginator(batch.rows.order_by("position"), _LINKS).get_page(
            request.GET.get("p")
        )
        page.object_list = build_written_records(list(page.object_list))
        return page

    def _get_proposal_context(self, request, batch: ImportBatch) -> dict:
        """Return the template context for the changes that the import proposed."""
        if batch.state != ImportState.WRITTEN or not batch.counts.get("proposed"):
            return {}
        proposal_admin = self.admin_site.get_model_admin(Proposal)
        return {
            "waiting_count": batch.proposals.waiting().count(),
            "can_view_proposals": proposal_admin.has_view_permission(request),
        }

    def _handle_action(self, request, batch: ImportBatch, form: AnswersForm | None):
        at = timezone.now()
        try:
            if "_write" in request.POST:
                operations.enqueue_write(
                    batch,
                    plan_sha256=request.POST.get("plan_sha256", ""),
                    by=request.user,
                    at=at,
                )
            elif form is not None and form.is_bound:
                operations.answer(
                    batch, answers=form.cleaned_data, by=request.user, at=at
                )
            elif "_answer" in request.POST:
                text = _(
                    "Your answers were not saved, because this import has no "
                    "questions to answer."
                )
                self.message_user(request, text, messages.ERROR)
        except operations.InvalidImportStateError as error:
            self.message_user(request, str(error), messages.ERROR)
        return self._redirect_to_batch(batch)

    def _redirect_to_batch(self, batch: ImportBatch) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:publishing_importbatch_change", args=(batch.pk,))
        )

    def _page(self, request, template: str, context: dict) -> TemplateResponse:
        context_data = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, template, context_data)
