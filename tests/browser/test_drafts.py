"""Drafts of a form in the browser: after an expired session, a crash, on leaving."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from portal.core.accounts.models import User
from seminars.models import Seminar
from tests.browser.draft_storage import stored_drafts, wait_for_draft
from tests.factories import publishing as states
from tests.factories.people import person
from tests.factories.seminars import seminar, session
from tests.portal.content.spreadsheets import import_helpers as imports

pytestmark = pytest.mark.browser

ADD = "/admin/seminars/seminar/add/"
OFFER = "[data-staff-draft-offer]"
TITLE = "中国—东盟检察官研修班（样例）"


@pytest.fixture
def user(transactional_db) -> User:
    return states.staff("sample.clerk", is_superuser=True)


def sign_in(page: Page) -> None:
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#user-tools")).to_be_visible()
    # Text that is entered before the scripts run is not noticed.
    page.wait_for_load_state()


def enter(page: Page, title: str) -> None:
    page.locator(".staff-languages button[value=zh_hans]").click()
    page.locator("#id_title_zh_hans").fill(title)
    page.locator("#id_scope").select_option("prosecutors")


def end_session(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_text_is_restored_after_an_expired_session(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    page.locator(".add-row a", has_text="session").first.click()
    page.locator("#id_sessions-0-title_zh_hans").fill("开幕式")
    end_session(page)
    page.locator("[name=_save]").click()
    expect(page.locator("#login-form")).to_be_visible()
    assert not Seminar.objects.exists()

    sign_in(page)
    expect(page.locator(OFFER)).to_be_visible()
    page.locator("[data-restore]").click()

    expect(page.locator("#id_title_zh_hans")).to_have_value(TITLE)
    expect(page.locator("#id_sessions-0-title_zh_hans")).to_have_value("开幕式")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    record = Seminar.objects.get()
    assert (record.title_zh_hans, record.scope) == (TITLE, "prosecutors")
    assert record.sessions.get().title_zh_hans == "开幕式"
    assert stored_drafts(page) == "[]"


def test_text_that_was_not_saved_survives_the_save_of_another_record(page, at, user):
    record = seminar(title_en="Sample")
    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    end_session(page)
    page.locator("[name=_save]").click()
    sign_in(page)
    expect(page.locator(OFFER)).to_be_visible()

    page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    page.locator("#id_hours").fill("12")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(at(ADD))
    expect(page.locator(OFFER)).to_be_visible()


def test_text_is_offered_after_a_crash_and_can_be_deleted(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    wait_for_draft(page, TITLE)
    crashed = page.context.new_page()
    page.close(run_before_unload=False)

    crashed.goto(at(ADD))
    expect(crashed.locator(OFFER)).to_be_visible()
    crashed.locator("[data-discard]").click()
    crashed.goto(at(ADD))

    expect(crashed.locator("#id_title_zh_hans")).to_be_attached()
    expect(crashed.locator(OFFER)).to_be_hidden()
    assert stored_drafts(crashed) == "[]"


def test_leaving_with_unsaved_text_asks_first(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    questions = []

    def stay(dialog):
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with page.expect_event("dialog"):
        page.locator(".breadcrumbs a").first.click()

    assert questions == ["beforeunload"]
    expect(page.locator("#id_title_zh_hans")).to_have_value(TITLE)


def test_page_without_unsaved_text_is_left_without_question(page, at, user):
    record = seminar(title_en="Sample")
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    sign_in(page)
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))

    page.locator("#id_hours").click()
    page.locator(".breadcrumbs a").first.click()

    expect(page.locator("#content h1")).to_be_visible()
    assert questions == []


def test_drafts_are_removed_on_sign_out_and_for_another_person(page, at, user):
    states.staff("sample.other", is_superuser=True)
    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    wait_for_draft(page, TITLE)

    page.locator("#logout-form button").click()
    expect(page.locator("#user-tools")).to_have_count(0)
    assert stored_drafts(page) == "[]"

    page.goto(at(ADD))
    sign_in(page)
    enter(page, TITLE)
    wait_for_draft(page, TITLE)
    end_session(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(at("/admin/"))
    page.locator("#id_login").fill("sample.other")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#user-tools")).to_be_visible()
    page.wait_for_load_state()
    assert stored_drafts(page) == "[]"


def test_draft_has_no_personal_data(page, at, user):
    """The speaker of a session is a person; participants have no draft at all."""
    speaker = person(name_latin="Sample Speaker", name_own="样例人")
    record = seminar(title_en="Sample")
    session(record, title_en="Opening")
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    sign_in(page)
    page.evaluate(
        f"""() => {{
            const select = document.getElementById("id_sessions-0-speaker");
            select.add(new Option("Sample Speaker", "{speaker.pk}", true, true));
            select.dispatchEvent(new Event("change", {{bubbles: true}}));
        }}"""
    )
    page.locator("#id_hours").fill("12")
    wait_for_draft(page, "hours")

    assert "speaker" not in stored_drafts(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(at("/admin/people/person/add/"))
    page.wait_for_load_state()
    page.locator("#id_name_latin").fill("Sample Participant")
    # Longer than the script waits for records.
    page.wait_for_timeout(1500)
    assert "Participant" not in stored_drafts(page)


def test_restored_text_is_compared_with_what_a_colleague_saved(page, at, user):
    record = seminar(title_en="Sample")
    url = at(f"/admin/seminars/seminar/{record.pk}/change/")
    page.goto(url)
    sign_in(page)
    page.locator("#id_hours").fill("12")
    wait_for_draft(page, "hours")
    record.hours = 30
    record.updated_by = states.staff("sample.other")
    record.updated_at = states.AT
    record.save()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url)

    page.locator("[data-restore]").click()
    page.locator("[name=_save]").click()

    expect(page.locator(".conflict")).to_contain_text("30")
    record.refresh_from_db()
    assert record.hours == 30


def test_restored_rows_stay_what_they_are_after_a_colleague_changed_rows(
    page, at, user
):
    record = seminar(title_en="Sample")
    opening = session(record, title_en="Opening", position=1)
    closing = session(record, title_en="Closing", position=2)
    url = at(f"/admin/seminars/seminar/{record.pk}/change/")
    page.goto(url)
    sign_in(page)
    page.locator(".staff-languages button[value=en]").click()
    page.locator("#id_sessions-1-title_en").fill("Closing ceremony")
    page.locator(".add-row a", has_text="session").first.click()
    page.locator("#id_sessions-2-title_en").fill("Dinner")
    wait_for_draft(page, "Dinner")
    opening.delete()
    visit = session(record, title_en="Visit", position=3)
    dance = session(record, title_en="Dance", position=4)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url)

    page.locator("[data-restore]").click()

    titles = {
        page.locator(f"#id_sessions-{index}-id").input_value(): page.locator(
            f"#id_sessions-{index}-title_en"
        ).input_value()
        for index in range(4)
    }
    assert titles == {
        str(closing.pk): "Closing ceremony",
        str(visit.pk): "Visit",
        str(dance.pk): "Dance",
        "": "Dinner",
    }


# ------------------------------------------------------- drafts that are not decided


def crash(page: Page) -> Page:
    """Close the page without its questions; return another page of the browser."""
    other = page.context.new_page()
    page.close(run_before_unload=False)
    return other


def visible_offers(page: Page):
    return page.locator(f"{OFFER}:visible")


def test_offered_draft_stays_until_it_is_restored_or_deleted(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, "First title")
    wait_for_draft(page, "First title")
    page = crash(page)
    page.goto(at(ADD))
    expect(visible_offers(page)).to_have_count(1)
    enter(page, "Second title")
    wait_for_draft(page, "Second title")
    assert "First title" in stored_drafts(page)

    page = crash(page)
    page.goto(at(ADD))
    expect(visible_offers(page)).to_have_count(2)
    # The newest is first.
    visible_offers(page).nth(1).locator("[data-restore]").click()
    expect(page.locator("#id_title_zh_hans")).to_have_value("First title")
    visible_offers(page).locator("[data-discard]").click()
    expect(visible_offers(page)).to_have_count(0)
    assert "Second title" not in stored_drafts(page)
    assert "First title" in stored_drafts(page)

    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Seminar.objects.get().title_zh_hans == "First title"
    assert stored_drafts(page) == "[]"


def test_all_drafts_are_offered_with_the_newest_first(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, "Newest")
    wait_for_draft(page, "Newest")
    page = crash(page)
    page.goto(at("/admin/"))
    # Older drafts, with rows of a part that the form no longer has.
    page.evaluate(
        """() => {
          const [key] = Object.keys(localStorage).filter(
            name => name.startsWith("staff-draft:"));
          const newest = JSON.parse(localStorage.getItem(key));
          ["Older", "Oldest"].forEach((title, index) => {
            const draft = structuredClone(newest);
            draft.at -= (index + 1) * 3600 * 1000;
            draft.values.title_zh_hans = [title];
            draft.values["gone-TOTAL_FORMS"] = ["2"];
            draft.rows.gone = ["1"];
            localStorage.setItem(key + title, JSON.stringify(draft));
          });
        }"""
    )

    page.goto(at(ADD))
    expect(visible_offers(page)).to_have_count(3)
    visible_offers(page).last.locator("[data-restore]").click()

    expect(page.locator("#id_title_zh_hans")).to_have_value("Oldest")


def test_text_typed_before_a_draft_is_restored_becomes_an_offer(page, at, user):
    page.goto(at(ADD))
    sign_in(page)
    enter(page, "First title")
    wait_for_draft(page, "First title")
    page = crash(page)
    page.goto(at(ADD))
    enter(page, "Second title")
    title = page.locator("#id_title_zh_hans")

    visible_offers(page).locator("[data-restore]").click()
    expect(title).to_have_value("First title")
    visible_offers(page).locator("[data-restore]").click()
    expect(title).to_have_value("Second title")
    expect(visible_offers(page)).to_have_count(1)
    assert "First title" in stored_drafts(page)


def test_saving_other_text_leaves_an_offered_draft(page, at, user):
    record = seminar(title_en="Sample")
    url = at(f"/admin/seminars/seminar/{record.pk}/change/")
    page.goto(url)
    sign_in(page)
    page.locator("#id_hours").fill("77")
    wait_for_draft(page, "77")
    page = crash(page)
    page.goto(url)
    page.locator("#id_reported_participants").fill("20")
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    visible_offers(page).locator("[data-restore]").click()

    expect(page.locator("#id_hours")).to_have_value("77")
    expect(page.locator("#id_reported_participants")).to_have_value("20")


# ------------------------------------------------------------- questions on leaving


def questions_on_leaving(page: Page) -> list[str]:
    """Follow the first breadcrumb; return the questions, which are answered with no."""
    questions = []

    def stay(dialog):
        questions.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    with page.expect_event("dialog"):
        page.locator(".breadcrumbs a").first.click()
    return questions


def add_row(page: Page) -> None:
    page.locator(".add-row a", has_text="session").first.click()


def choose_speaker(page: Page) -> None:
    """Change a field that is in no draft, because it is personal."""
    page.evaluate(
        """document.getElementById("id_sessions-0-speaker").add(
            new Option("Sample Speaker", "1", true, true))"""
    )


def choose_file(page: Page) -> None:
    page.locator("#content input[type=file]").first.set_input_files(
        {"name": "sample.txt", "mimeType": "text/plain", "buffer": b"Sample"}
    )


def write_comment(page: Page) -> None:
    page.locator("summary", has_text="Comment").first.click()
    page.locator("textarea[name^='comment:']").first.fill("Sample comment")


def write_reason(page: Page) -> None:
    page.locator("#id_reason").fill("Sample reason")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/admin/seminars/seminar/add/", add_row),
        ("/admin/seminars/seminar/{draft}/change/", choose_speaker),
        ("/admin/publishing/importbatch/add/", choose_file),
        ("/admin/files/storedfile/add/", choose_file),
        ("/admin/seminars/seminar/{in_review}/review/", write_comment),
        ("/admin/publishing/proposal/{proposal}/change/", write_comment),
        ("/admin/publishing/proposal/{proposal}/change/", write_reason),
        ("/admin/publishing/proposal/import/{batch}/", write_reason),
    ],
)
def test_leaving_asks_about_every_kind_of_input(page, at, user, path, change):
    other = states.staff("sample.other", is_superuser=True)
    waiting = states.in_review(seminar(title_en="Sample"))
    proposal = states.proposal(states.published(seminar()), by=other)
    draft = seminar(title_en="Draft")
    session(draft, title_en="Opening")
    corrected = states.published(seminar("SEM-0099", title_en="Sample"))
    sheet = imports.csv_of(("code", "title_en"), (corrected.code, "Corrected"))
    pks = {
        "draft": draft.pk,
        "in_review": waiting.pk,
        "proposal": proposal.pk,
        "batch": imports.written(sheet, by=other).pk,
    }
    page.goto(at(path.format_map(pks)))
    sign_in(page)

    change(page)

    assert questions_on_leaving(page) == ["beforeunload"]


def test_refused_comments_are_still_asked_about(page, at, user):
    record = states.in_review(seminar(title_en="Sample"))
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/review/"))
    sign_in(page)
    write_comment(page)

    page.locator("[name=_approve]").click()

    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("textarea[name^='comment:']").first).to_have_value(
        "Sample comment"
    )
    assert questions_on_leaving(page) == ["beforeunload"]


@pytest.mark.parametrize(
    "save",
    [
        lambda page: page.locator("[name=_save]").click(),
        lambda page: page.locator("[name=_continue]").click(),
        lambda page: page.keyboard.press("Control+s"),
        lambda page: page.locator("[name=_submit_for_review]").click(),
    ],
    ids=["save", "continue", "keyboard", "submit"],
)
def test_saving_asks_nothing(page, at, user, save):
    record = seminar(title_en="Sample")
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    sign_in(page)
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.locator("#id_hours").fill("12")

    save(page)

    expect(page.locator(".messagelist li").first).to_be_visible()
    record.refresh_from_db()
    assert (questions, record.hours) == ([], 12)


def test_decision_with_comments_asks_nothing(page, at, user):
    record = states.in_review(seminar(title_en="Sample"))
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/review/"))
    sign_in(page)
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    write_comment(page)

    page.locator("[name=_return]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    record.refresh_from_db()
    assert (questions, record.status) == ([], "draft")
