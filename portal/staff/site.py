"""The staff admin site: Django's admin with a dashboard and a search."""

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

from portal.content.form_fields.typed_fields import ValidatedFieldsMixin
from portal.content.publishing.models import Publishable
from portal.core.accounts.add_forms import AddFormAdmin
from portal.core.accounts.visibility import VisibilityAdminMixin, is_model_hidden
from portal.staff.audit_log.views import get_urls as get_audit_log_urls
from portal.staff.dashboard import dashboard_context
from portal.staff.list_titles import ListTitleAdmin
from portal.staff.navigation import group_models, is_administrator, sort_by_work
from portal.staff.paginator import BoundedPaginator
from portal.staff.search import MAX_QUERY_LENGTH, search_models
from portal.staff.selected_objects import SelectionAdmin

# Links to add forms on a start page without work.
_MAX_ADDITIONS = 6
# Options set on every admin class, whatever the class itself declares.
_CHANGELIST_OPTIONS = {
    "paginator": BoundedPaginator,
    "show_full_result_count": False,
    "show_facets": ShowFacets.NEVER,
}


class StaffAdminSite(AdminSite):
    """The portal's only admin site."""

    site_header = site_title = _("Conference portal admin")
    index_title = _("To do")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a model with the mixins that every admin class of the portal needs.

        Lists never count all rows. Related rows that the user may not view are hidden.
        Forms report every invalid value, an add form can be saved only once, and
        actions ignore selected keys that are invalid. A list has the name of its rows.
        """
        original_class = admin_class or ModelAdmin
        bases = (
            AddFormAdmin,
            ListTitleAdmin,
            SelectionAdmin,
            VisibilityAdminMixin,
            ValidatedFieldsMixin,
            original_class,
        )
        admin_class = type(
            original_class.__name__, bases, {"__module__": original_class.__module__}
        )
        super().register(
            model_or_iterable, admin_class, **_CHANGELIST_OPTIONS, **options
        )

    def get_urls(self):
        """Return the admin URLs with a search and with a restricted "view on site"."""
        search = path("search/", self.admin_view(self.search), name="search")
        page = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        return [search, page, *get_audit_log_urls(self), *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """Redirect from a record in the admin to its page on the public site.

        The URL pattern comes before Django's own view, which would redirect any staff
        user for any row and so reveal the URL of a draft. Raise Http404 for models
        without an admin, and PermissionDenied if the user may not view the model.
        """
        if not content_type_id.isdecimal():
            raise Http404
        content_type = ContentType.objects.filter(pk=content_type_id).first()
        model = content_type.model_class() if content_type else None
        if model is None or not self.is_registered(model):
            raise Http404
        if is_model_hidden(self, request, model):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

    def get_app_list(self, request, app_label=None):
        """Return the lists that the user may see, grouped by work.

        The page of one app lists the models of this app, as in Django.
        """
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            for app in apps:
                app["name"] = capfirst(str(app["name"]))
            return apps
        models_by_label = {
            model["model"]._meta.label_lower: model
            for app in apps
            for model in app["models"]
        }
        return group_models(
            models_by_label, is_administrator=is_administrator(request.user)
        )

    def index(self, request, extra_context=None):
        """Show the dashboard of the signed-in user."""
        context = dashboard_context(request.user, at=timezone.now())
        context["first_additions"] = self._get_first_additions(request)
        return super().index(request, {**context, **(extra_context or {})})

    def _get_first_additions(self, request) -> list[dict]:
        """Return the kinds of record that the user may add, in order of the work."""
        return [
            {
                "add_url": model["add_url"],
                "verbose_name": model["model"]._meta.verbose_name,
            }
            for app in self.get_app_list(request)
            for model in app["models"]
            if model["add_url"] and issubclass(model["model"], Publishable)
        ][:_MAX_ADDITIONS]

    def search(self, request):
        """Show the rows of all models that match the search text ``q``.

        Only models that the user may view are searched. The groups are in the order of
        the navigation.
        """
        q = request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY_LENGTH]
        model_admins = sort_by_work(self._registry.values())
        groups = search_models(model_admins, request, q) if q else []
        context = {
            **self.each_context(request),
            "title": _("Search"),
            "q": q,
            "longest": MAX_QUERY_LENGTH,
            "groups": groups,
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/search.html", context)
