"""Start page, lists and search of the staff admin in a browser."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from portal.core.accounts.models import User
from tests.browser.scrolling import find_overflow
from tests.factories import publishing as states
from tests.factories.delegations import visit
from tests.factories.seminars import seminar

pytestmark = pytest.mark.browser
ADDRESSES = (
    "",
    "seminars/seminar/",
    "seminars/seminar/?task=waiting&status__exact=in_review",
    "delegations/visit/",
    "history/deed/",
    "search/?q=SEM",
    "search/?q=no-such-thing",
)
# The smallest targets of filters, navigation and rows.
SMALL_TARGETS = """() => [...document.querySelectorAll(
  "#changelist-filter a, #nav-sidebar a, #result_list tbody a, #result_list input," +
  "#content-main a, #user-tools a, .breadcrumbs a, .staff-search button"
)].map(element => [element, element.getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.width < 23.9 || box.height < 23.9))
  .map(([element]) => element.outerHTML.slice(0, 100))"""


@pytest.fixture
def signed_in(page, sign_in, transactional_db) -> Page:
    sign_in(page, states.staff("sample.clerk", is_superuser=True))
    return page


@pytest.fixture
def records(transactional_db):
    """Create records with long texts in each status of the lists."""
    titles = {
        "title_zh_hans": "东盟成员国检察官打击跨境电信网络诈骗研修班",
        "title_en": "Seminar on cross-border telecommunication fraud",
    }
    states.in_review(seminar("SEM-0001", **titles))
    later = states.AT + dt.timedelta(days=36_500)
    states.scheduled(seminar("SEM-0002", **titles), later)
    seminar("SEM-0003", **titles)
    day = {"starts_on": dt.date(2024, 9, 22), "date_precision": "day"}
    states.published(visit("VIS-0001", state="planned", **titles, **day))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_staff_lists_are_usable_at_any_width(
    language, records, signed_in, watch, at, axe
):
    User.objects.update(interface_language=language)
    problems = {}
    for address in ADDRESSES:
        assert signed_in.goto(at(f"/admin/{address}")).ok, address
        for width in (900, 1280):
            overflow = find_overflow(signed_in, width=width)
            inside = signed_in.evaluate(
                "[...document.querySelectorAll('.results')]"
                ".filter(e => e.scrollWidth > e.clientWidth).length"
            )
            small = signed_in.evaluate(SMALL_TARGETS)
            problems[address, width] = [*overflow, *small] + ["list scrolls"] * inside
        problems[address] = axe(signed_in)

    assert {page: lines for page, lines in problems.items() if lines} == {}


def test_alt_slash_moves_to_the_search_box_and_slash_alone_does_not(
    signed_in, watch, at
):
    """A shortcut of one character would also be pressed by speech input."""
    signed_in.goto(at("/admin/seminars/seminar/"))
    box = signed_in.locator("#staff-search-input")

    signed_in.keyboard.press("/")
    signed_in.keyboard.press("Control+Alt+/")
    expect(box).not_to_be_focused()
    signed_in.keyboard.press("Alt+/")
    expect(box).to_be_focused()
    signed_in.keyboard.type("a/b")
    expect(box).to_have_value("a/b")

    signed_in.locator("#searchbar").click()
    signed_in.keyboard.press("Alt+/")
    expect(box).to_be_focused()
    expect(signed_in.locator("#searchbar")).to_have_value("")
