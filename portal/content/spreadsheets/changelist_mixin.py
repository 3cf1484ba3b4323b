"""Import and export links and actions of admin changelists."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.content.spreadsheets.changelist_export import (
    changelist_has_personal_data,
    iterate_changelist_rows,
)
from portal.content.spreadsheets.downloads import build_file_response
from portal.content.spreadsheets.export import (
    MEDIA_TYPES,
    check_export_limit,
    iterate_export_rows,
)
from portal.content.spreadsheets.people_export import build_list_for_readers
from portal.content.spreadsheets.permissions import (
    can_export,
    can_import,
    has_personal_data,
)
from portal.content.spreadsheets.registry import get_resource_for_model
from portal.content.spreadsheets.sheet import MAX_ROWS
from portal.content.spreadsheets.xlsx_writing import ExportError, SheetLayout
from portal.core.accounts.reauthentication import (
    is_recently_authenticated,
    redirect_to_reauthentication,
)


class SpreadsheetAdminMixin:
    """Adds an import link, export links and export actions to a changelist.

    Usable for any ModelAdmin. There are two exports, each as xlsx and csv: one for
    people to read, and one with codes that can be imported again. Models without a
    resource are exported as the list displays them and cannot be imported.
    """

    change_list_template = "admin/publishing/spreadsheet_change_list.html"

    def get_urls(self):
        export_url = path(
            "export/<str:form>/",
            self.admin_site.admin_view(self.export_view),
            name="{}_{}_export".format(*self._app_and_model()),
        )
        export_for_people_url = path(
            "export/people/<str:form>/",
            self.admin_site.admin_view(self.export_for_people_view),
            name="{}_{}_export_for_people".format(*self._app_and_model()),
        )
        return [export_url, export_for_people_url, *super().get_urls()]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self._may_export(request):
            has_resource = get_resource_for_model(self.model) is not None
            for name, function in _EXPORT_ACTIONS[has_resource].items():
                actions[name] = (function, name, function.short_description)
        return actions

    def changelist_view(self, request, extra_context=None):
        links = self._links(request)
        return super().changelist_view(
            request, {**(extra_context or {}), "spreadsheet_links": links}
        )

    def export_view(self, request, form):
        """Return the rows of the filtered list as a download for re-import."""
        return self._export_list(request, form)

    def export_for_people_view(self, request, form):
        """Return the rows of the filtered list as a download for people to read."""
        return self._export_list(request, form, for_people=True)

    def _export_list(self, request, form, *, for_people=False):
        if form not in MEDIA_TYPES:
            raise Http404
        if not self._may_export(request):
            raise PermissionDenied
        changelist_url = reverse(
            "{}:{}_{}_changelist".format("admin", *self._app_and_model())
        )
        try:
            queryset = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(changelist_url)
        return self.export_rows(request, queryset, form, for_people=for_people)

    def export_rows(self, request, queryset, form, *, for_people=False):
        """Return ``queryset`` as a download.

        ``for_people`` applies to models with a resource; other models are always
        exported as the list displays them. Redirects to reauthentication first if the
        rows contain personal data, and to the list with a message if the export fails.
        """
        resource = get_resource_for_model(self.model)
        is_personal = (
            has_personal_data(resource)
            if resource
            else changelist_has_personal_data(self)
        )
        if is_personal and not is_recently_authenticated(request):
            return redirect_to_reauthentication(request)
        pks = list(queryset.values_list("pk", flat=True)[: MAX_ROWS + 1])
        try:
            check_export_limit(len(pks))
            if resource and for_people:
                rows, layout = build_list_for_readers(resource, pks)
                name = f"{resource.code()}-list"
            elif resource:
                rows, layout = iterate_export_rows(resource, pks), None
                name = resource.code()
            else:
                changelist = self.get_changelist_instance(request)
                rows = iterate_changelist_rows(changelist, pks)
                layout, name = SheetLayout(is_for_readers=True), self.opts.model_name
            return build_file_response(rows, name=name, form=form, layout=layout)
        except ExportError as error:
            self.message_user(request, str(error), messages.ERROR)
            changelist_url = reverse(
                "{}:{}_{}_changelist".format("admin", *self._app_and_model())
            )
            query = request.GET.urlencode()
            return HttpResponseRedirect(
                f"{changelist_url}?{query}" if query else changelist_url
            )

    def _may_export(self, request) -> bool:
        resource = get_resource_for_model(self.model)
        can_view = self.has_view_permission(request)
        return can_view and (resource is None or can_export(request.user, resource))

    def _app_and_model(self) -> tuple[str, str]:
        return self.opts.app_label, self.opts.model_name

    def _links(self, request) -> list[tuple[str, str]]:
        """Return (label, URL) of the links that the user has permission for."""
        resource, links = get_resource_for_model(self.model), []
        if resource and can_import(request.user, resource):
            url = reverse("admin:publishing_importbatch_add")
            links.append(
                (_("Import a spreadsheet"), f"{url}?resource={resource.code()}")
            )
        if self._may_export(request):
            query = request.GET.urlencode()
            export = "admin:{}_{}_export".format(*self._app_and_model())
            labels = {export: _("Export as %(form)s")}
            if resource:
                labels = {
                    f"{export}_for_people": _("Export for people (%(form)s)"),
                    export: _("Export for re-import (%(form)s)"),
                }
            for name, label in labels.items():
                for form in MEDIA_TYPES:
                    url = reverse(name, kwargs={"form": form})
                    address = f"{url}?{query}" if query else url
                    links.append((label % {"form": form}, address))
        return links


def _build_action(description: str, form: str, *, for_people: bool = False):
    """Return an action that exports the selected rows as ``form``."""

    @admin.action(description=description)
    def export(model_admin, request, queryset):
        return model_admin.export_rows(request, queryset, form, for_people=for_people)

    return export


# By whether the model has a resource; then by name of the action.
_EXPORT_ACTIONS = {
    False: {
        "export_as_xlsx": _build_action(
            gettext_lazy("Export selected rows (xlsx)"), "xlsx"
        ),
        "export_as_csv": _build_action(
            gettext_lazy("Export selected rows (csv)"), "csv"
        ),
    },
    True: {
        "export_for_people_as_xlsx": _build_action(
            gettext_lazy("Export the chosen rows for people (xlsx)"),
            "xlsx",
            for_people=True,
        ),
        "export_for_people_as_csv": _build_action(
            gettext_lazy("Export the chosen rows for people (csv)"),
            "csv",
            for_people=True,
        ),
        "export_as_xlsx": _build_action(
            gettext_lazy("Export the chosen rows for re-import (xlsx)"), "xlsx"
        ),
        "export_as_csv": _build_action(
            gettext_lazy("Export the chosen rows for re-import (csv)"), "csv"
        ),
    },
}
