"""The buttons that move rows of a form up and down, in a browser."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from portal.core.accounts.models import User
from seminars.models import Session
from tests.browser.draft_storage import wait_for_draft
from tests.factories import publishing as states
from tests.factories.publishing import source
from tests.factories.seminars import material, seminar, session

pytestmark = pytest.mark.browser

TITLES = ".dynamic-sessions input[name$=-title_en]"


@pytest.fixture
def user(transactional_db) -> User:
    return states.staff("sample.clerk", is_superuser=True)


@pytest.fixture
def open_form(page, at, user, sign_in, watch):
    """Return a function that opens the form of a record in English."""
    sign_in(page, user)

    def open_record(record) -> Page:
        page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
        page.locator(".staff-languages button[value=en]").click()
        return page

    return open_record


def save(page: Page) -> None:
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def titles(page: Page) -> list[str]:
    return page.locator(TITLES).evaluate_all("inputs => inputs.map(each => each.value)")


def stored(record) -> list[str]:
    return list(record.sessions.values_list("title_en", flat=True))


def test_session_is_moved_with_the_keyboard(open_form):
    record = seminar(title_en="Sample")
    for number, title in enumerate(["Opening", "Visit", "Closing"], start=1):
        session(record, title_en=title, position=number)
    page = open_form(record)
    first = page.get_by_role("button", name=f"Move {record.code} Opening up")
    expect(first).to_be_disabled()
    up = page.get_by_role("button", name=f"Move {record.code} Closing up")

    up.focus()
    page.keyboard.press("Enter")
    assert titles(page) == ["Opening", "Closing", "Visit"]
    expect(up).to_be_focused()
    expect(page.locator("[data-row-order] [role=status]")).to_have_text(
        f"{record.code} Closing is now number 2 of 3."
    )
    # At the top, the other button of the row has the focus.
    page.keyboard.press("Enter")
    down = page.get_by_role("button", name=f"Move {record.code} Closing down")
    expect(down).to_be_focused()
    assert titles(page) == ["Closing", "Opening", "Visit"]

    save(page)
    assert stored(record) == ["Closing", "Opening", "Visit"]


def test_sessions_are_not_moved_against_their_times(open_form):
    record = seminar(title_en="Sample")
    start = dt.datetime(2026, 9, 1, 1, 0, tzinfo=dt.UTC)
    session(record, title_en="First", position=1, starts_at=start)
    later = start + dt.timedelta(hours=2)
    session(record, title_en="Second", position=2, starts_at=later)
    session(record, title_en="Any time", position=3)
    page = open_form(record)

    up = page.get_by_role("button", name=f"Move {record.code} Second up")
    expect(up).to_be_disabled()
    page.get_by_role("button", name=f"Move {record.code} Any time up").click()
    save(page)
    assert stored(record) == ["First", "Any time", "Second"]


def test_new_row_is_moved_and_another_one_removed(open_form):
    """The fields of stored rows stay the first ones, as the server expects them."""
    record = seminar(title_en="Sample")
    session(record, title_en="Opening", position=1)
    session(record, title_en="Closing", position=2)
    page = open_form(record)
    add = page.locator("#sessions-group .add-row a")
    add.click()
    page.locator("#id_sessions-2-title_en").fill("Visit")
    page.locator("#id_sessions-2-session_kind").select_option("lecture")
    add.click()
    page.get_by_role("button", name="Move Visit up").click()
    page.get_by_role("button", name="Move Visit up").click()
    assert titles(page) == ["Visit", "Opening", "Closing", ""]

    page.locator("#sessions-3 .inline-deletelink").click()
    expect(page.locator(TITLES)).to_have_count(3)
    assert titles(page) == ["Visit", "Opening", "Closing"]
    save(page)
    assert stored(record) == ["Visit", "Opening", "Closing"]
    assert Session.objects.count() == 3


def test_typed_numbers_count_before_the_next_move(open_form):
    record = seminar(title_en="Sample")
    for number, title in enumerate(["One", "Two", "Three"], start=1):
        session(record, title_en=title, position=number)
    page = open_form(record)

    page.locator("#id_sessions-0-position").fill("9")
    page.locator("#id_sessions-0-position").blur()
    page.get_by_role("button", name=f"Move {record.code} Three up").click()
    assert titles(page) == ["Three", "Two", "One"]
    numbers = page.locator(".dynamic-sessions input[name$=-position]")
    shown = numbers.evaluate_all("inputs => inputs.map(each => each.value)")
    assert shown == ["2", "3", "9"]


def test_refused_form_keeps_the_new_order(open_form):
    record = seminar(title_en="Sample")
    session(record, title_en="Opening", position=1)
    session(record, title_en="Closing", position=2)
    page = open_form(record)
    page.get_by_role("button", name=f"Move {record.code} Closing up").click()
    page.locator("#id_starts_on").fill("03/04/2018")
    page.locator("[name=_continue]").first.click()

    expect(page.locator(".errornote")).to_be_visible()
    page.locator(".staff-languages button[value=en]").click()
    assert titles(page) == ["Closing", "Opening"]


def test_rows_of_a_table_are_moved(open_form):
    record = seminar(title_en="Sample")
    for number, name in enumerate(("One", "Two"), start=1):
        material(record, title_en=name, position=number)
    page = open_form(record)

    group = page.locator("#materials-group")
    up = group.get_by_role("button", name="up").nth(1)
    up.click()
    expect(up).to_be_enabled()
    expect(group.locator("tr.has_original input[name$=-title_en]").first).to_have_value(
        "Two"
    )
    save(page)
    assert list(record.materials.values_list("title_en", flat=True)) == ["Two", "One"]


def test_sources_without_numbers_are_moved(open_form):
    record = seminar(title_en="Sample")
    for name in ("one", "two", "three"):
        source(record, url=f"https://{name}.example/")
    page = open_form(record)

    page.get_by_role("button", name="Move https://three.example/ up").click()
    save(page)
    addresses = list(record.sources.values_list("url", "position"))
    assert addresses == [
        ("https://one.example/", 1),
        ("https://three.example/", 2),
        ("https://two.example/", 3),
    ]


def test_restored_draft_has_the_rows_in_their_order(open_form, at):
    record = seminar(title_en="Sample")
    session(record, title_en="Opening", position=1)
    session(record, title_en="Closing", position=2)
    page = open_form(record)
    page.get_by_role("button", name=f"Move {record.code} Closing up").click()
    wait_for_draft(page, "-position")
    other = page.context.new_page()
    page.close(run_before_unload=False)

    other.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    assert titles(other) == ["Opening", "Closing"]
    other.locator("[data-restore]").click()

    assert titles(other) == ["Closing", "Opening"]
