"""Imports of spreadsheets in the admin: checked, answered, written and undone."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
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
from portal.publishing.models.import_batches import EMPTY_VALUES
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.choices import ImportState
from portal.publishing.spreadsheets.downloads import answer_file
from portal.publishing.spreadsheets.error_sheets import rows_with_errors
from portal.publishing.spreadsheets.exporting import MEDIA_TYPES
from portal.publishing.spreadsheets.forms import AnswersForm, ImportForm, label_of
from portal.publishing.spreadsheets.permissions import importable
from portal.publishing.spreadsheets.progress import progress_of
from portal.publishing.spreadsheets.questions import NeedsAnswer
from portal.publishing.spreadsheets.registry import resource_named
from portal.publishing.spreadsheets.sheets import Unreadable
from portal.publishing.spreadsheets.written import written_records
from portal.publishing.spreadsheets.xlsx_writing import Unwritable

LIST = "admin:publishing_importbatch_changelist"
RECEIVE = "admin/publishing/importbatch/receive.html"
BATCH = "admin/publishing/importbatch/batch.html"
UNDO = "admin/publishing/importbatch/undo.html"
_BUSY = (ImportState.CHECKING, ImportState.WRITING)
# Links to written records on one page.
_LINKS = 100


class ImportList(ChangeList):
    """The list of imports, without what was read from their files."""

    def get_queryset(self, request, exclude_parameters=None):
        rows = super().get_queryset(request, exclude_parameters)
        return rows.defer(*EMPTY_VALUES, "counts", "notes")


class ImportBatchAdmin(admin.ModelAdmin):
    """Each import is seen by those who might have made it."""

    list_display = ("file_name", "contents", "state", "received_by", "received_at")
    list_filter = ("state",)
    show_full_result_count = False
    actions = None

    @admin.display(description=gettext_lazy("what is in it"))
    def contents(self, obj):
        return label_of(obj.resource)

    def get_changelist(self, request, **kwargs):
        return ImportList

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
        addresses = [
            path(
                "<int:pk>/errors/<str:form>/",
                self.admin_site.admin_view(self.error_sheet),
                name="publishing_importbatch_errors",
            ),
            path(
                "<int:pk>/undo/",
                self.admin_site.admin_view(self.undo_view),
                name="publishing_importbatch_undo",
            ),
        ]
        return [*addresses, *super().get_urls()]

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
        form = self._answers_form(request, batch)
        is_answered = form is None or not form.is_bound or form.is_valid()
        if request.method == "POST" and is_answered:
            return self._act(request, batch, form)
        has_file = ImportedFile.objects.filter(batch=batch).exists()
        is_open = batch.state in (ImportState.ASKING, ImportState.CHECKED)
        context = {
            "batch": batch,
            "title": str(batch),
            "contents": label_of(batch.resource),
            "is_busy": batch.state in _BUSY,
            "progress": progress_of(batch.pk),
            "has_file": has_file,
            "is_forgotten": is_open and not has_file,
            "forms": list(MEDIA_TYPES),
            "answers_form": form,
            "written": self._written(request, batch),
        }
        return self._page(request, BATCH, context)

    def undo_view(self, request, pk):
        """Show what would be undone; undo it once that is confirmed."""
        batch = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST":
            try:
                operations.undo(batch, by=request.user, at=timezone.now())
            except operations.WrongStep as problem:
                self.message_user(request, str(problem), messages.ERROR)
            return self._to(batch)
        if batch.state != ImportState.WRITTEN:
            return self._to(batch)
        context = {
            "batch": batch,
            "title": _("Undo the import %(batch)s") % {"batch": batch},
            "written": self._written(request, batch),
        }
        return self._page(request, UNDO, context)

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
        except (Unreadable, Unwritable, NeedsAnswer) as problem:
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

    def _answers_form(self, request, batch: ImportBatch) -> AnswersForm | None:
        """The questions of the import, None when there are none to be answered."""
        is_open = batch.state in (ImportState.ASKING, ImportState.CHECKED)
        if not is_open or not batch.questions:
            return None
        return AnswersForm(
            request.POST if "_answer" in request.POST else None,
            questions=batch.questions,
            answers=batch.answers,
        )

    def _written(self, request, batch: ImportBatch):
        """A page of links to what the import wrote; None when it wrote nothing."""
        if batch.state != ImportState.WRITTEN:
            return None
        page = Paginator(batch.rows.order_by("position"), _LINKS).get_page(
            request.GET.get("p")
        )
        page.object_list = written_records(list(page.object_list))
        return page

    def _act(self, request, batch: ImportBatch, form: AnswersForm | None):
        at = timezone.now()
        try:
            if "_write" in request.POST:
                operations.ask_to_write(
                    batch,
                    plan_sha256=request.POST.get("plan_sha256", ""),
                    by=request.user,
                    at=at,
                )
            elif form is not None and form.is_bound:
                operations.answer(batch, answers=form.cleaned_data, at=at)
            elif "_answer" in request.POST:
                text = _("Your answers were not saved: the import asks nothing now.")
                self.message_user(request, text, messages.ERROR)
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
