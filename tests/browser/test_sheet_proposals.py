"""A sheet that changes published records, from the upload to the joint approval."""

import re

import pytest
from playwright.sync_api import Page, expect

from seminars.models import Seminar
from tests.browser.guide_screenshots import picture
from tests.browser.scrolling import find_overflow
from tests.factories import directory, seminars
from tests.factories.publishing import published, staff
from tests.portal.content.spreadsheets.import_helpers import csv_of

pytestmark = pytest.mark.browser

HEAD = ("code", "title_zh", "hours", "venue_named_parties")
# Smallest readable width of a value, in CSS pixels.
MIN_WIDTH = 80


def _use(page: Page, sign_in, username: str, language: str) -> None:
    user = staff(username, is_superuser=True)
    user.interface_language = language
    user.save()
    page.context.clear_cookies()
    sign_in(page, user)


def _upload(page: Page, at, content: bytes) -> None:
    page.goto(at("/admin/publishing/importbatch/add/?resource=seminars"))
    page.locator("input[type=file]").set_input_files(
        {"name": "hours.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator(".submit-row input[type=submit]").click()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_clerk_corrects_published_records_and_reviewer_approves_them_together(
    language, page, transactional_db, sign_in, watch, at, axe, settings
):
    settings.TWO_PERSON_APPROVAL = True
    directory.country("LA")
    for number in (1, 2):
        title = f"跨境取证研修班{number}"
        published(seminars.seminar(f"SEM-{number:04}", title_zh_hans=title, hours=10))
    rows = [
        ("SEM-0001", "跨境取证与司法协助研修班", "36", "Sample hall|LA"),
        ("SEM-0002", "跨境取证研修班2", "24", ""),
    ]
    _use(page, sign_in, "sample.clerk", language)
    _upload(page, at, csv_of(HEAD, *rows))
    expect(page.locator(".staff-note")).to_contain_text("2")
    if language == "en":
        picture(page, "import-values-en", full_page=True)

    page.locator("input[name=_write]").click()
    expect(page.locator("a[href$='/undo/']")).to_be_visible()
    assert set(Seminar.objects.values_list("hours", flat=True)) == {10}

    _use(page, sign_in, "sample.reviewer", language)
    page.goto(at("/admin/"))
    page.get_by_role("link", name=re.compile(r"#\d+ hours\.csv")).first.click()
    expect(page.locator(".review-record")).to_have_count(2)
    for width in (360, 900, 1280):
        assert find_overflow(page, width=width) == [], width
        assert axe(page) == [], width
        for cell in page.locator(".changes td").all():
            assert cell.bounding_box()["width"] >= MIN_WIDTH, width

    picture(page, "import-review-en" if language == "en" else "import-review")
    page.locator("input[name=include]").nth(1).uncheck()
    page.locator("input[name=_accept]").click()
    expect(page.locator(".review-record")).to_have_count(1)
    hours = Seminar.objects.order_by("code").values_list("hours", flat=True)
    assert list(hours) == [36, 10]

    # A return without a reason keeps the selection and names the field.
    page.locator("input[name=_return]").click()
    expect(page.locator(".errorlist")).to_have_count(1)
    page.locator("textarea[name=reason]").fill("24?")
    page.locator("input[name=_return]").click()
    expect(page.locator(".review-record")).to_have_count(0)
