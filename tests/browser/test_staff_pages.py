"""Every page of the staff admin: accessible, without errors, and not too wide."""

import pytest
from django.contrib import admin
from django.test import Client
from playwright.sync_api import Page, expect

from portal.core.accounts.models import User
from tests.browser.scrolling import find_overflow
from tests.browser.staff_pages import (
    ACTIONS,
    NOT_PAGES,
    StaffDataset,
    StaffPage,
    group_routes,
    pages_of,
    staff_routes,
    unknown_routes,
)
from tests.failures import collect_failures
from tests.sign_in import confirmed

pytestmark = pytest.mark.browser
# Half of the pages are opened in each language of the admin.
LANGUAGES = ("zh-hans", "en")


class Visitor:
    """Opens pages in one window, as the user whom each page needs."""

    def __init__(self, page: Page, host: str, data: StaffDataset):
        self.page, self.host, self.data = page, host, data
        self.user = None
        # Pages of running work reload themselves, which would interrupt their check.
        page.route(
            "**/portal/js/import-progress*.js",
            lambda route: route.fulfill(body="", content_type="text/javascript"),
        )

    def become(self, name: str) -> None:
        if name == self.user:
            return
        self.user = name
        self.page.context.clear_cookies()
        if name:
            client = confirmed(Client(), self.data.users[name])
            self.page.context.add_cookies(
                [
                    {"name": key, "value": cookie.value, "url": self.host}
                    for key, cookie in client.cookies.items()
                ]
            )

    def open(self, staff_page: StaffPage) -> None:
        self.become(staff_page.user)
        answer = self.page.goto(f"{self.host}{staff_page.path}")
        assert answer.status == staff_page.status, answer.status
        assert not answer.request.redirected_from, self.page.url
        if staff_page.press:
            staff_page.press(self.page)
        expect(self.page.locator(staff_page.shows).first).to_be_visible()
        if not staff_page.user:
            # A sign-in that began here must not go on in the next page.
            self.user = None


@pytest.mark.parametrize("group", group_routes())
def test_every_staff_page_is_accessible_and_fits(
    group, transactional_db, page, watch, live_server, axe
):
    data = StaffDataset()
    visitor = Visitor(page, live_server.url, data)
    with collect_failures() as failures:
        for number, route in enumerate(group_routes()[group]):
            language = LANGUAGES[number % 2]
            User.objects.update(interface_language=language)
            for staff_page in pages_of(route, data):
                with failures.case(staff_page, language):
                    visitor.open(staff_page)
                    problems = [
                        *find_overflow(page, width=900),
                        *find_overflow(page, width=1280),
                        *axe(page),
                        *watch.problems,
                    ]
                    watch.problems.clear()
                    assert problems == []


def test_it_is_known_of_every_address_whether_it_has_a_page():
    """A new address of the admin or of accounts needs a line in staff_pages.py."""
    assert unknown_routes() == []


def test_every_action_of_a_list_is_known():
    """An action with a page of its own needs a page in the table."""
    actions = {
        action
        for model_admin in admin.site._registry.values()
        for action in model_admin.actions or ()
    }

    assert actions == set(ACTIONS)


def test_addresses_without_a_page_exist():
    assert set(NOT_PAGES) <= set(staff_routes())
