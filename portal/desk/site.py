"""The desk of the office's staff: Django's admin with a start page and one search."""

from django.contrib.admin import AdminSite, ShowFacets
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.desk.paging import BoundedPaginator
from portal.desk.searching import LONGEST, found_everywhere
from portal.desk.start_page import start_page

# What holds for every list at the desk, whatever its admin class says or forgets.
_BOUNDED = {
    "paginator": BoundedPaginator,
    "show_full_result_count": False,
    "show_facets": ShowFacets.NEVER,
}


class DeskSite(AdminSite):
    """The one admin site of the portal."""

    site_header = site_title = _("Portal of the Conference: staff")
    index_title = _("The record")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register, and see to it that no list is ever counted as a whole."""
        super().register(model_or_iterable, admin_class, **_BOUNDED, **options)

    def get_urls(self):
        search = path("search/", self.admin_view(self.search), name="search")
        return [search, *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        """Names of apps are lower case, and here begin a heading."""
        found = super().get_app_list(request, app_label)
        for app in found:
            app["name"] = capfirst(str(app["name"]))
        return found

    def index(self, request, extra_context=None):
        """The start page of the person who asks."""
        own = start_page(request.user, at=timezone.now())
        return super().index(request, {**own, **(extra_context or {})})

    def search(self, request):
        """What ``?q=`` finds among everything that the person may see."""
        q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        groups = found_everywhere(self._registry.values(), request, q) if q else []
        context = {
            **self.each_context(request),
            "title": _("Search"),
            "q": q,
            "longest": LONGEST,
            "groups": groups,
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/search.html", context)
