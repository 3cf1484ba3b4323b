"""Add forms in a browser: a double click or Back and Save adds no second record."""

import pytest
from playwright.sync_api import Page, expect

from portal.reference.directory.models import Topic
from tests.factories import publishing as states

pytestmark = pytest.mark.browser

MESSAGES = ".messagelist:not(.factor-banner)"
SAVE = '.submit-row [name="_save"]'


@pytest.fixture
def form(page, at, transactional_db) -> Page:
    """Return a page with the add form of a topic, filled in."""
    states.staff("sample.clerk", is_superuser=True)
    page.goto(at("/admin/directory/topic/add/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()
    fill(page, "first")
    return page


def fill(page: Page, key: str) -> None:
    page.locator("#id_key").fill(key)
    page.locator(".staff-languages button[value=en]").click()
    page.locator("#id_name_en").fill(f"Topic {key}")


def test_back_and_save_leads_to_the_record_that_was_saved(form):
    form.locator(SAVE).click()
    expect(form.locator("#changelist")).to_be_visible()
    form.go_back()
    fill(form, "second")

    form.locator(SAVE).click()

    expect(form.locator(MESSAGES)).to_contain_text("This form has already been saved")
    expect(form.locator("#id_name_en")).to_have_value("Topic first")
    assert Topic.objects.get().key == "first"


def test_double_click_on_save_adds_one_record(form):
    form.locator(SAVE).dblclick()

    expect(form.locator(MESSAGES)).to_be_visible()
    assert Topic.objects.get().key == "first"


def test_form_that_is_opened_again_by_its_link_adds_another_record(form):
    form.locator(SAVE).click()
    expect(form.locator("#changelist")).to_be_visible()
    form.locator(".object-tools .addlink").click()
    fill(form, "second")

    form.locator(SAVE).click()

    expect(form.locator("#changelist")).to_be_visible()
    assert Topic.objects.count() == 2
