"""The whole address map. Addresses are a promise: they do not change."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from portal.api.views import ContractFile, DocsPage
from portal.directory.pages import PublicPage
from portal.views import (
    addresses,
    calendar,
    feeds,
    figures,
    health,
    home,
    preview,
    printing,
    report,
    search,
    sitemap,
    standing,
)

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.permission_denied"
handler404 = "portal.views.errors.page_not_found"
handler500 = "portal.views.errors.server_error"
# One door: the admin's own sign-in leads to ours, with its second factor.
admin.site.login = secure_admin_login(admin.site.login)


def _standing(name: str):
    return PublicPage.as_view(template_name=f"portal/{name}.html")


urlpatterns = [
    path("", addresses.front_door, name="front-door"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("robots.txt", addresses.robots, name="robots"),
    path(".well-known/security.txt", addresses.security_txt, name="security-txt"),
    path("favicon.ico", addresses.icon, {"name": "favicon.ico"}, name="favicon"),
    path(
        "apple-touch-icon.png",
        addresses.icon,
        {"name": "apple-touch-icon.png"},
        name="apple-touch-icon",
    ),
    path(
        "apple-touch-icon-precomposed.png",
        addresses.icon,
        {"name": "apple-touch-icon.png"},
        name="apple-touch-icon-precomposed",
    ),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap-pages"),
    path("sitemap-<int:number>.xml", sitemap.records, name="sitemap-records"),
    path("files/<str:sha256>/<str:name>", addresses.stored_file, name="file"),
    re_path(r"^(?P<path>ywb/.+)$", addresses.old_address, name="old-english-site"),
    re_path(
        r"^(?P<path>[0-9]{4}-[0-9]{2}/[0-9]{2}/c_[0-9]+\.htm)$",
        addresses.old_address,
        name="old-site",
    ),
    path("admin/preview/<str:token>/<slug:code>/", preview.preview, name="preview"),
    path(
        "admin/preview/<str:token>/files/<str:sha256>/<str:name>",
        preview.preview_file,
        name="preview-file",
    ),
    path("admin/", admin.site.urls),
    path("accounts/", include("portal.accounts.urls")),
    path("api/v1/openapi.json", ContractFile.as_view(), name="openapi"),
    path("api/docs/", DocsPage.as_view(), name="api-docs"),
    path("api/v1/", include("portal.conference.api.urls")),
    path("api/v1/", include("portal.directory.api.urls")),
    path("api/v1/", include("portal.figures.api.urls")),
    path("api/v1/", include("portal.changes.api.urls")),
    path("api/v1/", include("portal.catalogue.api.urls")),
    path("api/v1/", include("seminars.api.urls")),
    path("api/v1/", include("delegations.api.urls")),
    path("api/v1/", include("exchanges.api.urls")),
    *i18n_patterns(
        path("", home.HomePage.as_view(), name="home"),
        path("", include("portal.conference.urls")),
        path("", include("portal.directory.urls")),
        path("seminars/", include("seminars.urls")),
        path("delegations/", include("delegations.urls")),
        path("exchanges/", include("exchanges.urls")),
        path("figures/", figures.FiguresPage.as_view(), name="figures"),
        path("figures.csv", figures.figures_sheet, name="figures-sheet"),
        path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
        path("calendar.ics", feeds.calendar_file, name="calendar-file"),
        path("feed.atom", feeds.atom_feed, name="feed-atom"),
        path("feed.json", feeds.json_feed, name="feed-json"),
        path("about/", standing.AboutPage.as_view(), name="about"),
        path("contact/", _standing("contact"), name="contact"),
        path(
            "accessibility/",
            standing.AccessibilityPage.as_view(),
            name="accessibility",
        ),
        path("privacy/", _standing("privacy"), name="privacy"),
        path("search/", search.SearchPage.as_view(), name="search"),
        path("site-map/", home.SiteMapPage.as_view(), name="site-map"),
        path("card.png", printing.site_card, name="site-card"),
        path("<path:page>/print/", printing.record_pdf, name="record-pdf"),
        path("<path:page>/card.png", printing.record_card, name="record-card"),
        path("report/", report.ReportPage.as_view(), name="report"),
    ),
]
