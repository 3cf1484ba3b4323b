"""The table of organisations, parties and places in a form, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.content.publishing.links import get_linked_pks
from portal.content.publishing.models import Proposal
from portal.core.accounts.models import User
from seminars.models import Seminar
from tests.browser.draft_storage import wait_for_draft
from tests.browser.scrolling import find_overflow
from tests.factories import publishing as states
from tests.factories.directory import organ, party, place
from tests.factories.seminars import seminar

pytestmark = pytest.mark.browser

TABLE = ".staff-roles"


@pytest.fixture
def user(transactional_db) -> User:
    return states.staff("sample.clerk", is_superuser=True)


@pytest.fixture
def open_form(page, at, user, sign_in, watch):
    """Return a function that opens the form of a seminar."""
    sign_in(page, user)

    def open_seminar(record: Seminar) -> Page:
        page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
        expect(page.locator(TABLE)).to_be_visible()
        return page

    return open_seminar


def add(page: Page, role: str, term: str, name: str) -> None:
    page.locator("#staff-roles-role").select_option(role)
    page.locator("#staff-roles-search").press_sequentially(term)
    results(page).filter(has_text=name).click()


def results(page: Page):
    return page.locator("#staff-roles-results [role=option]")


def table_rows(page: Page) -> list[str]:
    """Return the rows of the table: role, name and type."""
    script = """rows => rows.map(row => {
      const role = row.cells[0].querySelector("select");
      const label = role ? role.selectedOptions[0].text : row.cells[0].textContent;
      return [label, row.cells[1].textContent, row.cells[2].textContent].join(" | ");
    })"""
    return page.locator(f"{TABLE} tbody tr").evaluate_all(script)


def save(page: Page) -> None:
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_rows_are_added_moved_and_removed(open_form):
    record = seminar(title_en="Sample")
    college = organ("college", name_en="Sample College")
    bureau = organ("bureau", name_en="Sample Bureau")
    ministry = party("Sample Ministry", display_name_en="Sample Ministry")
    nanning = place("nanning", name_en="Nanning")
    record.organiser_organs.add(college)
    page = open_form(record)
    expect(page.locator(".field-organiser_organs")).to_be_hidden()
    assert table_rows(page) == ["Organiser | Sample College | Organisation"]

    # The results of all types are in one list, without those that are chosen already.
    page.locator("#staff-roles-search").press_sequentially("Sample")
    expect(results(page)).to_have_count(2)
    groups = page.locator("#staff-roles-results [role=group]")
    expect(groups).to_have_count(2)
    results(page).filter(has_text="Sample Bureau").click()
    add(page, "Venue", "Ministry", "Sample Ministry")
    # The keyboard is enough.
    page.locator("#staff-roles-role").select_option("Place")
    page.locator("#staff-roles-search").press_sequentially("Nanning")
    expect(results(page)).to_have_count(1)
    page.locator("#staff-roles-search").press("Enter")
    page.get_by_role("button", name="Move Sample Bureau up").click()
    save(page)

    assert get_linked_pks(record, "organiser_organs") == [bureau.pk, college.pk]
    assert get_linked_pks(record, "venue_parties") == [ministry.pk]
    assert get_linked_pks(record, "places") == [nanning.pk]
    assert [row.split(" | ")[1] for row in table_rows(page)] == [
        "Sample Bureau",
        "Sample College",
        "Nanning",
        "Sample Ministry",
    ]

    page.get_by_role("combobox", name="Role of Sample Bureau").select_option("Host")
    page.get_by_role("button", name="Remove Sample Ministry").click()
    save(page)

    assert get_linked_pks(record, "organiser_organs") == [college.pk]
    assert get_linked_pks(record, "host_organs") == [bureau.pk]
    assert get_linked_pks(record, "venue_parties") == []


def test_change_of_published_record_is_proposed_with_its_order(open_form, settings):
    settings.TWO_PERSON_APPROVAL = True
    record = seminar(title_en="Sample")
    first, second = organ("first", name_en="First"), organ("second", name_en="Second")
    record.host_organs.add(first)
    record.host_organs.add(second)
    states.published(record)
    page = open_form(record)

    page.get_by_role("button", name="Move Second up").click()
    save(page)

    wanted = Proposal.objects.get().wanted
    assert wanted["links"]["host_organs"] == [second.pk, first.pk]
    assert get_linked_pks(record, "host_organs") == [first.pk, second.pk]
    assert [row.split(" | ")[1] for row in table_rows(page)] == ["Second", "First"]


def test_restored_draft_is_in_the_table(open_form, at):
    record = seminar(title_en="Sample")
    first, second = organ("first", name_en="First"), organ("second", name_en="Second")
    record.host_organs.add(first)
    page = open_form(record)
    page.on("dialog", lambda dialog: dialog.accept())
    add(page, "Host", "Second", "Second")
    page.get_by_role("button", name="Move Second up").click()
    wait_for_draft(page, f"host_organs={second.pk},{first.pk}")
    open_form(record)
    assert len(table_rows(page)) == 1

    page.locator("[data-restore]").click()

    assert [row.split(" | ")[1] for row in table_rows(page)] == ["Second", "First"]
    save(page)
    assert get_linked_pks(record, "host_organs") == [second.pk, first.pk]


def test_new_organisation_from_its_window_is_in_the_table(open_form):
    page = open_form(seminar(title_en="Sample"))

    with page.expect_popup() as popup:
        page.get_by_role("button", name="New: Organisation").click()
    expect(popup.value.locator("#id_key")).to_be_visible()
    popup.value.evaluate(
        "() => opener.dismissAddRelatedObjectPopup(window, '7', 'Sample College')"
    )

    assert table_rows(page) == ["Organiser | Sample College | Organisation"]


def test_rejected_form_keeps_the_table(open_form):
    record = seminar(title_en="Sample")
    first, second = organ("first", name_en="First"), organ("second", name_en="Second")
    record.host_organs.add(first)
    record.host_organs.add(second)
    page = open_form(record)
    page.get_by_role("button", name="Move Second up").click()
    page.locator("#id_host_organs").evaluate(
        "select => select.add(new Option('Gone', '99999', true, true))"
    )

    page.locator("[name=_continue]").first.click()

    expect(page.locator("[data-role-errors]")).to_contain_text("99999")
    expect(page.locator("a[href='#section-people']")).to_contain_text("has errors")
    assert [row.split(" | ")[1] for row in table_rows(page)] == ["Second", "First"]


def test_table_is_accessible_at_any_width(open_form, axe):
    record = seminar(title_en="Sample")
    record.host_organs.add(organ("first", name_en="Sample " + "long name " * 20))
    page = open_form(record)

    page.locator("#staff-roles-search").press_sequentially("Sample")
    expect(results(page)).to_have_count(1)

    for width in (900, 1280):
        assert find_overflow(page, width=width) == [], width
    assert axe(page) == []
    sizes = page.locator(f"{TABLE} :is(button, select, input):visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect())"
    )
    assert all(min(size["width"], size["height"]) >= 24 for size in sizes)
    expect(page.locator("#staff-roles-search")).to_have_attribute(
        "aria-activedescendant", re.compile("staff-roles-option")
    )
