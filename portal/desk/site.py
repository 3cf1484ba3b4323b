"""The desk of the office's staff: Django's admin with a start page and one search."""

from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.accounts.add_forms import AddFormAdmin
from portal.accounts.discretion import DiscreetAdmin, hides
from portal.desk.paging import BoundedPaginator
from portal.desk.searching import LONGEST, found_everywhere
from portal.desk.selection import SelectionAdmin
from portal.desk.start_page import start_page
from portal.publishing.typed import TypedFields

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
        """Register, and see to it that no list is ever counted as a whole, none tells
        of what the person may not see, every form says what is wrong with it, an add
        form is saved once, and keys that cannot exist are ignored in actions."""
        given = admin_class or ModelAdmin
        bases = (AddFormAdmin, SelectionAdmin, DiscreetAdmin, TypedFields, given)
        admin_class = type(given.__name__, bases, {"__module__": given.__module__})
        super().register(model_or_iterable, admin_class, **_BOUNDED, **options)

    def get_urls(self):
        search = path("search/", self.admin_view(self.search), name="search")
        page = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(self.page_of),
            name="view_on_site",
        )
        return [search, page, *super().get_urls()]

    def page_of(self, request, content_type_id, object_id):
        """From a record to its page: the address of a draft is told to who may see it.

        Before Django's own, which answers any member of staff about any row.
        """
        if not content_type_id.isdecimal():
            raise Http404
        found = ContentType.objects.filter(pk=content_type_id).first()
        model = found.model_class() if found else None
        if model is None or not self.is_registered(model):
            raise Http404
        if hides(self, request, model):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

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
