"""The page on which a reviewer reads one record and decides, and its status bar."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from portal.content.publishing.reviewed_versions import version_of
from portal.core.accounts.roles import sync_roles
from portal.core.audit.models import Deed
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import errors
from tests.factories.directory import place
from tests.factories.publishing import (
    AT,
    actor,
    in_review,
    proposal,
    published,
    scheduled,
    staff,
    withdrawn,
)
from tests.factories.seminars import seminar, session
from tests.failures import collect_failures
from tests.project.kind_factories import days_of
from tests.project.related_records import fresh
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db

LATER = dt.datetime(2199, 1, 2, 9, 0, tzinfo=dt.UTC)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reviewer() -> Client:
    return signed_in(staff("sample.reviewer", is_superuser=True))


@pytest.fixture
def editor() -> Client:
    return signed_in(staff("sample.editor", is_superuser=True))


@pytest.fixture
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


def review_url(record) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_review", args=[record.pk])


def form_url(record) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def press(client, record, button: str, page=None, **values):
    """Press ``button`` on the review page ``page``, by default one opened now."""
    page = page or client.get(review_url(record))
    version = page.context["version"]
    data = {button: "x", "version": version, **values}
    return client.post(review_url(record), data, follow=True)


def plain(response) -> str:
    """Return the text of a page without its elements."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def saved(client, record, values: dict):
    url = form_url(record)
    response = client.post(url, opened_form(client, url) | values, follow=True)
    assert response.redirect_chain, errors(response)
    return response


# ------------------------------------------------------------------- decisions


def test_every_kind_of_record_is_reviewed_on_its_page(reviewer):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                record = in_review(fresh(kind.model, **days_of(kind)))

                response = press(reviewer, record, "_approve")

                record.refresh_from_db()
                assert record.status == Status.PUBLISHED
                assert response.redirect_chain == [(form_url(record), 302)]
                (message,) = reviewing.messages_of(response)
                assert message.endswith("was published.")


def test_fields_are_in_the_order_of_the_form(reviewer):
    record = in_review(
        seminar(
            title_en="Sample",
            title_zh_hans="样例",
            hours=12,
            starts_on=dt.date(2024, 5, 6),
            date_precision="day",
            remark_en="Sample remark",
        )
    )

    page = reviewer.get(review_url(record))

    names = [field.key for field in page.context["content"].fields]
    assert names == [
        "code:",
        "title:zh-hans",
        "title:en",
        "scope:",
        "starts_on:",
        "date_precision:",
        "hours:",
        "remark:en",
    ]
    # The calendar at the time of publication is unreadable without it.
    assert "admin/css/forms.css" in page.text


def test_decisions_say_what_was_done(reviewer):
    """Each decision from the status that allows it, with the message that follows."""
    beijing_day = {"publish_at_0": "2199-01-02", "publish_at_1": "17:00"}
    cases = [
        ("_approve", in_review, {}, Status.PUBLISHED, "was published."),
        (
            "_approve_for_time",
            in_review,
            beijing_day,
            Status.APPROVED,
            "It will be published on 2 January 2199, 17:00 (Beijing time).",
        ),
        ("_return", in_review, {"reason": "No."}, Status.DRAFT, "returned as a draft."),
        (
            "_withdraw",
            published,
            {"reason": "No."},
            Status.WITHDRAWN,
            "was withdrawn from the website.",
        ),
        ("_publish_again", withdrawn, {}, Status.PUBLISHED, "was published."),
        (
            "_publish",
            lambda record: scheduled(record, LATER),
            {},
            Status.PUBLISHED,
            "was published.",
        ),
    ]
    with collect_failures() as failures:
        for button, state, values, status, text in cases:
            with failures.case(button):
                record = state(seminar())

                response = press(reviewer, record, button, **values)

                record.refresh_from_db()
                assert record.status == status
                (message,) = reviewing.messages_of(response)
                assert record.code in message
                assert message.endswith(text)


def test_time_of_publication_is_on_the_clock_of_the_place(reviewer):
    record = in_review(seminar(places=[place("hanoi", time_zone="Asia/Ho_Chi_Minh")]))

    response = press(
        reviewer,
        record,
        "_approve_for_time",
        publish_at_0="2199-01-02",
        publish_at_1="16:00",
    )

    record.refresh_from_db()
    assert (record.status, record.publish_at) == (Status.APPROVED, LATER)
    assert operations.publish_due(by=actor(), at=LATER) == 1
    (message,) = reviewing.messages_of(response)
    assert "16:00 (UTC+07:00)" in message


def test_approving_now_replaces_a_later_time(reviewer):
    record = in_review(seminar(publish_at=LATER))

    press(reviewer, record, "_approve")

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    assert record.publish_at <= timezone.now()
    changed = Deed.objects.for_record(record).filter(verb="changed").get()
    assert [change["field"] for change in changed.changes] == ["publish_at"]


def test_contributor_cannot_publish_before_the_approved_time(
    reviewer, editor, two_persons
):
    record = in_review(seminar())
    saved(editor, record, {"remark_en": "A remark"})
    time = {"publish_at_0": "2199-01-02", "publish_at_1": "16:00"}
    press(reviewer, record, "_approve_for_time", **time)

    page = editor.get(review_url(record))
    assert "only another person can publish it before its set time" in page.text
    assert "_publish" not in page.context["decisions"]
    press(editor, record, "_publish", page=page)
    record.refresh_from_db()
    assert record.status == Status.APPROVED

    press(reviewer, record, "_publish")
    record.refresh_from_db()
    assert record.status == Status.PUBLISHED


def test_publishing_early_is_about_the_version_that_was_read(reviewer, editor):
    record = in_review(seminar())
    time = {"publish_at_0": "2199-01-02", "publish_at_1": "16:00"}
    press(reviewer, record, "_approve_for_time", **time)
    page = reviewer.get(review_url(record))
    saved(editor, record, {"remark_en": "A later remark"})

    press(reviewer, record, "_publish", page=page)

    record.refresh_from_db()
    assert record.status == Status.APPROVED


def test_both_fields_of_the_time_have_a_name(reviewer):
    page = reviewer.get(review_url(in_review(seminar())))

    for name in ("Publish on – Date", "Publish on – Time"):
        assert f'aria-label="{name}"' in page.text


def test_time_that_was_entered_is_not_ignored(reviewer):
    """Publishing now cannot be undone; returning does not need the time."""
    later = in_review(seminar(publish_at=LATER))
    record = in_review(seminar())
    new_time = {"publish_at_0": "2199-01-03", "publish_at_1": "16:00"}
    known_time = {"publish_at_0": "2199-01-02", "publish_at_1": "17:00"}

    response = press(reviewer, record, "_approve", **new_time)
    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    assert "To publish now, clear the time." in response.text
    press(reviewer, record, "_return", publish_at_0="2199-01-03", reason="Sample.")
    record.refresh_from_db()
    assert record.status == Status.DRAFT
    press(reviewer, later, "_approve", **known_time)
    later.refresh_from_db()
    assert later.status == Status.PUBLISHED


def test_invalid_decisions_change_nothing_and_keep_the_texts(reviewer):
    past = {"publish_at_0": "2024-01-02", "publish_at_1": "17:00"}
    cases = [
        ("_approve_for_time", {}, "Enter the day and the time of the publication."),
        ("_approve_for_time", past, "This time is in the past"),
        (
            "_approve_for_time",
            {"publish_at_0": "02/03/2199", "publish_at_1": "17:00"},
            "Enter the date as YYYY-MM-DD, for example 2024-09-01.",
        ),
        ("_return", {"reason": " "}, "Enter a reason, or comment on at least one"),
        (
            "_return",
            {"comment:title:en": "x" * 1001},
            "A comment has more than 1000 characters.",
        ),
        ("_return", {"reason": "x" * 2001}, "at most 2000 characters"),
        (
            "_return",
            {"reason": " ", "comment:title:en": "\0\u200b"},
            "Enter a reason, or comment on at least one",
        ),
        (
            "_return",
            {"comment:title:en": "Sample \ue000"},
            "contains a character that cannot be displayed",
        ),
    ]
    record = in_review(seminar())
    with collect_failures() as failures:
        for button, values, text in cases:
            with failures.case(text):
                kept = {"comment:scope:": "A comment to keep"} | values
                if button == "_return" and len(values.get("reason", "long")) == 1:
                    kept = values

                response = press(reviewer, record, button, **kept)

                record.refresh_from_db()
                assert record.status == Status.IN_REVIEW
                assert response.status_code == 200
                assert text in response.text
                if "comment:scope:" in kept:
                    assert "A comment to keep" in response.text


def test_withdrawal_needs_a_reason(reviewer):
    record = published(seminar())

    response = press(reviewer, record, "_withdraw")

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    assert "Enter why the record is withdrawn." in response.text


def test_decision_on_an_older_version_is_refused_and_the_page_shows_the_new_one(
    reviewer, editor
):
    record = in_review(seminar(title_en="First title"))
    page = reviewer.get(review_url(record))
    saved(editor, record, {"title_en": "Second title"})

    response = press(
        reviewer, record, "_return", page=page, **{"comment:title:en": "Too short"}
    )

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    (message,) = reviewing.messages_of(response)
    assert "was changed after you opened it" in message
    assert "sample.editor" in message
    assert "Second title" in plain(response)
    assert "Too short" in response.text
    # The page now has the new version: the second press is about what it shows.
    press(reviewer, record, "_return", page=response, reason="Again.")
    record.refresh_from_db()
    assert record.status == Status.DRAFT


def test_decision_that_a_colleague_made_already_is_refused(reviewer, editor):
    record = in_review(seminar())
    page = reviewer.get(review_url(record))
    press(editor, record, "_approve")

    response = press(reviewer, record, "_return", page=page, reason="My long reason")

    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    (message,) = reviewing.messages_of(response)
    assert "is “published”" in message
    assert "My long reason" in response.text


def test_request_without_version_decides_nothing(reviewer):
    record = in_review(seminar())

    response = reviewer.post(review_url(record), {"_approve": "x"}, follow=True)

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    assert (
        "” before this decision, so it was not changed. Open it, "
        "read it and decide again."
    ) in reviewing.messages_of(response)[0]


def test_version_of_another_reviewer_is_refused(reviewer, editor):
    record = in_review(seminar())
    page = editor.get(review_url(record))

    press(reviewer, record, "_approve", page=page)

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


def test_page_is_closed_to_staff_who_may_not_review():
    record = in_review(seminar(title_en="Not for translators"))
    change = Permission.objects.get(codename="change_seminar")
    client = signed_in(staff("sample.editor", permissions=[change]))

    for response in (
        client.get(review_url(record)),
        client.post(review_url(record), {"_approve": "x"}),
    ):
        assert response.status_code == 403
        assert "Not for translators" not in response.text
    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    assert Client().get(review_url(record)).status_code == 302


def test_address_without_record_leads_to_the_start_page(reviewer):
    for key in ("999999", "abc", "1 2"):
        response = reviewer.get(f"/admin/seminars/seminar/{key}/review/")
        assert response.status_code == 302, key


# ------------------------------------------------------------ two-person approval


def test_editor_cannot_approve_and_the_page_says_why(editor, two_persons):
    record = seminar()
    saved(editor, record, {"title_en": "Edited", "_submit_for_review": "x"})

    page = editor.get(review_url(record))
    response = press(editor, record, "_approve", page=page)

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW
    assert "_approve" not in page.context["decisions"]
    assert "_return" in page.context["decisions"]
    assert "another person must approve it" in plain(page)
    assert "another person" in reviewing.messages_of(response)[0]


def test_withdrawn_record_that_was_edited_needs_a_review(reviewer, editor, two_persons):
    record = withdrawn(seminar())
    page = reviewer.get(review_url(record))
    saved(editor, record, {"title_en": "Edited after the withdrawal"})

    edited_page = reviewer.get(review_url(record))
    response = press(reviewer, record, "_publish_again", page=edited_page)

    record.refresh_from_db()
    assert record.status == Status.WITHDRAWN
    assert "_publish_again" in page.context["decisions"]
    assert "_publish_again" not in edited_page.context["decisions"]
    assert "Submit it for review" in reviewing.messages_of(response)[0]
    response = saved(editor, record, {"_submit_for_review": "x"})
    assert "was submitted for review" in reviewing.messages_of(response)[0]
    press(reviewer, record, "_approve")
    record.refresh_from_db()
    assert record.status == Status.PUBLISHED


# ------------------------------------------------------- comments on single fields


def test_comments_reach_the_editor_and_the_next_review(reviewer, editor):
    record = seminar(title_en="Title", title_zh_hans="标题")
    part = session(record, title_en="Opening")
    in_review(record)
    page = reviewer.get(review_url(record))
    comments = {
        "comment:title:en": "Name the year",
        f"comment:sessions/{part.pk}/title:en": "Who speaks?",
        "comment:not_shown:en": "Ignored",
    }

    press(reviewer, record, "_return", page=page, reason="See below", **comments)

    record.refresh_from_db()
    assert record.review_comments == [
        {"field": "", "text": "See below"},
        {"field": f"sessions/{part.pk}/title:en", "text": "Who speaks?"},
        {"field": "title:en", "text": "Name the year"},
    ]
    form = editor.get(form_url(record))
    assert '<a href="#id_title_en">' in form.text
    text = plain(form)
    for expected in ("See below", "Name the year", "Seminar session – Title", "Who"):
        assert expected in text
    assert "Reason See below" in text
    entry = Deed.objects.for_record(record).first()
    assert entry.note.startswith("See below\n")
    assert "Title (English): Name the year" in entry.note

    saved(editor, record, {"title_en": "Title 2026", "_submit_for_review": "x"})
    page = reviewer.get(review_url(record))
    assert "Reason for the last return See below" in plain(page)
    assert "Comment at the last return: Name the year" in plain(page)
    assert "Changed since it was returned" in page.text
    assert "Title<ins> 2026</ins>" in page.text
    press(reviewer, record, "_approve", page=page)
    record.refresh_from_db()
    assert (record.status, record.review_comments) == (Status.PUBLISHED, [])


def test_comments_on_a_proposed_change_reach_its_author(reviewer, editor, two_persons):
    record = published(seminar())
    saved(editor, record, {"remark_en": "A new remark"})
    change = Proposal.objects.get()

    reviewing.decide_proposal(
        reviewer, "_return", change, reason="", **{"comment:remark:en": "Source?"}
    )

    change.refresh_from_db()
    assert change.state == "returned"
    assert change.review_comments == [{"field": "remark:en", "text": "Source?"}]
    text = plain(editor.get(form_url(record)))
    assert "Source?" in text
    assert "corrects the change and saves it again" in text


def test_discarded_change_shows_the_reason(reviewer, editor, two_persons):
    saved(editor, published(seminar()), {"remark_en": "A new remark"})
    change = Proposal.objects.get()

    reviewing.decide_proposal(reviewer, "_discard", change, reason="Not true.")

    assert "Reason Not true." in plain(editor.get(reviewing.page_of(change)))


def test_page_of_a_proposed_change_sends_the_comments_in_its_form(
    reviewer, editor, two_persons
):
    record = published(seminar())
    saved(editor, record, {"remark_en": "A new remark"})
    change = Proposal.objects.get()
    page = reviewer.get(reviewing.page_of(change)).text

    form = page[page.index('<form method="post" class="decision"') :]
    form = form[: form.index("</form>")]
    for name in ("comment:remark:en", "reason", "version", "_return"):
        assert f'name="{name}"' in form
    assert "has been waiting for review" in page
    assert 'name="comment:' not in editor.get(reviewing.page_of(change)).text

    reviewing.decide_proposal(
        reviewer, "_return", change, reason="", **{"comment:remark:en": "Source?"}
    )
    page = plain(editor.get(reviewing.page_of(change)))
    assert "Source?" in page


def test_rich_text_is_shown_as_on_the_page_and_sanitised(reviewer):
    text = '<p>Read <a href="https://agency.example/">this</a></p><script>x()</script>'
    record = in_review(seminar(summary_en="Sample"))
    Seminar.objects.filter(pk=record.pk).update(body_en=text)

    page = reviewer.get(review_url(record))

    assert 'href="https://agency.example/"' in page.text
    assert "x()" not in page.text


# ----------------------------------------------------------------- status bar


def test_status_bar_says_what_is_next(reviewer, two_persons):
    """The sentences for each status, and the pages to which a reviewer is led."""
    author = staff("sample.author", is_superuser=True)

    def draft(record):
        operations.register_edit(record, by=author, at=AT, before=None)
        return record

    def returned(record):
        in_review(record)
        reviewing.return_to_draft(record, by=author, at=AT, reason="Sample reason")
        return record

    def changed(record):
        published(record)
        proposal(record, by=author)
        return record

    cases = [
        (draft, "sample.author completes it and submits it for review", ""),
        (returned, "Sample reason", ""),
        (lambda r: in_review(draft(r)), "Next: sample.reviewer decides.", "Review and"),
        (
            lambda r: scheduled(r, LATER),
            "published automatically on 2 January 2199",
            "Pu",
        ),
        (
            lambda r: scheduled(r, LATER),
            "Approved on 6 May 2024, 16:00 by",
            "Publish now",
        ),
        (published, "Published on", "Withdraw"),
        (changed, "a change by sample.author has been waiting", "Review the change"),
        (withdrawn, "this record was withdrawn by", "Publish again or return"),
    ]
    with collect_failures() as failures:
        for state, sentence, link in cases:
            with failures.case(sentence):
                record = state(seminar())

                page = reviewer.get(form_url(record))

                assert sentence in plain(page)
                bar = page.context["status_bar"]
                assert [text for text in bar.links if link in text.label] or not link
                assert bool(bar.links) == bool(link)


def test_status_bar_says_that_no_one_can_approve(two_persons):
    sync_roles()
    author = staff("sample.author", is_superuser=True)
    record = seminar()
    operations.register_edit(record, by=author, at=AT, before=None)
    in_review(record)

    text = plain(signed_in(author).get(form_url(record)))

    assert "No one can approve it" in text


def test_draft_is_saved_and_submitted_with_one_button(editor):
    url = "/admin/seminars/seminar/add/"
    values = {"title_en": "Sample", "scope": "prosecutors", "_submit_for_review": "x"}

    response = editor.post(url, opened_form(editor, url) | values, follow=True)

    record = Seminar.objects.get()
    assert record.status == Status.IN_REVIEW
    assert response.redirect_chain == [(form_url(record), 302)]
    assert reviewing.messages_of(response) == [
        f"“{record.code} Sample” was submitted for review."
    ]


def test_unchanged_draft_is_submitted(editor):
    record = seminar()

    saved(editor, record, {"_submit_for_review": "x"})

    record.refresh_from_db()
    assert record.status == Status.IN_REVIEW


def test_submitting_what_a_colleague_submitted_already_keeps_the_text(editor):
    record = seminar()
    url = form_url(record)
    form = opened_form(editor, url)
    in_review(record)

    values = {"remark_en": "A later remark", "_submit_for_review": "x"}
    response = editor.post(url, form | values)

    record.refresh_from_db()
    assert (record.status, record.remark_en) == (Status.IN_REVIEW, None)
    assert (
        "changed this record after you opened it. Your changes "
        "have not been saved. Compare both versions, correct the "
        "form and save again."
    ) in response.text
    assert "A later remark" in response.text


def test_submission_that_is_refused_is_not_reported_as_done(editor):
    record = in_review(seminar())

    response = saved(editor, record, {"_submit_for_review": "x"})

    messages = " ".join(reviewing.messages_of(response))
    assert "You cannot do this" in messages
    assert "was submitted for review" not in messages


def test_submission_with_errors_saves_nothing(editor):
    record = seminar()

    url = form_url(record)
    values = {"title_en": "", "title_zh_hans": "", "_submit_for_review": "x"}
    form = opened_form(editor, url) | values | {"scope": "unknown"}
    response = editor.post(url, form)

    record.refresh_from_db()
    assert response.status_code == 200
    assert record.status == Status.DRAFT


def test_version_changes_with_the_time_of_publication(reviewer):
    """The approved version is that with the time which the reviewer set."""
    record = in_review(seminar())

    press(
        reviewer,
        record,
        "_approve_for_time",
        publish_at_0="2199-01-02",
        publish_at_1="17:00",
    )

    record.refresh_from_db()
    assert record.approved_version == version_of(record).digest


# ------------------------------------------------- texts that a decision does not send


def test_comments_and_reasons_that_a_decision_does_not_send_are_refused(reviewer):
    cases = [
        ("in_review", "_approve", {"comment:title:en": "Kept text"}, "Comments are"),
        ("in_review", "_approve", {"reason": "Kept text"}, "A reason is not sent"),
        ("scheduled", "_publish", {"comment:title:en": "Kept text"}, "Comments are"),
        ("withdrawn", "_publish_again", {"reason": "Kept text"}, "A reason is not"),
    ]
    states = {
        "in_review": in_review,
        "scheduled": lambda record: scheduled(record, LATER),
        "withdrawn": withdrawn,
    }
    with collect_failures() as failures:
        for state, button, values, text in cases:
            with failures.case(state, button):
                record = states[state](seminar(title_en="Title"))
                status = record.status

                response = press(reviewer, record, button, **values)

                record.refresh_from_db()
                assert record.status == status
                assert text in response.text
                assert "Kept text</textarea>" in response.text
                press(reviewer, record, button, page=response)
                record.refresh_from_db()
                assert record.status == Status.PUBLISHED


def test_comment_without_a_field_is_shown_to_be_copied(reviewer, editor):
    """A colleague deleted the commented row, or decided about the record."""
    record = seminar(title_en="Title")
    part = session(record, title_en="Opening")
    in_review(record)
    page = reviewer.get(review_url(record))
    comments = {f"comment:sessions/{part.pk}/title:en": "Who speaks?"}
    part.delete()

    response = press(reviewer, record, "_return", page=page, **comments)
    assert "Your text was not sent" in response.text
    assert "Seminar session – Title (English) Who speaks?" in plain(response)

    press(editor, record, "_approve")
    comments = {"comment:title:en": "Name the year"}
    response = press(reviewer, record, "_return", page=response, **comments)
    record.refresh_from_db()
    assert record.status == Status.PUBLISHED
    assert "Title (English) Name the year" in plain(response)


def test_proposal_is_not_decided_while_comments_would_be_lost(
    reviewer, editor, two_persons
):
    record = published(seminar())
    saved(editor, record, {"remark_en": "A new remark"})
    change = Proposal.objects.get()
    comment = {"comment:remark:en": "Kept text"}

    for button, values in (
        ("_accept", comment),
        ("_accept", {"reason": "Kept text"}),
        ("_discard", comment),
    ):
        response = reviewing.decide_proposal(reviewer, button, change, **values)
        change.refresh_from_db()
        assert change.state == "waiting"
        assert "Kept text</textarea>" in response.text
        assert "Return this for changes, or delete the" in response.text

    reviewing.decide_proposal(reviewer, "_accept", change)
    change.refresh_from_db()
    assert change.state == "accepted"


def test_texts_stay_when_a_proposal_was_changed_or_decided(
    reviewer, editor, two_persons
):
    record = published(seminar())
    saved(editor, record, {"remark_en": "A new remark"})
    change = Proposal.objects.get()
    page = reviewer.get(reviewing.page_of(change))
    saved(editor, record, {"remark_en": "A newer remark"})
    texts = {"reason": "My reason", "comment:remark:en": "My comment"}

    response = reviewing.decide_proposal(
        reviewer, "_return", change, page=page, **texts
    )
    change.refresh_from_db()
    assert change.state == "waiting"
    assert "A newer remark" in plain(response)
    for text in texts.values():
        assert f"{text}</textarea>" in response.text

    reviewing.discard(change, by=staff("sample.other"), at=AT)
    response = reviewing.decide_proposal(
        reviewer, "_return", change, page=response, **texts
    )
    assert "Your text was not sent" in response.text
    for text in texts.values():
        assert text in response.text
