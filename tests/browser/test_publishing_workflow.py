"""The portal's main workflow in a browser: enter, review, publish, read, withdraw."""

import pytest
from playwright.sync_api import Page, expect

from portal.content.catalogue.models import Entry
from portal.core.jobs.models import Job
from tests.factories import publishing as states
from tests.factories.seminars import seminar
from tests.failures import collect_failures

pytestmark = pytest.mark.browser

TITLE = "中国—东盟检察官研修班（样例）"
SUMMARY = "来自样例国家的检察官参加。"


@pytest.fixture
def user(transactional_db):
    return states.staff("sample.clerk", is_superuser=True)


def _sign_in(page: Page, at) -> None:
    page.goto(at("/admin/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#user-tools")).to_be_visible()


def _enter_in_chinese(page: Page, at) -> str:
    """Add a seminar with Chinese texts only, in the Chinese form; return its code."""
    page.goto(at("/admin/seminars/seminar/add/"))
    _write_in(page, "zh_hans")
    page.locator("#id_title_zh_hans").fill(TITLE)
    expect(page.locator("#id_title_en")).to_be_hidden()
    page.locator("#id_summary_zh_hans").fill(SUMMARY)
    page.locator("#id_scope").select_option("prosecutors")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    return page.locator(".field-code .readonly").inner_text()


def test_enter_key_on_the_review_page_decides_nothing(page, at, user):
    record = states.in_review(seminar())
    _sign_in(page, at)
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/review/"))

    page.locator("#id_publish_at_0").fill("2199-01-02")
    page.locator("#id_publish_at_0").press("Enter")
    page.wait_for_timeout(1000)

    record.refresh_from_db()
    assert record.status == "in_review"
    page.locator("#id_publish_at_0").fill("")
    page.locator("[name=_approve]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def _write_in(page: Page, language: str) -> None:
    page.locator(f".staff-languages button[value={language}]").click()


def _run_action(page: Page, at, code: str, action: str) -> None:
    """Run ``action`` on the record from the changelist; give a reason and confirm."""
    page.goto(at(f"/admin/seminars/seminar/?q={code}"))
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").first.select_option(action)
    page.locator("button[name=index]").first.click()
    reason = page.locator("textarea[name=reason]")
    if reason.count():
        reason.fill("A sample reason.")
    confirm = page.locator("input[name=_confirm]")
    if confirm.count():
        confirm.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_seminar_is_entered_published_read_and_withdrawn(
    page, watch, at, user, live_server
):
    _sign_in(page, at)
    code = _enter_in_chinese(page, at)
    assert page.request.get(at(f"/zh-hans/seminars/{code}/")).status == 404

    _run_action(page, at, code, "submit")
    assert page.request.get(at(f"/zh-hans/seminars/{code}/")).status == 404
    _run_action(page, at, code, "approve")
    _check_chinese_page(page, at, code)
    _is_marked_in_english(page, at, code)
    _check_api(page, at, code)

    _run_action(page, at, code, "withdraw")
    _check_withdrawn(page, at, code)
    assert not Entry.objects.exists()
    assert not Job.objects.exclude(state="done").exists()


def _check_chinese_page(page: Page, at, code: str) -> None:
    page.goto(at("/zh-hans/seminars/"))
    link = page.get_by_role("link", name=TITLE)
    link.click()
    expect(page).to_have_url(at(f"/zh-hans/seminars/{code}/"))
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text(SUMMARY)


def _is_marked_in_english(page: Page, at, code: str) -> None:
    page.goto(at("/en/seminars/"))
    title = page.locator("main [lang='zh-Hans']", has_text=TITLE).first
    expect(title).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "Title and summary shown in Simplified Chinese"
    )
    page.goto(at(f"/en/seminars/{code}/"))
    expect(page.locator("h1 [lang='zh-Hans']")).to_have_text(TITLE)


def _check_api(page: Page, at, code: str) -> None:
    answer = page.request.get(at("/api/v1/seminars/?lang=en")).json()
    (seminar,) = answer["results"]
    assert seminar["code"] == code
    assert seminar["title"] == TITLE
    assert seminar["languages"] == ["zh-Hans"]
    assert seminar["fallback"] == dict.fromkeys(("name", "title", "summary"), "zh-Hans")


def _check_withdrawn(page: Page, at, code: str) -> None:
    answer = page.goto(at(f"/zh-hans/seminars/{code}/"))
    assert answer.status == 410
    expect(page.locator("body")).not_to_contain_text(TITLE)
    assert page.request.get(at(f"/api/v1/seminars/{code}/")).status == 410
    assert page.request.get(at("/api/v1/seminars/")).json()["results"] == []
    changes = page.request.get(at("/api/v1/changes/")).json()["results"]
    actions = [c["action"] for c in changes if c["code"] == code]
    assert actions == ["published", "withdrawn"]


FORMS = [
    "seminars/seminar",
    "delegations/visit",
    "exchanges/meeting",
    "exchanges/mechanism",
    "conference/edition",
    "conference/document",
    "conference/article",
    "directory/organ",
    "figures/reportedfigure",
]


def test_forms_open_in_one_language(page, watch, at, user, sign_in):
    sign_in(page, user)

    with collect_failures() as failures:
        for model in FORMS:
            with failures.case(model):
                page.goto(at(f"/admin/{model}/add/"))

                expect(page.locator(".staff-languages")).to_be_visible()
                fields = page.locator(".form-row[class*='_zh_hans']:not(.empty-form *)")
                expect(fields.first).to_be_visible()
                hidden = page.locator(".form-row[class*='_zh_hant']").first
                expect(hidden).to_be_hidden()


def test_autocomplete_finds_by_chinese_name(page, watch, at, record, user, sign_in):
    sign_in(page, user)
    page.goto(at("/admin/directory/organ/add/"))

    page.locator(".field-country .select2-selection").first.click()
    page.locator(".select2-search__field").fill("越南")

    # Results are in the interface language, whatever language was typed.
    expect(page.locator(".select2-results__option").first).to_contain_text("VN Vietnam")
