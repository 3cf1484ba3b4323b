"""URL configuration of the project. Public URLs are stable and must not change."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from delegations.views import VisitListView
from exchanges import site_pages as exchange_site_pages
from exchanges.views import ExchangeListView
from portal.conference import site_pages
from portal.conference.views import ArticleListView, DocumentListView, EditionListView
from portal.core.api.views import OpenAPIFileView, SwaggerUIView
from portal.website.base_views import PublicView
from portal.website.views import (
    calendar,
    feeds,
    figures,
    health,
    list_csv,
    preview,
    printing,
    report,
    search,
    site_endpoints,
    sitemap,
    static_pages,
    suggestions,
    updates,
)
from seminars.views import SeminarListView

handler400 = "portal.website.views.errors.bad_request"
handler403 = "portal.website.views.errors.permission_denied"
handler404 = "portal.website.views.errors.page_not_found"
handler500 = "portal.website.views.errors.server_error"
# Redirect the admin's own login to the portal's, which checks the second factor.
admin.site.login = secure_admin_login(admin.site.login)


def _static_page(name: str):
    """Return a view of the page that the template ``name`` renders."""
    return PublicView.as_view(template_name=f"portal/{name}.html")


def _list_csv_paths() -> list:
    """Return the path of the CSV of each list: that of the list with ``.csv``."""
    lists = {
        "conference": EditionListView,
        "documents": DocumentListView,
        "news": ArticleListView,
        "seminars": SeminarListView,
        "delegations": VisitListView,
        "exchanges": ExchangeListView,
    }
    return [
        path(
            f"{name}.csv",
            list_csv.ListCsvView.as_view(list_view=list_view),
            name=f"{name}-csv",
        )
        for name, list_view in lists.items()
    ]


urlpatterns = [
    path("", site_endpoints.root_redirect, name="root-redirect"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("robots.txt", site_endpoints.robots_txt, name="robots"),
    path(".well-known/security.txt", site_endpoints.security_txt, name="security-txt"),
    path("favicon.ico", site_endpoints.icon, {"name": "favicon.ico"}, name="favicon"),
    path(
        "apple-touch-icon.png",
        site_endpoints.icon,
        {"name": "apple-touch-icon.png"},
        name="apple-touch-icon",
    ),
    path(
        "apple-touch-icon-precomposed.png",
        site_endpoints.icon,
        {"name": "apple-touch-icon.png"},
        name="apple-touch-icon-precomposed",
    ),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemap.records, name="sitemap-records"),
    path("files/<str:sha256>/<str:name>", site_endpoints.stored_file, name="file"),
    re_path(
        r"^(?P<path>ywb/.+)$",
        site_endpoints.legacy_redirect,
        name="legacy-english-site",
    ),
    re_path(
        r"^(?P<path>[0-9]{4}-[0-9]{2}/[0-9]{2}/c_[0-9]+\.htm)$",
        site_endpoints.legacy_redirect,
        name="legacy-site",
    ),
    path("admin/preview/<str:token>/<slug:code>/", preview.preview, name="preview"),
    path(
        "admin/preview/<str:token>/files/<str:sha256>/<str:name>",
        preview.preview_file,
        name="preview-file",
    ),
    path("admin/", admin.site.urls),
    path("accounts/", include("portal.core.accounts.urls")),
    path("api/v1/openapi.json", OpenAPIFileView.as_view(), name="openapi"),
    path("api/docs/", SwaggerUIView.as_view(), name="api-docs"),
    path("api/v1/", include("portal.conference.api.urls")),
    path("api/v1/", include("portal.reference.directory.api.urls")),
    path("api/v1/", include("portal.content.figures.api.urls")),
    path("api/v1/", include("portal.content.changes.api.urls")),
    path("api/v1/", include("portal.content.catalogue.api.urls")),
    path("api/v1/", include("seminars.api.urls")),
    path("api/v1/", include("delegations.api.urls")),
    path("api/v1/", include("exchanges.api.urls")),
    *i18n_patterns(
        path("", site_pages.HomeView.as_view(), name="home"),
        path("", include("portal.conference.urls")),
        path("", include("portal.website.directory.urls")),
        path("seminars/", include("seminars.urls")),
        path("delegations/", include("delegations.urls")),
        path("exchanges/", include("exchanges.urls")),
        path(
            "counterparts/",
            exchange_site_pages.CounterpartsView.as_view(),
            name="counterparts",
        ),
        path("figures/", figures.FiguresView.as_view(), name="figures"),
        path("figures.csv", figures.figures_csv, name="figures-csv"),
        *_list_csv_paths(),
        path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
        path("calendar.ics", feeds.calendar_file, name="calendar-file"),
        path("feed.atom", feeds.atom_feed, name="feed-atom"),
        path("feed.json", feeds.json_feed, name="feed-json"),
        path("about/", site_pages.AboutPage.as_view(), name="about"),
        path("contact/", _static_page("contact"), name="contact"),
        path(
            "accessibility/",
            static_pages.AccessibilityView.as_view(),
            name="accessibility",
        ),
        path("privacy/", _static_page("privacy"), name="privacy"),
        path("search/", search.SearchView.as_view(), name="search"),
        path("updates/", updates.UpdatesView.as_view(), name="updates"),
        path("search/suggest/", suggestions.suggestions, name="suggestions"),
        path(
            "search/opensearch.xml",
            suggestions.opensearch_description,
            name="opensearch",
        ),
        path("site-map/", static_pages.SiteMapView.as_view(), name="site-map"),
        path("card.png", printing.site_share_image, name="site-share-image"),
        path("<path:page>/print/", printing.record_pdf, name="record-pdf"),
        path(
            "<path:page>/card.png",
            printing.record_share_image,
            name="record-share-image",
        ),
        path("report/", report.ErrorReportView.as_view(), name="report"),
    ),
]
