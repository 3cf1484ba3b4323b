"""Every page that staff can open, derived from the addresses and models of the admin.

Routes are written as in ``tests.project.url_table``. The pages of each model follow
from its routes; the pages of all other routes are in tables, and a route that is in
none of them fails the test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import models
from django.utils import timezone
from playwright.sync_api import Page

from portal.content.review.preview import build_preview_links
from portal.core.accounts import operations as accounts
from seminars.models import Seminar
from tests.factories import publishing as states
from tests.factories.directory import organ
from tests.factories.people import person
from tests.factories.seminars import seminar
from tests.portal.content.spreadsheets import import_helpers as imports
from tests.portal.core.accounts.test_key_upgrade import Passkey
from tests.project.reviewed_content import rich_drafts
from tests.project.staff_dataset import build, name_of
from tests.project.url_table import ADMIN_MODELS, routes
from tests.sign_in import PASSWORD, enrolment_link, with_app

# Users of the pages. The chief has an authenticator app, the holder a passkey.
CHIEF, HOLDER, CLERK, NEWCOMER, ANONYMOUS = "chief", "holder", "clerk", "newcomer", ""
# Actions of the lists, with something that only the page after them has, "" without a
# page.
ACTIONS = {
    "submit": "",
    "approve": ".review-record",
    "return_to_draft": ".review-record",
    "withdraw": ".review-record",
    "close": "",
    "revoke": "",
    "erase": "#id_reason",
}
# Routes that answer with a file, data or a redirect, or only to POST.
NOT_PAGES = {
    "admin/logout/": "POST only",
    "admin/autocomplete/": "data for a script",
    "admin/jsi18n/": "a script",
    "admin/r/<path:content_type_id>/<path:object_id>/": "a redirect",
    "admin/history/deed/export/<str:form>/": "a file",
    "admin/files/storedfile/<int:pk>/download/": "a file",
    "admin/accounts/agencykey/<path:object_id>/history/": "a redirect to the agency",
    "admin/preview/<str:token>/files/<str:sha256>/<str:name>": "a file",
    "admin/publishing/importbatch/template/<slug:code>/": "a file",
    "admin/publishing/importbatch/<int:pk>/errors/<str:form>/": "a file",
    "accounts/logout/": "POST only",
    "accounts/language/": "POST only",
    "accounts/mail/": "POST only",
    "accounts/2fa/recovery-codes/download/": "a file",
    "accounts/2fa/webauthn/login/": "data for a script",
}
_FILES = ("export/<str:form>/", "export/people/<str:form>/")
_REDIRECTS = ("<path:object_id>/",)


@dataclass(frozen=True)
class StaffPage:
    """A page, by the address at which it is opened.

    ``press`` does what leads to the page after its address was opened; ``shows`` is
    the selector of something that the page has. ``status`` is that of the address.
    """

    path: str
    name: str = ""
    status: int = 200
    user: str = CHIEF
    press: Callable[[Page], None] | None = None
    shows: str = "h1"

    def __str__(self) -> str:
        return f"{self.path} {self.name}".strip()


class StaffDataset:
    """A row of every model, and users for the pages."""

    def __init__(self):
        self.rows = build()
        # Records with a row in each inline; those of ``rows`` can be deleted.
        self.rich = {name_of(type(row)): row for row in rich_drafts().values()}
        for row in self.rich.values():
            states.in_review(row)
        self.users = {
            name: states.staff(name, is_superuser=name in (CHIEF, HOLDER))
            for name in (CHIEF, HOLDER, CLERK, NEWCOMER)
        }
        with_app(self.users[CHIEF])
        Authenticator.objects.create(
            user=self.users[CHIEF],
            type="recovery_codes",
            data={"seed": "ab" * 20, "used_mask": 0},
        )
        Passkey(self.users[HOLDER])

    def get(self, model: str) -> models.Model:
        """Return the row of ``app/model`` that has most rows of its own."""
        return self.rich.get(model) or self.rows[model]


def _model_of(route: str) -> str:
    """Return ``app/model`` of a route of the admin, "" if it is not one of a model."""
    parts = route.split("/")
    model = "/".join(parts[1:3])
    return model if parts[0] == "admin" and model in ADMIN_MODELS else ""


def staff_routes() -> list[str]:
    """Return the routes of the staff admin and of accounts."""
    return sorted(
        {
            route
            for route, _pattern in routes()
            if route.startswith(("admin/", "accounts/"))
        }
    )


def group_routes() -> dict[str, list[str]]:
    """Return the routes by the test that opens their pages."""
    groups: dict[str, list[str]] = {}
    for route in staff_routes():
        groups.setdefault(_group_of(route), []).append(route)
    return groups


def _group_of(route: str) -> str:
    if not _model_of(route):
        return "other pages"
    if route.endswith("/<path:object_id>/change/"):
        return "forms"
    if route.endswith("/add/"):
        return "add forms"
    if route.endswith(("/review/", "/delete/", "/history/")):
        return "pages of a row"
    return "lists"


def unknown_routes() -> list[str]:
    """Return the routes of which it is not known whether they have a page."""
    return [
        route
        for route in staff_routes()
        if route not in (*NOT_PAGES, *_PAGES)
        and _rest_of(route) not in (*_MODEL_PAGES, *_FILES, *_REDIRECTS)
    ]


def _rest_of(route: str) -> str | None:
    """Return the part of a route after that of its model, None without a model."""
    model = _model_of(route)
    return route.removeprefix(f"admin/{model}/") if model else None


def pages_of(route: str, data: StaffDataset) -> list[StaffPage]:
    """Return the pages of ``route``; [] if it has none."""
    if route in NOT_PAGES:
        return []
    pages = list(_PAGES[route](data)) if route in _PAGES else []
    rest = _rest_of(route)
    if rest in _MODEL_PAGES:
        pages += _MODEL_PAGES[rest](_model_of(route), data)
    return pages


# ------------------------------------------------------------------ pages of models


def _list_pages(model: str, _data: StaffDataset) -> list[StaffPage]:
    return [StaffPage(f"/admin/{model}/")]


def _add_pages(model: str, _data: StaffDataset) -> list[StaffPage]:
    return [StaffPage(f"/admin/{model}/add/")] if "add" in ADMIN_MODELS[model] else []


def _change_pages(model: str, data: StaffDataset) -> list[StaffPage]:
    return [StaffPage(f"/admin/{model}/{data.get(model).pk}/change/")]


def _history_pages(model: str, data: StaffDataset) -> list[StaffPage]:
    return [StaffPage(f"/admin/{model}/{data.get(model).pk}/history/")]


def _delete_pages(model: str, data: StaffDataset) -> list[StaffPage]:
    if "delete" not in ADMIN_MODELS[model]:
        return []
    return [StaffPage(f"/admin/{model}/{data.rows[model].pk}/delete/")]


def _review_pages(model: str, data: StaffDataset) -> list[StaffPage]:
    path = f"/admin/{model}/{data.rich[model].pk}/review/"
    return [StaffPage(path, shows="[name=_approve]")]


_MODEL_PAGES: dict[str, Callable[[str, StaffDataset], list[StaffPage]]] = {
    "": _list_pages,
    "add/": _add_pages,
    "<path:object_id>/change/": _change_pages,
    "<path:object_id>/history/": _history_pages,
    "<path:object_id>/delete/": _delete_pages,
    "<path:object_id>/review/": _review_pages,
}


# ------------------------------------------------------------------ what is pressed


def _press(selector: str) -> Callable[[Page], None]:
    """Return a function that presses ``selector`` and waits for the next page."""

    def press(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return press


def _choose(action: str) -> Callable[[Page], None]:
    """Return a function that applies ``action`` to the first row of a list."""

    def choose(page: Page) -> None:
        page.locator("input.action-select").first.check()
        page.locator("select[name=action]").first.select_option(action)
        _press("button[name=index]")(page)

    return choose


def _fill(values: dict[str, str], button: str) -> Callable[[Page], None]:
    """Return a function that fills fields by selector and presses ``button``."""

    def fill(page: Page) -> None:
        for selector, value in values.items():
            page.locator(selector).fill(value)
        _press(button)(page)

    return fill


def _send_without_token(page: Page) -> None:
    page.locator("[name=csrfmiddlewaretoken]").evaluate_all(
        "inputs => inputs.forEach(input => input.remove())"
    )
    _press("#logout-form button")(page)


def _send_many_fields(page: Page) -> None:
    """Send more fields than Django accepts (DATA_UPLOAD_MAX_NUMBER_FIELDS)."""
    page.locator("#content-main form").last.evaluate(
        """form => {
          for (let number = 0; number <= 5000; number++) {
            const input = document.createElement("input");
            [input.type, input.name] = ["hidden", "a"];
            form.append(input);
          }
        }"""
    )
    _press("[name=_save]")(page)


# ------------------------------------------------------------------ pages in tables


def _start_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage("/admin/")
    yield StaffPage("/admin/", "of staff without roles", user=CLERK)


def _app_pages(data: StaffDataset) -> Iterator[StaffPage]:
    for app in sorted({model.split("/")[0] for model in ADMIN_MODELS}):
        yield StaffPage(f"/admin/{app}/")


def _search_pages(data: StaffDataset) -> Iterator[StaffPage]:
    for query in ("", "?q=sample", "?q=no-such-thing"):
        yield StaffPage(f"/admin/search/{query}")


def _error_pages(data: StaffDataset) -> Iterator[StaffPage]:
    place = data.rows["directory/place"]
    yield StaffPage("/admin/no-such-thing/", status=404, shows=".error__code")
    yield StaffPage(
        "/admin/people/person/", status=403, user=CLERK, shows=".error__code"
    )
    yield StaffPage(
        "/admin/", "without CSRF token", press=_send_without_token, shows=".error__code"
    )
    yield StaffPage(
        f"/admin/directory/place/{place.pk}/change/",
        "with too many fields",
        press=_send_many_fields,
        shows=".error__code",
    )


def _seminar_list_pages(data: StaffDataset) -> Iterator[StaffPage]:
    """The pages after actions of a list are the same for all kinds of record."""
    states.published(seminar(title_en="Published sample"))
    for action, status in (
        ("approve", "in_review"),
        ("return_to_draft", "in_review"),
        ("withdraw", "published"),
    ):
        yield StaffPage(
            f"/admin/seminars/seminar/?status__exact={status}",
            action,
            press=_choose(action),
            shows=ACTIONS[action],
        )
    yield StaffPage("/admin/seminars/seminar/?q=no-such-thing", "without rows")


def _person_list_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(
        "/admin/people/person/",
        "erase",
        press=_choose("erase"),
        shows=ACTIONS["erase"],
    )


def _seminar_add_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(
        "/admin/seminars/seminar/add/",
        "with errors",
        press=_press("[name=_continue]"),
        shows=".errornote",
    )
    yield StaffPage("/admin/directory/place/add/?_popup=1", "in a window of its own")


def _seminar_change_pages(data: StaffDataset) -> Iterator[StaffPage]:
    record = data.rich["seminars/seminar"]
    path = f"/admin/seminars/seminar/{record.pk}/change/"

    def save_what_a_colleague_changed(page: Page) -> None:
        Seminar.objects.filter(pk=record.pk).update(
            title_en="Of a colleague",
            updated_by=data.users[HOLDER],
            updated_at=timezone.now(),
        )
        page.locator(".staff-languages button[value='']").click()
        _fill({"#id_title_en": "Other"}, "[name=_continue]")(page)

    yield StaffPage(
        path,
        "after a colleague saved",
        press=save_what_a_colleague_changed,
        shows=".conflict",
    )
    change = Seminar.objects.published(timezone.now()).first()
    yield StaffPage(f"/admin/seminars/seminar/{change.pk}/change/", "published")
    returned = states.in_review(seminar(title_en="Returned sample"))
    states.reviewing.return_to_draft(
        returned, by=data.users[HOLDER], at=states.AT, reason="Sample reason"
    )
    yield StaffPage(f"/admin/seminars/seminar/{returned.pk}/change/", "returned")


def _seminar_review_pages(data: StaffDataset) -> Iterator[StaffPage]:
    in_review = data.rich["seminars/seminar"]
    path = "/admin/seminars/seminar/{}/review/"
    yield StaffPage(
        path.format(in_review.pk),
        "with errors",
        press=_press("[name=_return]"),
        shows=".errornote",
    )
    published = states.published(seminar(title_en="Published sample"))
    yield StaffPage(path.format(published.pk), "published", shows="[name=_withdraw]")
    withdrawn = states.withdrawn(seminar(title_en="Withdrawn sample"))
    yield StaffPage(
        path.format(withdrawn.pk), "withdrawn", shows="[name=_publish_again]"
    )


def _copy_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(f"/admin/seminars/seminar/{data.rich['seminars/seminar'].pk}/copy/")


def _preview_pages(data: StaffDataset) -> Iterator[StaffPage]:
    links = build_preview_links(data.rich["seminars/seminar"], at=timezone.now())
    yield StaffPage(links[0]["url"])
    yield StaffPage("/admin/preview/expired/en/", status=404)


def _verification_pages(data: StaffDataset) -> Iterator[StaffPage]:
    path = "/admin/history/deed/verification/"
    yield StaffPage(path)
    yield StaffPage(
        path,
        "compared with what is not an end",
        press=_fill({"#stored-head": "x"}, ".stored-head button"),
        shows=".messagelist",
    )
    yield StaffPage(
        path, "running", press=_press("#content-main button"), shows=".audit-runs"
    )


def _audit_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(
        "/admin/history/deed/?from=2024-05-06&to=2024-05-01", "with an error"
    )


def _import_pages(data: StaffDataset) -> Iterator[StaffPage]:
    """The pages of an import in each of its states before it is written."""
    chief = data.users[CHIEF]
    at = timezone.now()
    path = "/admin/publishing/importbatch/{}/change/"
    heads = ("title_zh", "scope")
    good = imports.csv_of(heads, ("样例甲", "related"))
    received = imports.received(good, by=chief)
    yield StaffPage(path.format(received.pk), "is being checked")
    checked = imports.checked(good, by=chief, at=at)
    assert checked.state == "checked"
    yield StaffPage(path.format(checked.pk), "checked", shows="[name=_write]")
    content = imports.csv_of(heads, ("样例乙", "related"), ("样例丙", "外交"))
    wrong = imports.checked(content, by=chief, at=at)
    assert wrong.errors
    yield StaffPage(path.format(wrong.pk), "with errors")
    person("Nguyễn Thị Hồng", rank="检察官", organ=organ("vn-spp"))
    head = ("姓名", "拉丁字母姓名", "职级或职务", "机构")
    content = imports.csv_of(head, ("", "Nguyễn Thị Hòng", "检察长", "vn-spp"))
    asking = imports.checked(content, "people", by=chief, at=at)
    assert asking.questions
    yield StaffPage(path.format(asking.pk), "asking", shows="[name=_answer]")
    unreadable = imports.checked(b"\0\0", by=chief, at=at)
    yield StaffPage(path.format(unreadable.pk), "that could not be read")


def _written_pages(data: StaffDataset) -> Iterator[StaffPage]:
    content = imports.csv_of(("title_zh", "scope"), ("样例丁", "related"))
    written = imports.written(content, by=data.users[CHIEF], at=timezone.now())
    path = f"/admin/publishing/importbatch/{written.pk}"
    yield StaffPage(f"{path}/change/", "written")
    yield StaffPage(f"{path}/undo/")


def _import_review_pages(data: StaffDataset) -> Iterator[StaffPage]:
    """The changes that an import proposed, as another person reviews them."""
    record = states.published(seminar(title_en="Published sample"))
    content = imports.csv_of(("code", "title_en"), (record.code, "Corrected sample"))
    batch = imports.written(content, by=data.users[CHIEF], at=timezone.now())
    path = f"/admin/publishing/proposal/import/{batch.pk}/"
    yield StaffPage(path, user=HOLDER, shows="[name=_accept]")
    yield StaffPage(
        path,
        "with errors",
        user=HOLDER,
        press=_press("[name=_return]"),
        shows=".errornote",
    )
    yield StaffPage(
        f"/admin/publishing/importbatch/{batch.pk}/change/", "with proposed changes"
    )


def _upload_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(
        "/admin/publishing/importbatch/add/",
        "with errors",
        press=_without_checks(".submit-row [type=submit]"),
        shows=".errorlist",
    )


def _without_checks(button: str) -> Callable[[Page], None]:
    """Return a function that sends a form with empty required fields."""

    def send(page: Page) -> None:
        page.locator(button).first.evaluate("button => button.form.noValidate = true")
        _press(button)(page)

    return send


def _access_pages(data: StaffDataset) -> Iterator[StaffPage]:
    path = f"/admin/accounts/user/{data.users[NEWCOMER].pk}/access/"
    yield StaffPage(path)
    invite = _press("[name=action][value=invite]")
    yield StaffPage(path, "with a link", press=invite, shows="#content code")


def _key_pages(data: StaffDataset) -> Iterator[StaffPage]:
    agency = data.rows["accounts/agency"]

    def add_key(page: Page) -> None:
        page.locator("#id_name").fill("Sample key")
        # The options of the list are loaded when one types into it.
        page.locator("#id_agency").evaluate(
            "(list, pk) => list.add(new Option(pk, pk, true, true))", str(agency.pk)
        )
        page.locator("#id_expiry_date_0").fill("2199-01-03")
        page.locator("#id_expiry_date_1").fill("08:00")
        _press("[name=_save]")(page)

    yield StaffPage(
        "/admin/accounts/agencykey/add/",
        "the new key",
        press=add_key,
        shows="#content code",
    )


def _sign_in_pages(data: StaffDataset) -> Iterator[StaffPage]:
    path = "/accounts/login/"
    values = {"#id_login": CLERK, "#id_password": "wrong"}
    send = "#login-form [type=submit]"
    yield StaffPage(path, user=ANONYMOUS)
    yield StaffPage(
        path,
        "with errors",
        user=ANONYMOUS,
        press=_fill(values, send),
        shows=".errornote, .errorlist",
    )


def _invitation_pages(data: StaffDataset) -> Iterator[StaffPage]:
    newcomer = data.users[NEWCOMER]
    token = accounts.create_invitation(newcomer, by=states.actor(), at=timezone.now())
    path = f"/accounts/invitation/{token}/"
    yield StaffPage(path, user=ANONYMOUS)
    yield StaffPage(
        path,
        "with errors",
        user=ANONYMOUS,
        press=_without_checks("#content [type=submit]"),
        shows=".errorlist",
    )
    yield StaffPage("/accounts/invitation/used/", status=410, user=ANONYMOUS)


def _enrolment_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(enrolment_link(data.users[NEWCOMER]), user=ANONYMOUS)
    yield StaffPage("/accounts/enrolment/used/", status=410, user=ANONYMOUS)


def _second_step_pages(data: StaffDataset) -> Iterator[StaffPage]:
    for name in (CHIEF, HOLDER):
        values = {"#id_login": name, "#id_password": PASSWORD}
        yield StaffPage(
            "/accounts/login/",
            f"second step of the {name}",
            user=ANONYMOUS,
            press=_fill(values, "#login-form [type=submit]"),
            shows="form[action*='/2fa/authenticate/'], #id_code, [name=credential]",
        )


def _app_activation_pages(data: StaffDataset) -> Iterator[StaffPage]:
    yield StaffPage(
        enrolment_link(data.users[NEWCOMER]),
        "sets up an app",
        user=NEWCOMER,
        press=_open_app_activation,
        shows="#id_code",
    )
    yield StaffPage("/accounts/2fa/totp/activate/", status=403, user=CLERK)


def _open_app_activation(page: Page) -> None:
    _press("#content [type=submit]")(page)
    page.goto(page.url.replace("/accounts/2fa/", "/accounts/2fa/totp/activate/"))


def _simple(path: str, *users: str) -> Callable[[StaffDataset], list[StaffPage]]:
    """Return a function for the page of an address, as each of ``users`` sees it."""
    return lambda _data: [StaffPage(path, user, user=user) for user in users or [CHIEF]]


def _key_of_holder(path: str) -> Callable[[StaffDataset], list[StaffPage]]:
    def pages(data: StaffDataset) -> list[StaffPage]:
        key = Authenticator.objects.get(user=data.users[HOLDER], type="webauthn")
        return [StaffPage(path.format(key.pk), user=HOLDER)]

    return pages


_PAGES: dict[str, Callable[[StaffDataset], Iterator[StaffPage] | list[StaffPage]]] = {
    "admin/": _start_pages,
    "admin/search/": _search_pages,
    # Django's address of the sign-in page redirects to that of the accounts.
    "admin/login/": lambda _data: [],
    "admin/password_change/": _simple("/admin/password_change/"),
    "admin/password_change/done/": _simple("/admin/password_change/done/"),
    "admin/(?P<url>.*)$": _error_pages,
    "admin/preview/<str:token>/<slug:code>/": _preview_pages,
    "admin/history/deed/": _audit_pages,
    "admin/history/deed/verification/": _verification_pages,
    "admin/seminars/seminar/": _seminar_list_pages,
    "admin/seminars/seminar/add/": _seminar_add_pages,
    "admin/seminars/seminar/<path:object_id>/change/": _seminar_change_pages,
    "admin/seminars/seminar/<path:object_id>/review/": _seminar_review_pages,
    "admin/seminars/seminar/<int:pk>/copy/": _copy_pages,
    "admin/people/person/": _person_list_pages,
    "admin/accounts/user/<int:pk>/access/": _access_pages,
    "admin/accounts/agencykey/add/": _key_pages,
    "admin/publishing/importbatch/add/": _upload_pages,
    "admin/publishing/importbatch/<path:object_id>/change/": _import_pages,
    "admin/publishing/importbatch/<int:pk>/undo/": _written_pages,
    "admin/publishing/proposal/import/<int:pk>/": _import_review_pages,
    "accounts/": _simple("/accounts/"),
    "accounts/login/": _sign_in_pages,
    "accounts/invitation/<str:token>/": _invitation_pages,
    "accounts/enrolment/<str:token>/": _enrolment_pages,
    "accounts/sessions/": _simple("/accounts/sessions/"),
    "accounts/reauthenticate/": _simple("/accounts/reauthenticate/"),
    "accounts/2fa/": _simple("/accounts/2fa/", CHIEF, HOLDER, CLERK),
    "accounts/2fa/authenticate/": _second_step_pages,
    "accounts/2fa/reauthenticate/": _simple("/accounts/2fa/reauthenticate/"),
    "accounts/2fa/totp/activate/": _app_activation_pages,
    "accounts/2fa/totp/deactivate/": _simple("/accounts/2fa/totp/deactivate/"),
    "accounts/2fa/recovery-codes/": _simple("/accounts/2fa/recovery-codes/"),
    "accounts/2fa/recovery-codes/generate/": _simple(
        "/accounts/2fa/recovery-codes/generate/"
    ),
    "accounts/2fa/webauthn/": _simple("/accounts/2fa/webauthn/", CHIEF, HOLDER),
    "accounts/2fa/webauthn/add/": _simple("/accounts/2fa/webauthn/add/"),
    "accounts/2fa/webauthn/reauthenticate/": _simple(
        "/accounts/2fa/webauthn/reauthenticate/", HOLDER
    ),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": _key_of_holder(
        "/accounts/2fa/webauthn/keys/{}/edit/"
    ),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": _key_of_holder(
        "/accounts/2fa/webauthn/keys/{}/remove/"
    ),
}
# The pages of apps have one route, which lists the apps.
_PAGES |= {
    route: _app_pages
    for route in staff_routes()
    if route.startswith("admin/^(?P<app_label>")
}
