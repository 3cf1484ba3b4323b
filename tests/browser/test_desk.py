"""The desk in a browser: one language of a form at a time, and checks while typing."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from seminars.models import Seminar
from tests.factories import publishing as states
from tests.factories.directory import topic
from tests.factories.seminars import material, participant, seminar, session

pytestmark = pytest.mark.browser


@pytest.fixture
def signed_in(page, at, transactional_db) -> Page:
    states.staff("sample.clerk", is_superuser=True)
    page.goto(at("/admin/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()
    expect(page.locator("#user-tools")).to_be_visible()
    return page


@pytest.fixture
def record(transactional_db) -> Seminar:
    record = seminar(
        "SEM-0001",
        title_zh_hans="示例研修班",
        title_en="Sample seminar",
        summary_zh_hans="摘要",
        starts_on=dt.date(2024, 5, 6),
        date_precision="day",
        reported_participants=3,
    )
    session(record, title_en="", title_zh_hans="第一讲")
    material(record, title_en="Slides")
    participant(record)
    return record


@pytest.fixture
def form(record, signed_in, watch, at) -> Page:
    signed_in.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    return signed_in


def button(page: Page, language: str):
    return page.locator(f".desk-languages button[value={language}]")


def test_language_is_chosen_for_the_whole_form(form):
    button(form, "vi").click()

    expect(button(form, "vi")).to_have_attribute("aria-pressed", "true")
    for name in ("title", "sessions-0-title", "materials-0-title", "remark"):
        expect(form.locator(f"#id_{name}_vi")).to_be_visible()
        expect(form.locator(f"#id_{name}_zh_hans")).to_be_hidden()
        expect(form.locator(f"#id_{name}_ind")).to_be_hidden()


def test_source_stands_beside_what_is_written(form):
    button(form, "vi").click()

    source = form.locator(".field-title_vi .desk-source").first
    expect(source).to_contain_text("示例研修班")
    expect(source).to_have_attribute("lang", "zh-Hans")
    talk = form.locator("#sessions-0 .field-title_vi .desk-source")
    expect(talk).to_contain_text("第一讲")
    slides = form.locator("#materials-0 .field-title_vi .desk-source")
    expect(slides).to_contain_text("Slides")
    expect(form.locator(".field-body_vi .desk-source")).to_have_count(0)


def test_languages_say_how_much_is_written(form):
    expect(button(form, "vi")).to_contain_text("empty")
    expect(button(form, "zh_hans")).to_contain_text("3/4")
    expect(button(form, "en")).to_contain_text("2/4")

    button(form, "vi").click()
    form.locator("#id_title_vi").fill("Hội thảo mẫu")

    expect(button(form, "vi")).to_contain_text("1/4")


def test_all_languages_are_shown_at_once_when_asked_for(form):
    form.locator(".desk-languages button[value='']").click()

    for language in ("zh_hans", "en", "vi", "ind"):
        expect(form.locator(f"#id_title_{language}")).to_be_visible()


def test_choice_is_kept_for_the_next_form(form, at):
    button(form, "vi").click()

    form.goto(at("/admin/directory/organ/add/"))

    expect(form.locator("#id_name_vi")).to_be_visible()
    expect(form.locator("#id_name_en")).to_be_hidden()


def test_session_that_is_added_shows_the_language_too(form):
    button(form, "vi").click()
    form.locator("#sessions-group .add-row a").click()

    expect(form.locator("#id_sessions-1-title_vi")).to_be_visible()
    expect(form.locator("#id_sessions-1-title_en")).to_be_hidden()


def test_language_with_an_error_is_opened(form):
    button(form, "vi").click()
    title = form.locator("#id_title_zh_hans")
    title.evaluate(
        "(field) => { field.maxLength = 600; field.value = '长'.repeat(501) }"
    )
    form.locator("[name=_continue]").first.click()

    expect(form.locator("#id_title_zh_hans")).to_be_visible()
    expect(button(form, "zh_hans")).to_contain_text("error:")


def test_form_works_without_scripts(browser, at, record):
    states.staff("sample.clerk", is_superuser=True)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(at(f"/admin/seminars/seminar/{record.pk}/change/"))
    page.locator("#id_login").fill("sample.clerk")
    page.locator("#id_password").fill("sample-password")
    page.locator("#login-form [type=submit]").click()

    expect(page.locator("#id_title_zh_hans")).to_be_visible()
    expect(page.locator("#id_title_vi")).to_be_visible()
    expect(page.locator(".desk-languages")).to_be_hidden()


def test_days_that_cannot_be_are_told_while_one_types(form):
    told = form.locator(".field-ends_on .desk-check")
    form.locator("#id_ends_on").fill("2024-05-05")
    expect(told).to_contain_text("The last day is before the first")

    form.locator("#id_ends_on").fill("2024-05-07")
    expect(told).to_be_hidden()

    form.locator("#id_date_precision").select_option("")
    expect(form.locator(".field-date_precision .desk-check")).to_be_visible()


def test_number_that_is_not_on_record_is_told(form):
    told = form.locator(".field-reported_participants .desk-check")
    expect(told).to_contain_text("1 participant is on record")

    form.locator("#id_reported_participants").fill("1")
    expect(told).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_desk_have_no_barriers(record, signed_in, at, axe, scheme):
    """Forms are left out: in them axe finds what select2 and the admin have."""
    states.in_review(record)
    signed_in.emulate_media(color_scheme=scheme)
    copying = f"seminars/seminar/{record.pk}/copy/"
    found = {}
    for address in ("", "search/?q=sample", "seminars/seminar/", copying):
        signed_in.goto(at(f"/admin/{address}"))
        found[address] = axe(signed_in)

    assert {address: lines for address, lines in found.items() if lines} == {}


def test_box_in_which_rows_are_looked_up_has_a_name(form):
    boxes = form.locator(".select2-search__field")

    expect(boxes.first).to_have_attribute("aria-label", re.compile(r"\w"))
    named = form.locator(".select2-search__field[aria-label]")
    expect(named).to_have_count(boxes.count())
    form.locator("#sessions-0 .field-speaker .select2-selection").click()
    expect(form.locator(".select2-dropdown input")).to_have_attribute(
        "aria-label", "Speaker"
    )


def test_words_of_a_picture_are_written_in_one_language_at_a_time(signed_in, watch, at):
    signed_in.goto(at("/admin/files/picture/add/"))

    button(signed_in, "en").click()

    expect(signed_in.locator("#id_alternative_en")).to_be_visible()
    expect(signed_in.locator("#id_alternative_zh_hans")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_confirmation_page_is_readable_at_any_width(
    language, record, signed_in, watch, at, axe
):
    record.topics.add(topic("sample-topic", name_zh_hans="示例主题"))
    states.source(record, "https://example.org/" + "long-address-" * 12)
    states.attachment(record)
    states.illustration(record)
    states.in_review(record)
    User.objects.update(interface_language=language)
    signed_in.goto(at(f"/admin/seminars/seminar/?q={record.code}"))
    signed_in.locator("input.action-select").first.check()
    actions = signed_in.locator("select[name=action]").first
    actions.select_option("return_to_draft")
    signed_in.locator("button[name=index]").first.click()
    expect(signed_in.locator(".review-record")).to_have_count(1)

    for width in (360, 1280):
        signed_in.set_viewport_size({"width": width, "height": 800})
        assert signed_in.evaluate(
            "document.documentElement.scrollWidth <= innerWidth"
        ), width
        assert axe(signed_in) == [], width
