"""A sheet with the office's own Chinese headings, imported in the browser."""

import pytest
from playwright.sync_api import Page, expect

from portal.content.publishing.models import HeadingMapping
from seminars.models import Seminar
from tests.browser.scrolling import find_overflow
from tests.factories.directory import country
from tests.factories.publishing import staff
from tests.portal.content.spreadsheets.import_helpers import xlsx_of

pytestmark = pytest.mark.browser

SHEET = xlsx_of(
    ("东盟检察官研修班一览表",),
    ("序号", "班名", "范围", "时间", "国家", "授课时长", "联系人"),
    ("1", "样例研修班", "相关活动", "2018年9月", "越南", "36", "某人"),
)
QUESTIONS = ".import-questions select"
FILE = {
    "name": "一览表.xlsx",
    "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "buffer": SHEET,
}


@pytest.fixture
def clerk(page, sign_in, transactional_db) -> Page:
    user = staff("sample.clerk", is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    country("VN")
    sign_in(page, user)
    return page


def _upload(page: Page, at) -> None:
    page.goto(at("/admin/publishing/importbatch/add/?resource=seminars"))
    page.locator("input[type=file]").set_input_files(FILE)
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(QUESTIONS)).to_have_count(2)


def test_leaving_with_answers_that_are_not_sent_asks_first(clerk, watch, at):
    _upload(clerk, at)
    clerk.locator(QUESTIONS).first.select_option("hours")
    clerk.once("dialog", lambda dialog: dialog.dismiss())

    with clerk.expect_event("dialog") as question:
        clerk.locator(".breadcrumbs a").first.click()

    assert question.value.type == "beforeunload"
    expect(clerk.locator(QUESTIONS).first).to_have_value("hours")


def test_unknown_headings_are_asked_about_once(clerk, watch, at, axe):
    _upload(clerk, at)
    for width in (900, 1280):
        assert find_overflow(clerk, width=width) == [], width
        assert axe(clerk) == [], width
    hours, contact = (clerk.locator(QUESTIONS).nth(index) for index in (0, 1))

    # Without an answer, and with two columns read as one, nothing happens.
    clerk.locator("input[name=_answer]").click()
    expect(clerk.locator(f"{QUESTIONS}:invalid")).to_have_count(2)
    for select in (hours, contact):
        select.select_option("hours")
    clerk.locator("input[name=_answer]").click()
    expect(clerk.locator(".import-questions .errorlist")).to_have_count(1)
    assert not HeadingMapping.objects.exists()

    hours.select_option("hours")
    contact.select_option("-")
    clerk.locator("input[name=_answer]").click()
    clerk.locator("input[name=_write]").click()
    expect(clerk.locator("a[href$='/undo/']")).to_be_visible()
    record = Seminar.objects.get()
    assert (record.title_zh_hans, record.hours) == ("样例研修班", 36)
    assert record.date_precision == "month"

    # The next sheet needs no answer and shows what was chosen.
    _upload(clerk, at)
    expect(clerk.locator("ul", has_text="sample.clerk").first).to_contain_text(
        "授课时长"
    )
    expect(clerk.locator(QUESTIONS).nth(0)).to_have_value("hours")
    expect(clerk.locator(QUESTIONS).nth(1)).to_have_value("-")


def test_pages_of_imports_and_lists_fit(clerk, watch, at, axe):
    country("LA")
    for address in (
        "publishing/importbatch/add/",
        "publishing/headingmapping/",
        "seminars/seminar/",
    ):
        clerk.goto(at(f"/admin/{address}"))
        for width in (900, 1280):
            assert find_overflow(clerk, width=width) == [], (address, width)
        assert axe(clerk) == [], address
