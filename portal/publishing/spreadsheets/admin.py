"""Files that were brought in, at the desk: checked, mended, written, undone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.form_tokens import PendingSubmission, describe_repeat, new_token
from portal.accounts.models import FormSubmission
from portal.publishing.models import ImportBatch, ImportedFile
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.choices import ImportState
from portal.publishing.spreadsheets.downloads import answer_file
from portal.publishing.spreadsheets.error_sheets import rows_with_errors
from portal.publishing.spreadsheets.exporting import MEDIA_TYPES
from portal.publishing.spreadsheets.forms import ImportForm, label_of
from portal.publishing.spreadsheets.permissions import importable
from portal.publishing.spreadsheets.progress import progress_of
from portal.publishing.spreadsheets.registry import resource_named
from portal.publishing.spreadsheets.sheets import Unreadable
from portal.publishing.spreadsheets.xlsx_writing import Unwritable

LIST = "admin:publishing_importbatch_changelist"
RECEIVE = "admin/publishing/importbatch/receive.html"
BATCH = "admin/publishing/importbatch/batch.html"
_BUSY = (ImportState.CHECKING, ImportState.WRITING)


class ImportBatchAdmin(admin.ModelAdmin):
    """Each import is seen by those who might have made it."""

    list_display = ("file_name", "contents", "state", "received_by", "received_at")
    list_filter = ("state",)
    show_full_result_count = False
    actions = None

    @admin.display(description=gettext_lazy("what is in it"))
    def contents(self, obj):
        return label_of(obj.resource)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        rows = rows.select_related("received_by", "written_by", "undone_by")
        return rows.filter(resource__in=importable(request.user))

    def has_module_permission(self, request):
        return bool(importable(request.user))

    def has_add_permission(self, request):
        return bool(importable(request.user))

    def has_view_permission(self, request, obj=None):
        codes = importable(request.user)
        return bool(codes) if obj is None else obj.resource in codes

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        address = path(
            "<int:pk>/errors/<str:form>/",
            self.admin_site.admin_view(self.error_sheet),
            name="publishing_importbatch_errors",
        )
        return [address, *super().get_urls()]

    def add_view(self, request, form_url="", extra_context=None):
        """Take in a file and have it checked."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = ImportForm(request.POST, request.FILES, user=request.user)
            return self._receive(request, form)
        asked = {"resource": request.GET.get("resource", "")}
        form = ImportForm(user=request.user, initial=asked)
        return self._receive_page(request, form, new_token(request, model=self.model))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What is in the file, and what can be done with it now."""
        batch = self.get_object(request, object_id)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self._act(request, batch)
        return self._page(
            request,
            BATCH,
            {
                "batch": batch,
                "title": str(batch),
                "contents": label_of(batch.resource),
                "is_busy": batch.state in _BUSY,
                "progress": progress_of(batch.pk),
                "has_file": ImportedFile.objects.filter(batch=batch).exists(),
                "untold": batch.error_count - len(batch.errors),
                "forms": list(MEDIA_TYPES),
            },
        )

    def error_sheet(self, request, pk, form):
        """The file with its errors beside the rows."""
        batch = get_object_or_404(self.get_queryset(request), pk=pk)
        if form not in MEDIA_TYPES:
            raise Http404
        try:
            return answer_file(
                rows_with_errors(batch), name=f"errors-{batch.pk}", form=form
            )
        except ImportedFile.DoesNotExist:
            raise Http404 from None
        except (Unreadable, Unwritable) as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return self._to(batch)

    def _receive(self, request, form: ImportForm):
        """Create the import once, however often the form is sent."""
        # Before the transaction: SQLite lets no one else write during it.
        is_valid = form.is_valid()
        with transaction.atomic():
            pending = PendingSubmission(request, model=self.model)
            if pending.earlier is not None:
                return self._respond_to_repeat(request, pending.earlier)
            if pending.error:
                form.add_error(None, pending.error)
            if not is_valid or pending.error:
                pending.release()
                return self._receive_page(request, form, pending.text)
            data, at = form.cleaned_data, timezone.now()
            batch = operations.receive(
                resource_named(data["resource"]),
                content=data["file"].read(),
                name=data["file"].name,
                by=request.user,
                at=at,
            )
            operations.ask_to_check(batch, at=at)
            pending.complete(batch)
        return self._to(batch)

    def _respond_to_repeat(self, request, earlier: FormSubmission):
        batch = earlier.saved_row(self.get_queryset(request))
        self.message_user(request, describe_repeat(batch), messages.WARNING)
        return self._to(batch) if batch else redirect(LIST)

    def _receive_page(self, request, form: ImportForm, token: str) -> TemplateResponse:
        context = {
            "form": form,
            "form_token": token,
            "title": _("Bring in a spreadsheet"),
        }
        return self._page(request, RECEIVE, context)

    def _act(self, request, batch: ImportBatch):
        at = timezone.now()
        try:
            if "_write" in request.POST:
                operations.ask_to_write(batch, by=request.user, at=at)
            elif "_undo" in request.POST:
                operations.undo(batch, by=request.user, at=at)
        except operations.WrongStep as problem:
            self.message_user(request, str(problem), messages.ERROR)
        return self._to(batch)

    def _to(self, batch: ImportBatch) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:publishing_importbatch_change", args=(batch.pk,))
        )

    def _page(self, request, template: str, context: dict) -> TemplateResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)
