"""Lists at the desk: bringing rows in, and taking those shown out."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.reauthentication import ask_again, recently_authenticated
from portal.publishing.spreadsheets.downloads import answer_file
from portal.publishing.spreadsheets.exporting import MEDIA_TYPES, check_count, rows_of
from portal.publishing.spreadsheets.permissions import (
    is_personal,
    may_export,
    may_import,
)
from portal.publishing.spreadsheets.registry import resource_for
from portal.publishing.spreadsheets.sheets import MAX_ROWS
from portal.publishing.spreadsheets.shown import is_personal_list, rows_shown
from portal.publishing.spreadsheets.xlsx_writing import Unwritable


class SpreadsheetMixin:
    """Links of a changelist to bring records in, and to take those shown out.

    For the admin of any model. Rows without a resource are taken out as the list
    shows them, and cannot be brought in.
    """

    change_list_template = "admin/publishing/spreadsheet_change_list.html"

    def get_urls(self):
        address = path(
            "export/<str:form>/",
            self.admin_site.admin_view(self.export_list),
            name="{}_{}_export".format(*self._names()),
        )
        return [address, *super().get_urls()]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self._may_export(request):
            for function in (export_as_xlsx, export_as_csv):
                name = function.__name__
                actions[name] = (function, name, function.short_description)
        return actions

    def changelist_view(self, request, extra_context=None):
        links = self._links(request)
        return super().changelist_view(
            request, {**(extra_context or {}), "spreadsheet_links": links}
        )

    def export_list(self, request, form):
        """The rows of the list as it is filtered."""
        if form not in MEDIA_TYPES:
            raise Http404
        if not self._may_export(request):
            raise PermissionDenied
        back = reverse("{}:{}_{}_changelist".format("admin", *self._names()))
        try:
            shown = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(back)
        return self.export_rows(request, shown, form)

    def export_rows(self, request, queryset, form):
        """``queryset`` as a download; back to the list with a line if it cannot be."""
        resource = resource_for(self.model)
        tells_of_people = is_personal(resource) if resource else is_personal_list(self)
        if tells_of_people and not recently_authenticated(request):
            return ask_again(request)
        pks = list(queryset.values_list("pk", flat=True)[: MAX_ROWS + 1])
        if resource:
            rows, name = rows_of(resource, pks), resource.code()
        else:
            changelist = self.get_changelist_instance(request)
            rows, name = rows_shown(changelist, pks), self.opts.model_name
        try:
            check_count(len(pks))
            return answer_file(rows, name=name, form=form)
        except Unwritable as problem:
            self.message_user(request, str(problem), messages.ERROR)
            back = reverse("{}:{}_{}_changelist".format("admin", *self._names()))
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{back}?{query}" if query else back)

    def _may_export(self, request) -> bool:
        resource = resource_for(self.model)
        is_seen = self.has_view_permission(request)
        return is_seen and (resource is None or may_export(request.user, resource))

    def _names(self) -> tuple[str, str]:
        return self.opts.app_label, self.opts.model_name

    def _links(self, request) -> list[tuple[str, str]]:
        """(label, address) of what ``request``'s user may do."""
        resource, links = resource_for(self.model), []
        if resource and may_import(request.user, resource):
            address = reverse("admin:publishing_importbatch_add")
            links.append(
                (_("Bring in a spreadsheet"), f"{address}?resource={resource.code()}")
            )
        if self._may_export(request):
            query = request.GET.urlencode()
            for form in MEDIA_TYPES:
                name = "admin:{}_{}_export".format(*self._names())
                address = reverse(name, kwargs={"form": form})
                links.append(
                    (
                        _("Export as %(form)s") % {"form": form},
                        f"{address}?{query}" if query else address,
                    )
                )
        return links


@admin.action(description=gettext_lazy("Export the chosen rows as xlsx"))
def export_as_xlsx(model_admin, request, queryset):
    return model_admin.export_rows(request, queryset, "xlsx")


@admin.action(description=gettext_lazy("Export the chosen rows as csv"))
def export_as_csv(model_admin, request, queryset):
    return model_admin.export_rows(request, queryset, "csv")
