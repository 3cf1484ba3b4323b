"""A day of the office in Chinese and in English, each person with their own role.

A seminar is entered, reviewed, returned, approved for a set time, corrected and
withdrawn; every page is reached by what the page before offers.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect

from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.core.accounts.models import User
from portal.core.accounts.roles import sync_roles
from portal.core.audit.chain import verify_chain
from seminars.models import Seminar
from tests.browser.guide_screenshots import picture
from tests.factories.directory import any_country, organ
from tests.factories.publishing import actor, staff

pytestmark = pytest.mark.browser

# Texts of the interface that the steps look for.
TEXTS = {
    "zh-hans": {
        "submitted": "已提交审核",
        "returned": "已退回为草稿",
        "scheduled": "（北京时间）发布",
        "changed": "其内容已有修改",
        "withdrawn": "已从网站撤下",
        "published": "已发布",
    },
    "en": {
        "submitted": "was submitted for review",
        "returned": "was returned as a draft",
        "scheduled": "(Beijing time)",
        "changed": "was changed after you opened it",
        "withdrawn": "was withdrawn from the website",
        "published": "was published",
    },
}
TITLE = "中国—东盟检察官研修班（样例）"
SUCCESS = ".messagelist .success"


class Person:
    """A signed-in member of staff; ``clicks`` counts what is pressed on the pages."""

    def __init__(self, page: Page, at: Callable[[str], str], language: str):
        self.page, self.at, self.language = page, at, language
        self.clicks = 0

    def take_picture(self, name: str) -> None:
        """Take a picture for the part of the staff guide in the person's language."""
        suffix = "" if self.language == "zh-hans" else f"-{self.language}"
        picture(self.page, f"{name}{suffix}")

    def press(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def open_start_page(self) -> None:
        self.page.goto(self.at("/admin/"))

    def open_task(self, widget: str) -> None:
        """Open the first item of a widget of the start page."""
        self.open_start_page()
        self.press(f"section:has(#widget-{widget}) li a")

    def add_seminar(self) -> None:
        self.open_start_page()
        self.press("#content-main .model-seminar .addlink")


@pytest.fixture(params=TEXTS)
def language(request) -> str:
    return request.param


@pytest.fixture
def person(
    transactional_db, settings, browser: Browser, at, language
) -> Callable[..., Person]:
    """Return a function that creates a user with roles and signs them in."""
    settings.TWO_PERSON_APPROVAL = True
    sync_roles()
    any_country("CN")
    organ("cn-spp", name_zh_hans="最高人民检察院", name_en="Supreme Procuratorate")
    contexts = []

    def sign_in(name: str, *roles: str) -> Person:
        user = staff(f"sample.{name}")
        user.groups.set(Group.objects.filter(name__in=roles))
        User.objects.filter(pk=user.pk).update(interface_language=language)
        context = browser.new_context(
            viewport={"width": 1280, "height": 860}, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(at("/admin/"))
        page.locator("#id_login").fill(f"sample.{name}")
        page.locator("#id_password").fill("sample-password")
        page.locator("#login-form [type=submit]").click()
        expect(page.locator("#user-tools")).to_be_visible()
        return Person(page, at, language)

    yield sign_in
    for context in contexts:
        context.close()


def enter_seminar(editor: Person) -> None:
    """Fill the sections of the form of a new seminar, as far as a draft needs it."""
    page = editor.page
    page.locator(".staff-languages button[value=zh_hans]").click()
    page.locator("#id_title_zh_hans").fill(TITLE)
    page.locator("#id_scope").select_option("prosecutors")
    page.locator("#id_starts_on").fill("2026-09-01")
    page.locator("#id_date_precision").select_option("day")
    page.locator("#id_summary_zh_hans").fill("来自样例国家的检察官参加。")


def test_seminar_is_published_in_four_clicks(person, language):
    """Entering, submitting, reviewing and publishing took 24 clicks before."""
    editor, reviewer = person("editor", "editor"), person("reviewer", "reviewer")

    editor.add_seminar()
    enter_seminar(editor)
    editor.press("[name=_submit_for_review]")
    expect(editor.page.locator(SUCCESS)).to_contain_text(TEXTS[language]["submitted"])
    reviewer.open_task("review")
    reviewer.press("[name=_approve]")

    expect(reviewer.page.locator(SUCCESS)).to_contain_text(TEXTS[language]["published"])
    assert Seminar.objects.get().status == Status.PUBLISHED
    assert editor.clicks + reviewer.clicks == 4


def test_day_of_the_office(person, language):
    texts = TEXTS[language]
    editor, reviewer = person("editor", "editor"), person("reviewer", "reviewer")
    colleague = person("colleague", "editor")

    editor.add_seminar()
    enter_seminar(editor)
    editor.take_picture("form")
    editor.press("[name=_submit_for_review]")
    expect(editor.page.locator(SUCCESS)).to_contain_text(texts["submitted"])

    _return_with_comments(reviewer, texts)
    _correct_and_submit_again(editor, texts)
    _approve_for_a_time_after_a_colleague_saved(reviewer, colleague, texts)
    _publish_at_the_set_time()
    _correct_what_is_published(editor, reviewer)
    _export_for_people(editor)
    _withdraw(reviewer, texts)
    assert verify_chain().first_broken_position is None


def _return_with_comments(reviewer: Person, texts: dict) -> None:
    reviewer.open_task("review")
    page = reviewer.page
    title = page.locator(".content-fields tr", has_text=TITLE)
    title.locator("summary").click()
    title.locator("textarea").fill("请写明届次")
    page.locator("#id_reason").fill("请补充")
    page.evaluate("scrollTo(0, 0)")
    reviewer.take_picture("approve")
    reviewer.press("[name=_return]")
    expect(page.locator(SUCCESS)).to_contain_text(texts["returned"])


def _correct_and_submit_again(editor: Person, texts: dict) -> None:
    page = editor.page
    editor.open_start_page()
    editor.take_picture("start")
    editor.open_task("returned")
    expect(page.locator(".status-bar")).to_contain_text("请补充")
    page.locator(".status-bar a", has_text="标题").or_(
        page.locator(".status-bar a", has_text="Title")
    ).first.click()
    expect(page.locator("#id_title_zh_hans")).to_be_in_viewport()
    page.locator("#id_title_zh_hans").fill(f"第一期{TITLE}")
    editor.press("[name=_submit_for_review]")
    expect(page.locator(SUCCESS)).to_contain_text(texts["submitted"])


def _approve_for_a_time_after_a_colleague_saved(
    reviewer: Person, colleague: Person, texts: dict
) -> None:
    """The first decision is refused, and the page shows what the colleague changed."""
    reviewer.open_task("review")
    page = reviewer.page
    expect(page.locator(".previous-comment").first).to_contain_text("请写明届次")
    record = Seminar.objects.get()
    colleague.page.goto(colleague.at(f"/admin/seminars/seminar/{record.pk}/change/"))
    colleague.page.locator("#id_hours").fill("36")
    colleague.press("[name=_save]")
    expect(colleague.page.locator(SUCCESS)).to_be_visible()

    reviewer.press("[name=_approve]")
    expect(page.locator(".messagelist .warning").last).to_contain_text(texts["changed"])
    expect(page.locator(".content-fields").first).to_contain_text("36")
    page.locator("#id_publish_at_0").fill("2199-12-03")
    page.locator("#id_publish_at_1").fill("17:00")
    reviewer.press("[name=_approve_for_time]")
    expect(page.locator(SUCCESS)).to_contain_text(texts["scheduled"])
    record.refresh_from_db()
    assert record.status == Status.APPROVED


def _publish_at_the_set_time() -> None:
    record = Seminar.objects.get()
    minute = dt.timedelta(minutes=1)
    before, due = record.publish_at - minute, record.publish_at
    assert operations.publish_due(by=actor(), at=before) == 0
    assert operations.publish_due(by=actor(), at=due) == 1
    record.refresh_from_db()
    assert (record.status, record.published_at) == (Status.PUBLISHED, due)


def _correct_what_is_published(editor: Person, reviewer: Person) -> None:
    record = Seminar.objects.get()
    page = editor.page
    page.goto(editor.at(f"/admin/seminars/seminar/{record.pk}/change/"))
    page.locator("#id_title_zh_hans").fill(f"第二期{TITLE}")
    editor.press("[name=_save]")
    expect(page.locator(SUCCESS)).to_be_visible()

    reviewer.open_task("review")
    expect(reviewer.page.locator("ins").first).to_have_text("二")
    reviewer.take_picture("review")
    reviewer.press("[name=_accept]")
    expect(reviewer.page.locator(SUCCESS)).to_be_visible()
    record.refresh_from_db()
    assert record.title_zh_hans == f"第二期{TITLE}"


def _export_for_people(editor: Person) -> None:
    page = editor.page
    page.goto(editor.at("/admin/seminars/seminar/"))
    with page.expect_download() as download:
        editor.press("a[href*='/export/people/csv/']")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert f"第二期{TITLE}" in text


def _withdraw(reviewer: Person, texts: dict) -> None:
    record = Seminar.objects.get()
    page = reviewer.page
    page.goto(reviewer.at(f"/admin/seminars/seminar/{record.pk}/change/"))
    reviewer.press(".status-links a[href$='/review/']")
    page.locator("#id_reason").fill("样例理由")
    reviewer.take_picture("withdraw")
    reviewer.press("[name=_withdraw]")
    expect(page.locator(SUCCESS)).to_contain_text(texts["withdrawn"])
    expect(page.locator(".status-bar")).to_contain_text("样例理由")
    record.refresh_from_db()
    assert record.status == Status.WITHDRAWN
