"""A day in the staff admin: import, translation, review, correction and undo.

Each user has only the roles that the work needs. The people are invented.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect

from portal.content.publishing.models import Proposal
from portal.core.accounts.models import User
from portal.core.accounts.roles import sync_roles
from portal.core.audit.chain import verify_chain
from portal.reference.people.models import Person
from seminars.models import Participant, Seminar
from tests.browser.guide_screenshots import picture
from tests.factories.directory import any_country, country, organ
from tests.factories.publishing import staff

pytestmark = pytest.mark.browser

TITLE = "中国—东盟检察官研修班（样例）"
VIETNAMESE = "Khóa bồi dưỡng kiểm sát viên Trung Quốc – ASEAN (mẫu)"
CORRECTED = "中国—东盟检察官数字检察研修班（样例）"
SEMINARS = (
    "标题（简体中文）,范围,开始日期,结束日期,日期精确到\n"
    "{title},检察机关活动,2026年9月1日,2026/9/5,日\n"
)
# Own script and Latin letters; below, the same name with a wrong tone mark.
HONG = ("阮氏红（样例）", "Nguyễn Thị Hồng (mẫu)")
HONG_MISSPELT = "Nguyễn Thị Hòng (mẫu)"
UNDO = "a[href$='/undo/']"
PEOPLE = "研修班,姓名,拉丁字母姓名,职级或职务,机构,国家\n"


def _people(code: str, *, bad: bool) -> str:
    rows = []
    for number in range(1, 61):
        seminar, country_name = code, "越南"
        if bad and number == 7:
            seminar = "SEM-9999"  # unknown seminar
        if bad and number == 20:
            country_name = "越国"  # unknown country
        name = "" if bad and number == 41 else f"样例人员{number}"
        latin = "" if bad and number == 41 else f"Sample Person {number}"
        if number == 60:
            name, latin = HONG
        rows.append(f"{seminar},{name},{latin},检察官,,{country_name}")
    return PEOPLE + "\n".join(rows) + "\n"


@pytest.fixture
def office(transactional_db, settings) -> dict[str, User]:
    settings.TWO_PERSON_APPROVAL = True
    sync_roles()
    any_country("CN")
    country("VN", name_zh_hans="越南")
    organ("vn-spp", name_zh_hans="越南最高人民检察院")
    roles = {
        "editor": ("editor", "registrar"),
        "translator": ("translator",),
        "reviewer": ("reviewer",),
    }
    users = {}
    for name, codes in roles.items():
        user = staff(f"sample.{name}")
        user.groups.set(Group.objects.filter(name__in=codes))
        user.interface_language = "zh-hans"
        user.translates = ["vi"] if name == "translator" else []
        user.save()
        users[name] = user
    return users


@pytest.fixture
def seat(browser: Browser, at, office) -> Callable[[str], Page]:
    """Return a function from a user's short name to a page signed in as that user."""
    contexts = []

    def take(name: str) -> Page:
        context = browser.new_context(
            viewport={"width": 1280, "height": 860}, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(at("/admin/"))
        page.locator("#id_login").fill(f"sample.{name}")
        page.locator("#id_password").fill("sample-password")
        page.locator("#login-form [type=submit]").click()
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    yield take
    for context in contexts:
        context.close()


def test_full_office_workflow_from_import_to_withdrawal(seat, at):
    editor, translator, reviewer = (
        seat(name) for name in ("editor", "translator", "reviewer")
    )

    code = _seminar_comes_in(editor, at)
    _people_come_in(editor, at, code)
    _people_are_recognised(editor, at, code)
    _is_submitted(editor, at, code)
    _gets_vietnamese(translator, at, code)
    _is_approved(reviewer, at, code)
    _is_public(reviewer, at, code)
    _is_corrected_by_two(editor, reviewer, at, code)
    _import_is_undone(editor, at)
    _is_withdrawn(reviewer, at, code)

    assert verify_chain().first_broken_position is None


def _import_file(page: Page, at, resource: str, text: str) -> None:
    page.goto(at(f"/admin/publishing/importbatch/add/?resource={resource}"))
    file = {
        "name": "list.csv",
        "mimeType": "text/csv",
        "buffer": text.encode("gb18030"),
    }
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator("#content dl")).to_be_visible()


def _seminar_comes_in(page: Page, at) -> str:
    _import_file(page, at, "seminars", SEMINARS.format(title=TITLE))
    assert not Seminar.objects.exists()
    page.locator("input[name=_write]").click()
    expect(page.locator(UNDO)).to_be_visible()
    record = Seminar.objects.get()
    assert (record.title_zh_hans, record.status) == (TITLE, "draft")
    assert (str(record.starts_on), str(record.ends_on)) == ("2026-09-01", "2026-09-05")
    return record.code


def _people_come_in(page: Page, at, code: str) -> None:
    """Import sixty people; three rows with errors are reported and nothing is saved."""
    _import_file(page, at, "seminar_participants", _people(code, bad=True))
    rows = page.locator("#content table tbody tr")
    row_numbers = {row.locator("td").first.inner_text() for row in rows.all()}
    assert {"8", "21", "42"} <= row_numbers
    assert not Person.objects.exists()
    picture(page, "import-errors")
    _import_file(page, at, "seminar_participants", _people(code, bad=False))
    page.locator("input[name=_write]").click()
    expect(page.locator(UNDO)).to_be_visible()
    assert Participant.objects.filter(seminar__code=code).count() == 60


def _people_are_recognised(page: Page, at, code: str) -> None:
    """Import a misspelt name (the user is asked), a name in capitals, a new name."""
    rows = [
        f"{code},,{HONG_MISSPELT},检察长,,越南",
        f"{code},样例人员1,SAMPLE PERSON 1,高级检察官,,Việt Nam",
        f"{code},样例人员61,Sample Person 61,检察官,,VNM",
    ]
    _import_file(page, at, "seminar_participants", PEOPLE + "\n".join(rows) + "\n")
    expect(page.locator("input[name=_write]")).to_have_count(0)
    picture(page, "import-questions")
    page.locator(".import-questions input[type=radio]").first.check()
    page.locator("input[name=_answer]").click()
    expect(page.locator(".import-table del").first).to_contain_text("检察官")
    assert not Person.objects.filter(rank="检察长").exists()
    picture(page, "import-values", full_page=True)
    page.locator("input[name=_write]").click()
    expect(page.locator(UNDO)).to_be_visible()
    assert Participant.objects.filter(seminar__code=code).count() == 61
    known = Person.objects.get(name_own=HONG[0])
    assert (known.name_latin, known.rank) == (HONG[1], "检察长")


def _form(page: Page, at, code: str) -> None:
    page.goto(at(f"/admin/seminars/seminar/?q={code}"))
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#seminar_form")).to_be_visible()


def _write_in(page: Page, language: str) -> None:
    page.locator(f".staff-languages button[value={language}]").click()


def _run_action(page: Page, at, code: str, action: str) -> None:
    page.goto(at(f"/admin/seminars/seminar/?q={code}"))
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").first.select_option(action)
    page.locator("button[name=index]").first.click()


def _is_submitted(page: Page, at, code: str) -> None:
    _form(page, at, code)
    _run_action(page, at, code, "submit")
    expect(page.locator(".messagelist .success")).to_be_visible()


def _gets_vietnamese(page: Page, at, code: str) -> None:
    """The translator sees all texts but can edit only the Vietnamese ones."""
    _form(page, at, code)
    expect(page.locator("#id_title_zh_hans")).to_have_count(0)
    _write_in(page, "vi")
    page.locator("#id_title_vi").fill(VIETNAMESE)
    picture(page, "translate")
    page.locator("[name=_save]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    record = Seminar.objects.get(code=code)
    assert (record.title_vi, record.title_zh_hans) == (VIETNAMESE, TITLE)


def _is_approved(page: Page, at, code: str) -> None:
    _run_action(page, at, code, "approve")
    expect(page.locator(".review-record").first).to_contain_text(VIETNAMESE)
    page.locator("input[name=_confirm]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def _is_public(page: Page, at, code: str) -> None:
    for language, title in (("zh-hans", TITLE), ("vi", VIETNAMESE)):
        page.goto(at(f"/{language}/seminars/{code}/"))
        expect(page.locator("h1")).to_have_text(title)
    page.goto(at(f"/en/seminars/{code}/"))
    expect(page.locator("h1 [lang='zh-Hans']")).to_have_text(TITLE)


def _is_corrected_by_two(editor: Page, reviewer: Page, at, code: str) -> None:
    _form(editor, at, code)
    _write_in(editor, "zh_hans")
    editor.locator("#id_title_zh_hans").fill(CORRECTED)
    editor.locator("[name='public_note-zh-hans']").fill("标题已更正。")
    editor.locator("[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_contain_text("待另一人批准")
    reviewer.goto(at(f"/zh-hans/seminars/{code}/"))
    expect(reviewer.locator("h1")).to_have_text(TITLE)

    reviewer.goto(at(f"/admin/publishing/proposal/{Proposal.objects.get().pk}/change/"))
    expect(reviewer.locator(".changes").first).to_contain_text(CORRECTED)
    reviewer.locator("input[name=_accept]").click()
    expect(reviewer.locator(".messagelist .success")).to_be_visible()

    reviewer.goto(at(f"/zh-hans/seminars/{code}/"))
    expect(reviewer.locator("h1")).to_have_text(CORRECTED)
    expect(reviewer.locator("main")).to_contain_text("标题已更正。")


def _import_is_undone(page: Page, at) -> None:
    _import_file(page, at, "seminars", SEMINARS.format(title="误导入的研修班（样例）"))
    page.locator("input[name=_write]").click()
    expect(page.locator(UNDO)).to_be_visible()
    assert Seminar.objects.count() == 2
    picture(page, "import-written")
    page.locator(UNDO).click()
    picture(page, "import-undo")
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(UNDO)).to_have_count(0)
    assert Seminar.objects.count() == 1


def _is_withdrawn(page: Page, at, code: str) -> None:
    _run_action(page, at, code, "withdraw")
    page.locator("textarea[name=reason]").fill("样例：内容有误。")
    page.locator("input[name=_confirm]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.request.get(at(f"/zh-hans/seminars/{code}/")).status == 410
