"""Admin forms in a browser: one language at a time, and checks while typing."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.core.accounts.models import User
from seminars.models import Seminar
from tests.browser.scrolling import find_overflow
from tests.factories import publishing as states
from tests.factories.directory import organ, topic
from tests.factories.seminars import material, participant, seminar, session

pytestmark = pytest.mark.browser

# Otherwise axe could see colours between those of two colour schemes.
TRANSITIONS_ENDED = """async () => {
  await Promise.all(document.getAnimations().map(animation => animation.finished));
}"""


@pytest.fixture(scope="module")
def context_of_module(browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context_of_module) -> Iterator[Page]:
    """Return a page without cookies and stored values of earlier tests.

    The files of the admin stay in the browser's cache.
    """
    page = context_of_module.new_page()
    yield page
    context_of_module.clear_cookies()
    try:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
    finally:
        page.close()


@pytest.fixture
def signed_in(page, sign_in, transactional_db) -> Page:
    sign_in(page, states.staff("sample.clerk", is_superuser=True))
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
    return page.locator(f".staff-languages button[value={language}]")


def test_language_switch_applies_to_whole_form(form):
    button(form, "vi").click()

    expect(button(form, "vi")).to_have_attribute("aria-pressed", "true")
    for name in ("title", "sessions-0-title", "materials-0-title", "remark"):
        expect(form.locator(f"#id_{name}_vi")).to_be_visible()
        expect(form.locator(f"#id_{name}_zh_hans")).to_be_hidden()
        expect(form.locator(f"#id_{name}_ind")).to_be_hidden()


def test_source_text_is_shown_beside_translation_field(form):
    button(form, "vi").click()

    source = form.locator(".field-title_vi .staff-source").first
    expect(source).to_contain_text("示例研修班")
    expect(source).to_have_attribute("lang", "zh-Hans")
    talk = form.locator("#sessions-0 .field-title_vi .staff-source")
    expect(talk).to_contain_text("第一讲")
    slides = form.locator("#materials-0 .field-title_vi .staff-source")
    expect(slides).to_contain_text("Slides")
    expect(form.locator(".field-body_vi .staff-source")).to_have_count(0)


def test_language_buttons_show_translation_progress(form):
    expect(button(form, "vi")).to_contain_text("blank")
    expect(button(form, "zh_hans")).to_contain_text("3/4")
    expect(button(form, "en")).to_contain_text("2/4")

    button(form, "vi").click()
    form.locator("#id_title_vi").fill("Hội thảo mẫu")

    expect(button(form, "vi")).to_contain_text("1/4")


def test_show_all_languages_shows_every_field(form):
    form.locator(".staff-languages button[value='']").click()

    for language in ("zh_hans", "en", "vi", "ind"):
        expect(form.locator(f"#id_title_{language}")).to_be_visible()


def test_chosen_language_persists_across_forms(form, at):
    button(form, "vi").click()

    form.goto(at("/admin/directory/organ/add/"))

    expect(form.locator("#id_name_vi")).to_be_visible()
    expect(form.locator("#id_name_en")).to_be_hidden()


def test_added_session_inline_follows_chosen_language(form):
    button(form, "vi").click()
    form.locator("#sessions-group .add-row a").click()

    expect(form.locator("#id_sessions-1-title_vi")).to_be_visible()
    expect(form.locator("#id_sessions-1-title_en")).to_be_hidden()


def test_form_error_selects_language_with_error(form):
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
    expect(page.locator(".staff-languages")).to_be_hidden()


def test_invalid_dates_show_client_side_warning(form):
    message = form.locator(".field-ends_on .staff-check")
    form.locator("#id_ends_on").fill("2024-05-05")
    expect(message).to_contain_text(
        "Enter a start date that is the same as or before the end date."
    )

    form.locator("#id_ends_on").fill("2024-05-07")
    expect(message).to_be_hidden()

    form.locator("#id_date_precision").select_option("")
    expect(form.locator(".field-date_precision .staff-check")).to_be_visible()


def test_missing_precision_is_shown_once(form):
    text = "Choose how exactly the date is known: day, month or year."
    form.locator("#id_date_precision").select_option("")
    expect(form.get_by_text(text)).to_have_count(1)

    form.locator("[name=_continue]").first.click()

    expect(form.get_by_text(text).filter(visible=True)).to_have_count(1)


def test_sections_show_errors_and_empty_required_fields(form, at):
    contents = form.locator("[data-form-contents]")
    form.goto(at("/admin/seminars/seminar/add/"))
    what = contents.locator("a[href='#section-what']")
    expect(what).to_contain_text("2 to fill in")

    form.locator("#id_scope").select_option("prosecutors")
    expect(what).to_contain_text("1 to fill in")
    form.locator("#id_title_zh_hans").fill("示例研修班")
    expect(what).not_to_contain_text("to fill in")
    form.locator("#sessions-group .add-row a").click()
    form.locator("#id_sessions-0-ends_at_0").fill("2025-10-29")
    form.locator("#id_sessions-0-ends_at_1").fill("09:00")
    form.locator("[name=_continue]").first.click()

    programme = contents.locator("a[href='#section-programme']")
    expect(programme).to_contain_text("has errors")
    expect(what).not_to_contain_text("has errors")


def test_closed_section_opens_from_list_of_sections(form):
    expect(form.locator("#id_city_as_recorded")).to_be_hidden()

    form.locator("[data-form-contents] a[href='#section-recorded']").click()

    expect(form.locator("#id_city_as_recorded")).to_be_visible()


def test_closed_section_is_open_if_error_may_be_in_it(form):
    """The constraint of the origin of a text is reported for the whole form."""
    form.locator("[data-form-contents] a[href='#section-recorded']").click()
    form.locator("#id_title_zh_basis").select_option(index=1)
    form.locator("#id_title_zh_hans").fill("")
    form.locator("[name=_continue]").first.click()

    expect(form.locator(".errornote")).to_be_visible()
    expect(form.locator("#id_title_zh_basis")).to_be_visible()


@pytest.mark.parametrize("modifier", ["Control", "Meta"])
def test_save_shortcut_saves_and_stays(modifier, form, record):
    expect(form.locator("[data-save-shortcut]")).to_be_visible()
    form.locator("#id_title_zh_hans").fill("新标题")

    with form.expect_navigation():
        form.keyboard.press(f"{modifier}+s")

    expect(form).to_have_url(re.compile(f"/{record.pk}/change/$"))
    expect(form.locator("#id_title_zh_hans")).to_have_value("新标题")


def test_shortcuts_open_the_records_before_and_after(form, record):
    after = seminar("SEM-0002", title_en="Other seminar")
    form.reload()

    for keys, row in (("Alt+PageDown", after), ("Alt+PageUp", record)):
        with form.expect_navigation():
            form.keyboard.press(keys)
        expect(form).to_have_url(re.compile(f"/{row.pk}/change/"))


def test_list_of_sections_stays_in_sight(form):
    form.set_viewport_size({"width": 1280, "height": 900})
    form.locator("#section-publishing").scroll_into_view_if_needed()
    contents = form.locator("[data-form-contents]")
    expect(contents).to_be_in_viewport()
    expect(button(form, "vi")).to_be_in_viewport()

    form.set_viewport_size({"width": 900, "height": 900})
    form.locator("#section-publishing").scroll_into_view_if_needed()
    expect(contents).not_to_be_in_viewport()
    expect(button(form, "vi")).to_be_in_viewport()


def test_form_of_twenty_sessions_fits_and_answers_at_once(record, form, at):
    for number in range(20):
        session(record, title_zh_hans=f"第{number}讲")
    form.reload()

    for width in (900, 1280):
        for language in ("zh_hans", ""):
            form.locator(f".staff-languages button[value='{language}']").click()
            assert find_overflow(form, width=width) == [], (width, language)
    milliseconds = form.evaluate(
        """() => {
          const title = document.getElementById("id_title_zh_hans");
          const start = performance.now();
          for (let key = 0; key < 20; key++) {
            title.value += "字";
            title.dispatchEvent(new Event("input", { bubbles: true }));
          }
          return (performance.now() - start) / 20;
        }"""
    )
    assert milliseconds < 5


def test_fields_fit_a_narrow_window(form):
    form.set_viewport_size({"width": 360, "height": 800})

    rows = [row for row in form.locator(".form-row > div").all() if row.is_visible()]
    edges = [box["x"] + box["width"] for box in (row.bounding_box() for row in rows)]
    assert len(edges) > 20
    assert max(edges) <= 360
    # The fields of a session are as high as their content.
    fields = form.locator("#sessions-0 .form-multiline > div").all()
    heights = [field.bounding_box()["height"] for field in fields]
    assert len(heights) > 2
    assert max(heights) < 250
    day = form.locator("#id_publish_at_0").bounding_box()["y"]
    today = form.locator(".field-publish_at .date-icon").bounding_box()["y"]
    assert abs(today - day) < 24


def test_review_page_has_calendars_and_no_clock_of_the_browser(
    record, signed_in, watch, at
):
    states.in_review(record)
    signed_in.goto(at(f"/admin/seminars/seminar/{record.pk}/review/"))

    day, time = (
        signed_in.locator("#id_publish_at_0"),
        signed_in.locator("#id_publish_at_1"),
    )
    for icon in (".date-icon", ".clock-icon"):
        assert (
            signed_in.locator(f".review-schedule {icon}").bounding_box()["width"] == 24
        )
    assert time.bounding_box()["y"] > day.bounding_box()["y"] + 24
    for warning in signed_in.locator(".review-schedule .timezonewarning").all():
        expect(warning).to_be_hidden()


def test_participant_count_mismatch_shows_client_side_warning(form):
    message = form.locator(".field-reported_participants .staff-check")
    expect(message).to_contain_text("1 participant has been recorded")

    form.locator("#id_reported_participants").fill("1")
    expect(message).to_be_hidden()


def test_staff_pages_have_no_accessibility_violations(record, signed_in, at, axe):
    states.in_review(record)
    record.host_organs.add(organ())
    copy_page = f"seminars/seminar/{record.pk}/copy/"
    forms = (
        f"seminars/seminar/{record.pk}/change/",
        "delegations/visit/add/",
        "exchanges/meeting/add/",
    )
    violations = {}
    audit_pages = (
        "history/deed/",
        "history/deed/?from=x",
        "history/deed/verification/",
    )
    lists = ("", "search/?q=sample", "seminars/seminar/")
    for address in (*lists, copy_page, *audit_pages, *forms):
        answer = signed_in.goto(at(f"/admin/{address}"))
        assert answer.ok, address
        for scheme in ("light", "dark"):
            signed_in.emulate_media(color_scheme=scheme)
            signed_in.evaluate(TRANSITIONS_ENDED)
            violations[scheme, address] = axe(signed_in)

    assert {page: lines for page, lines in violations.items() if lines} == {}


def test_autocomplete_inputs_have_accessible_names(form):
    boxes = form.locator(".select2-search__field")

    expect(boxes.first).to_have_attribute("aria-label", re.compile(r"\w"))
    labelled = form.locator(".select2-search__field[aria-label]")
    expect(labelled).to_have_count(boxes.count())
    form.locator("#sessions-0 .field-speaker .select2-selection").click()
    expect(form.locator(".select2-dropdown input")).to_have_attribute(
        "aria-label", "Speaker"
    )


def test_picture_form_shows_one_language_at_a_time(signed_in, watch, at):
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
        assert find_overflow(signed_in, width=width) == [], width
        assert axe(signed_in) == [], width
