from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from portal.accounts import todo
from portal.accounts.todo import Box, Task
from portal.files import operations
from portal.files.downloads import download
from portal.files.examination import examine
from portal.files.models import Picture, StoredFile
from portal.files.uses import uses_of
from portal.history.admin import RememberedAdmin


class StoredFileForm(forms.ModelForm):
    """Takes an upload; the row is made by ``keep``.

    ``is_known``: these bytes were kept before.
    """

    upload = forms.FileField(label=_("file"))
    is_known = False

    class Meta:
        model = StoredFile
        fields = ()

    def save(self, commit=True):
        examined, name = self.cleaned_data["upload"]
        self.is_known = StoredFile.objects.filter(sha256=examined.digest()).exists()
        self.instance = operations.keep(examined, name=name)
        return self.instance

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return examine(upload), upload.name

    def save_m2m(self):
        """A file has no relations of its own."""


class KeptAdmin(RememberedAdmin):
    """Rows that others hold: what is in use is not deleted, and it is told by what."""

    show_full_result_count = False

    @admin.display(description=_("used by"))
    def used_by(self, obj):
        uses = uses_of(obj) if obj.pk else []
        if not uses:
            return "–"
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((use,) for use in uses))
        )

    def get_deleted_objects(self, objs, request):
        gone, counts, lacking, _protected = super().get_deleted_objects(objs, request)
        return gone, counts, lacking, [use for one in objs for use in uses_of(one)]

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(StoredFile)
class StoredFileAdmin(KeptAdmin):
    list_display = ("name", "media_type", "size", "created_at")
    list_filter = ("media_type",)
    search_fields = ("name", "sha256")

    exclude = ("content",)
    readonly_fields = ("download_link", "used_by")

    @admin.display(description=_("download"))
    def download_link(self, obj):
        if obj.pk is None:
            return "–"
        url = reverse("admin:files_storedfile_download", kwargs={"pk": obj.pk})
        return format_html('<a href="{}">{}</a>', url, obj.name)

    def get_urls(self):
        address = path(
            "<int:pk>/download/",
            self.admin_site.admin_view(self.download),
            name="files_storedfile_download",
        )
        return [address, *super().get_urls()]

    def download(self, request, pk):
        """Staff have their files whether anything is published or not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return download(get_object_or_404(StoredFile, pk=pk))

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else ()

    def save_model(self, request, obj, form, change):
        """The form has kept it."""
        request.is_known = form.is_known

    def write_history(self, request, obj, before):
        if not request.is_known:
            super().write_history(request, obj, before)

    def delete_model(self, request, obj):
        content = obj.content
        super().delete_model(request, obj)
        transaction.on_commit(partial(content.storage.delete, content.name))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = StoredFileForm
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False


def _undescribed(user, at, limit: int) -> list[Task]:
    """Pictures without alternative text: nothing that shows one can be published."""
    if not user.has_perm("files.change_picture"):
        return []
    found = Picture.objects.undescribed().select_related("file").order_by("pk")
    return [
        Task(str(picture), reverse("admin:files_picture_change", args=[picture.pk]))
        for picture in found[:limit]
    ]


todo.register(Box("pictures", _("Pictures without alternative text"), _undescribed))
