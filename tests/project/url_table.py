"""Every address of the portal and who may open it.

Lists, pages and API endpoints of record kinds are public, and are added by the class of
their view. The access of every other route is written by hand: a new address fails the
tests until it is added here. Routes are written as the URL resolver joins them, with
``<lang>/`` for the language. ``{seminar}`` in an example is the code of the sample
record of that kind, ``{file}`` the address of a public file, ``{topic}`` the key of a
topic of a published record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import LocalePrefixPattern, URLPattern, get_resolver

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.api.views import RecordViewSet
from portal.website.base_views import RecordDetailView, RecordListView


@dataclass(frozen=True)
class Public:
    """An address open to everyone: an example and the status of its answer.

    ``kind``: the kind of record that a list or detail page shows. ``is_list``: whether
    it is a list. ``is_kept``: any cache may store the answer. ``is_form``: it accepts
    POST too.
    """

    example: str
    status: int = 200
    kind: str = ""
    is_list: bool = False
    is_kept: bool = True
    is_form: bool = False


def _page(path: str, kind: str = "") -> Public:
    return Public(f"/en/{path}", kind=kind)


def routes(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the URL configuration with its pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        is_language = isinstance(pattern.pattern, LocalePrefixPattern)
        route = before + ("<lang>/" if is_language else str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern.url_patterns, route)


def _record_routes() -> Iterator[tuple[str, Public]]:
    """Yield the lists, pages and API endpoints of all record kinds."""
    for route, pattern in routes():
        view = getattr(pattern.callback, "view_class", None)
        view = view or getattr(pattern.callback, "cls", None)
        bases = (RecordListView, RecordDetailView, RecordViewSet)
        if isinstance(view, type) and issubclass(view, bases):
            code = f"{{{view.kind}}}"
            example = route.replace("<lang>", "en").replace("^", "").rstrip("$")
            example = re.sub(r"<\w+:\w+>|\(\?P<\w+>[^)]+\)", code, example)
            is_list = code not in example
            yield route, Public(f"/{example}", kind=view.kind, is_list=is_list)


PUBLIC: dict[str, Public] = {
    "": Public("/", 302),
    "live": Public("/live", is_kept=False),
    "ready": Public("/ready", is_kept=False),
    "robots.txt": Public("/robots.txt"),
    ".well-known/security.txt": Public("/.well-known/security.txt"),
    "favicon.ico": Public("/favicon.ico"),
    "apple-touch-icon.png": Public("/apple-touch-icon.png"),
    "apple-touch-icon-precomposed.png": Public("/apple-touch-icon-precomposed.png"),
    "sitemap.xml": Public("/sitemap.xml"),
    "sitemap-pages.xml": Public("/sitemap-pages.xml"),
    "sitemap-<int:number>.xml": Public("/sitemap-999999.xml", 404),
    "files/<str:sha256>/<str:name>": Public("{file}"),
    "^(?P<path>ywb/.+)$": Public("/ywb/old.shtml", 301),
    r"^(?P<path>[0-9]{4}-[0-9]{2}/[0-9]{2}/c_[0-9]+\.htm)$": Public(
        "/2019-03/07/c_123456.htm", 404
    ),
    # ---------------------------------------------------------------------- pages
    "<lang>/": _page(""),
    "<lang>/about/": _page("about/"),
    "<lang>/countries/": _page("countries/"),
    "<lang>/counterparts/": _page("counterparts/?organ={organ}"),
    "<lang>/treaties/": _page("treaties/"),
    "<lang>/topics/": _page("topics/"),
    "<lang>/topics/<slug:key>/": _page("topics/{topic}/"),
    "<lang>/exchanges/meetings/": Public("/en/exchanges/meetings/", 301),
    "<lang>/figures/": _page("figures/"),
    "<lang>/figures.csv": _page("figures.csv"),
    "<lang>/conference.csv": _page("conference.csv"),
    "<lang>/documents.csv": _page("documents.csv"),
    "<lang>/news.csv": _page("news.csv"),
    "<lang>/seminars.csv": _page("seminars.csv"),
    "<lang>/delegations.csv": _page("delegations.csv"),
    "<lang>/exchanges.csv": _page("exchanges.csv"),
    "<lang>/calendar/": _page("calendar/?month=2024-05"),
    "<lang>/calendar.ics": _page("calendar.ics"),
    "<lang>/feed.atom": _page("feed.atom"),
    "<lang>/feed.json": _page("feed.json"),
    "<lang>/contact/": _page("contact/"),
    "<lang>/accessibility/": _page("accessibility/"),
    "<lang>/privacy/": _page("privacy/"),
    "<lang>/search/": _page("search/?q=sample"),
    "<lang>/updates/": _page("updates/"),
    "<lang>/search/suggest/": _page("search/suggest/?q=sample"),
    "<lang>/search/opensearch.xml": _page("search/opensearch.xml"),
    "<lang>/site-map/": _page("site-map/"),
    "<lang>/card.png": _page("card.png"),
    "<lang>/<path:page>/print/": _page("documents/{document}/print/", "document"),
    "<lang>/<path:page>/card.png": _page("documents/{document}/card.png", "document"),
    "<lang>/report/": Public("/en/report/", is_kept=False, is_form=True),
    # ------------------------------------------------------------------------ API
    "api/v1/openapi.json": Public("/api/v1/openapi.json"),
    "api/docs/": Public("/api/docs/"),
    "api/v1/changes/": Public("/api/v1/changes/"),
    "api/v1/search/": Public("/api/v1/search/?q=sample"),
    "api/v1/figures/counted/": Public("/api/v1/figures/counted/"),
    # -------------------------------------------------------------------- records
    **dict(_record_routes()),
}

# Open before sign-in but only for staff: stored by no cache.
BEFORE_SIGN_IN = {
    "admin/login/",
    "accounts/login/",
    "accounts/logout/",
    "accounts/language/",
    "accounts/invitation/<str:token>/",
    "accounts/enrolment/<str:token>/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
}

# Addresses of the admin other than those of models: the statuses for anonymous users,
# users who are not staff, staff without permissions, and superusers.
ADMIN: dict[str, tuple[int, int, int, int]] = {
    "admin/": (302, 403, 200, 200),
    "admin/login/": (302, 403, 302, 302),  # to the sign-in page, or to the admin
    "admin/password_change/": (302, 403, 200, 200),
    "admin/password_change/done/": (302, 403, 200, 200),
    "admin/search/": (302, 403, 200, 200),
    "admin/jsi18n/": (302, 403, 200, 200),
    "admin/autocomplete/": (302, 403, 403, 403),  # 403 without the name of a field
    # POST only, so that no link signs a user out.
    "admin/logout/": (302, 403, 405, 405),
    # Redirects from a record to its page; content type 0 does not exist.
    "admin/r/<path:content_type_id>/<path:object_id>/": (302, 403, 404, 404),
    "admin/history/deed/verification/": (302, 403, 403, 200),
    # An export of the audit log; the form 0 does not exist.
    "admin/history/deed/export/<str:form>/": (302, 403, 403, 404),
    # A file for staff; number 0 does not exist.
    "admin/files/storedfile/<int:pk>/download/": (302, 403, 403, 404),
    # Preview of a record; the link is signed and expires.
    "admin/preview/<str:token>/<slug:code>/": (302, 403, 404, 404),
    "admin/preview/<str:token>/files/<str:sha256>/<str:name>": (302, 403, 404, 404),
    "accounts/": (302, 403, 200, 200),
    "accounts/login/": (200, 302, 302, 302),
    "accounts/logout/": (405, 405, 405, 405),  # POST only
    "accounts/language/": (405, 405, 405, 405),  # POST only
    "accounts/mail/": (302, 403, 405, 405),  # POST only
    # Copies a seminar; number 0 does not exist.
    "admin/seminars/seminar/<int:pk>/copy/": (302, 403, 403, 404),
    "accounts/invitation/<str:token>/": (410, 410, 410, 410),
    "accounts/enrolment/<str:token>/": (410, 410, 410, 410),
    "accounts/sessions/": (302, 403, 200, 200),
    "accounts/reauthenticate/": (302, 403, 200, 200),
    "accounts/2fa/": (302, 403, 200, 200),
    "accounts/2fa/authenticate/": (302, 302, 302, 302),  # a step of signing in
    "accounts/2fa/reauthenticate/": (302, 403, 302, 302),
    # The first second factor needs a one-time link, which these users do not have.
    "accounts/2fa/totp/activate/": (302, 403, 403, 403),
    "accounts/2fa/totp/deactivate/": (302, 403, 404, 404),
    "accounts/2fa/recovery-codes/": (302, 403, 403, 403),
    "accounts/2fa/recovery-codes/generate/": (302, 403, 403, 403),
    "accounts/2fa/recovery-codes/download/": (302, 403, 403, 403),
    "accounts/2fa/webauthn/": (302, 403, 403, 403),
    "accounts/2fa/webauthn/add/": (302, 403, 403, 403),
    "accounts/2fa/webauthn/login/": (302, 302, 302, 302),
    "accounts/2fa/webauthn/reauthenticate/": (302, 403, 302, 302),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": (302, 403, 404, 404),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": (302, 403, 404, 404),
    # Changes that an import proposed; number 0 does not exist.
    "admin/publishing/proposal/import/<int:pk>/": (302, 403, 403, 404),
    # Access of a user to the admin; number 0 does not exist.
    "admin/accounts/user/<int:pk>/access/": (302, 403, 403, 404),
    "admin/(?P<url>.*)$": (302, 403, 404, 404),
}


def opened(client, address: str, **headers: str):
    """Return the answer to GET with its ``body``; a file is read and closed."""
    response = client.get(address, headers=headers or None)
    if response.streaming:
        response.body = response.getvalue()
    else:
        response.body = response.content
    return response


# Models of the record kinds as ``app/model``.
RECORD_MODELS = {
    f"{kind.model._meta.app_label}/{kind.model._meta.model_name}": kind.model
    for kind in all_kinds()
}
# Models in the admin, with what a superuser may do to their rows.
ADMIN_MODELS: dict[str, str] = {
    **dict.fromkeys(RECORD_MODELS, "add change delete"),
    "accounts/agency": "add change delete",
    "accounts/agencykey": "add",
    "accounts/signin": "",
    "accounts/user": "add change delete",
    "changes/change": "",
    "delegations/member": "add change delete",
    "directory/namechange": "",
    "directory/namedparty": "add change delete",
    "directory/place": "add change delete",
    "directory/topic": "add change delete",
    "exchanges/coordinationrequest": "add change delete",
    "files/picture": "add change delete",
    "files/storedfile": "add delete",
    "history/deed": "",
    "jobs/job": "delete",
    "people/person": "add change delete",
    "publishing/errorreport": "change delete",
    "publishing/evidenceonlyhost": "add change delete",
    "publishing/headingmapping": "change delete",
    "publishing/importbatch": "add",
    "publishing/proposal": "",
    "publishing/redirect": "add change delete",
    "seminars/certificate": "add change delete",
    "seminars/participant": "add change delete",
    "seminars/trainingrecord": "add change delete",
}
# Models that can be exported as a spreadsheet.
EXPORTED = (
    *RECORD_MODELS,
    "delegations/member",
    "directory/namedparty",
    "directory/place",
    "directory/topic",
    "exchanges/coordinationrequest",
    "people/person",
    "publishing/errorreport",
    "publishing/evidenceonlyhost",
    "publishing/redirect",
    "seminars/certificate",
    "seminars/participant",
    "seminars/trainingrecord",
)
# Routes of every model in the admin below ``admin/<app>/<model>/``.
MODEL_ROUTES = {
    "",
    "add/",
    "<path:object_id>/history/",
    "<path:object_id>/delete/",
    "<path:object_id>/change/",
    "<path:object_id>/",
}
EXTRA_MODEL_ROUTES: dict[str, set[str]] = {
    "publishing/importbatch": {
        "template/<slug:code>/",
        "<int:pk>/errors/<str:form>/",
        "<int:pk>/undo/",
    },
    **{
        model: {"export/<str:form>/", "export/people/<str:form>/"} for model in EXPORTED
    },
}
for _model in RECORD_MODELS:
    EXTRA_MODEL_ROUTES[_model] |= {"<path:object_id>/review/"}
