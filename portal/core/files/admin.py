from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import dashboard
from portal.core.accounts.dashboard import (
    DashboardItem,
    DashboardWidget,
    WidgetPosition,
)
from portal.core.audit.admin import AuditedAdmin
from portal.core.files import operations
from portal.core.files.downloads import build_download_response
from portal.core.files.models import Picture, StoredFile
from portal.core.files.upload_validation import validate_upload
from portal.core.files.usage import get_usages


class StoredFileForm(forms.ModelForm):
    """Admin form for uploading a file.

    Saving stores the validated upload, or returns the existing row if the same bytes
    are already stored; ``is_duplicate`` is True in that case.
    """

    upload = forms.FileField(label=capfirst(_("file")))
    is_duplicate = False

    class Meta:
        model = StoredFile
        fields = ()

    def save(self, commit=True):
        upload, name = self.cleaned_data["upload"]
        self.is_duplicate = StoredFile.objects.filter(
            sha256=upload.compute_sha256()
        ).exists()
        self.instance = operations.store_validated_upload(upload, name=name)
        return self.instance

    def clean_upload(self):
        """Return the validated upload and the file name given by the browser."""
        upload = self.cleaned_data["upload"]
        return validate_upload(upload), upload.name

    def save_m2m(self):
        """Do nothing: a stored file has no many-to-many fields."""


class UsageProtectedAdmin(AuditedAdmin):
    """Base admin for rows that other records use: rows in use cannot be deleted.

    The change page and the delete confirmation list the records that use the row.
    Deleting several rows at once is disabled.
    """

    show_full_result_count = False

    def get_usages(self, obj) -> list[str]:
        """Return descriptions of the records that use the row."""
        return get_usages(obj)

    @admin.display(description=_("used by"))
    def used_by(self, obj):
        usages = self.get_usages(obj) if obj.pk else []
        if not usages:
            return "–"
        return format_html(
            "<ul>{}</ul>",
            format_html_join("", "<li>{}</li>", ((usage,) for usage in usages)),
        )

    def get_deleted_objects(self, objs, request):
        to_delete, model_count, missing_permissions, _protected = (
            super().get_deleted_objects(objs, request)
        )
        return (
            to_delete,
            model_count,
            missing_permissions,
            [usage for obj in objs for usage in self.get_usages(obj)],
        )

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class BaseStoredFileAdmin(UsageProtectedAdmin):
    """Admin of files, registered by ``portal.content.editing`` with all uses."""

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
        download_pattern = path(
            "<int:pk>/download/",
            self.admin_site.admin_view(self.download),
            name="files_storedfile_download",
        )
        return [download_pattern, *super().get_urls()]

    def download(self, request, pk):
        """Return the file as a download, whether or not it is published.

        Raises PermissionDenied if the user has no view permission.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        return build_download_response(get_object_or_404(StoredFile, pk=pk))

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else ()

    def save_model(self, request, obj, form, change):
        """Only note whether the upload is a duplicate: the form has stored the file."""
        request.is_duplicate_upload = form.is_duplicate

    def write_audit_entries(self, request, obj, before):
        """Write no audit entry for a duplicate upload, which created no row."""
        if not request.is_duplicate_upload:
            super().write_audit_entries(request, obj, before)

    def delete_model(self, request, obj):
        """Delete the row, and its bytes once the transaction is committed."""
        content = obj.content
        super().delete_model(request, obj)
        transaction.on_commit(partial(content.storage.delete, content.name))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = StoredFileForm
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False


def _find_pictures_missing_alt_text(user, at, limit: int) -> list[DashboardItem]:
    """Return dashboard items for pictures without alternative text.

    Records that show one of these pictures cannot be published.
    """
    if not user.has_perm("files.change_picture"):
        return []
    pictures = Picture.objects.missing_alt_text().select_related("file").order_by("pk")
    return [
        DashboardItem(
            str(picture), reverse("admin:files_picture_change", args=[picture.pk])
        )
        for picture in pictures[:limit]
    ]


dashboard.register_widget(
    DashboardWidget(
        "pictures",
        _("Pictures without alternative text"),
        WidgetPosition.MISSING,
        hint=_("Describe the picture. Records that show it cannot be published yet."),
        get_items=_find_pictures_missing_alt_text,
    )
)
