"""Reviewers' decisions in the admin while a colleague saves the same record."""

import datetime as dt
import re
from contextlib import nullcontext
from dataclasses import replace
from functools import wraps
from itertools import cycle

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.conference.models import Article
from portal.content.catalogue.registry import all_kinds
from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from portal.content.publishing.reviewed_versions import (
    sign,
    version_of,
    version_of_proposal,
)
from portal.content.review import actions
from portal.content.review.actions import MAX_DECIDED
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction
from portal.core.files.models import Picture
from portal.reference.directory.models import Topic
from seminars.models import Seminar
from tests import reviewing
from tests.admin_forms import errors, rows
from tests.factories import files
from tests.factories.conference import article
from tests.factories.directory import topic
from tests.factories.publishing import (
    AT,
    actor,
    attachment,
    illustration,
    in_review,
    published,
    scheduled,
    source,
    staff,
    withdrawn,
)
from tests.factories.seminars import seminar, session
from tests.project.kind_factories import days_of
from tests.project.related_records import enrich, fresh
from tests.project.test_audit_coverage import WORDS
from tests.unrendered_pages import open_page, opened_form, unrendered

pytestmark = pytest.mark.django_db

KINDS = {kind.code: kind for kind in all_kinds()}
GENERIC = "publishing-{}-content_type-object_id"
HOUR = dt.timedelta(hours=1)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(staff(username, is_superuser=True))
    return client


@pytest.fixture
def reviewer() -> Client:
    return signed_in("sample.reviewer")


@pytest.fixture
def colleague() -> Client:
    return signed_in("sample.colleague")


@pytest.fixture
def four_eyes(settings):
    settings.TWO_PERSON_APPROVAL = True


def form_of(row) -> str:
    return f"{reviewing.list_of(type(row))}{row.pk}/change/"


def save(client, row, values: dict) -> None:
    """Open the form of ``row``, set the fields ``values`` and save it.

    A field whose value is None is not submitted.
    """
    form_data = opened_form(client, form_of(row)) | values
    form_data = {name: value for name, value in form_data.items() if value is not None}
    response = client.post(form_of(row), form_data)
    assert response.status_code == 302, errors(response)


def changed_texts(model) -> dict[str, str]:
    return WORDS[f"{model._meta.app_label}/{model._meta.model_name}"]


def status_of(record) -> str:
    return type(record).objects.get(pk=record.pk).status


# ------------------------------- decisions in the changelist, for every kind of record


DECISIONS = {
    "approve": in_review,
    "return_to_draft": in_review,
    "withdraw": published,
}


# One decision for each kind, in rotation: the version of a record depends on its kind,
# and its comparison belongs to the decision, which all kinds share.
ACTION_OF_KIND = dict(zip(KINDS, cycle(DECISIONS), strict=False))
BUTTON_OF_KIND = dict(
    zip(KINDS, cycle(["_accept", "_return", "_discard"]), strict=False)
)


@pytest.mark.parametrize("code", KINDS)
def test_decision_in_a_list_after_a_colleague_saved_is_refused(
    code, reviewer, colleague
):
    kind, action = KINDS[code], ACTION_OF_KIND[code]
    record = DECISIONS[action](fresh(kind.model, **days_of(kind)))
    before = record.status
    with unrendered():
        page = reviewing.open_confirmation(reviewer, action, record)
    ((name, text),) = changed_texts(kind.model).items()
    save(colleague, record, {name: text})

    with unrendered():
        response = reviewing.confirm(reviewer, action, page, kind.model)

    assert status_of(record) == before
    (message,) = reviewing.messages_of(response)
    assert "was changed after you opened it" in message
    assert "sample.colleague" in message


@pytest.mark.parametrize("code", KINDS)
def test_decision_in_a_list_on_what_was_shown_is_carried_out(code, reviewer):
    """The page of one decision is rendered for each kind, of all for some kind."""
    kind = KINDS[code]
    for action, state in DECISIONS.items():
        record = state(fresh(kind.model, **days_of(kind)))
        before = record.status

        with nullcontext() if action == ACTION_OF_KIND[code] else unrendered():
            reviewing.decide(reviewer, action, record)

        assert status_of(record) != before, action


@pytest.mark.parametrize("code", KINDS)
def test_decision_on_a_change_after_a_colleague_saved_is_refused(
    code, reviewer, colleague, four_eyes
):
    kind = KINDS[code]
    record = published(fresh(kind.model, **days_of(kind)))
    save(signed_in("sample.editor"), record, {"remark_en": "First text"})
    change = Proposal.objects.get()
    page = reviewer.get(reviewing.page_of(change))
    save(colleague, record, {"remark_en": "Second text"})

    with unrendered():
        response = reviewing.decide_proposal(
            reviewer, BUTTON_OF_KIND[code], change, page=page, follow=True
        )

    assert Proposal.objects.get().state == "waiting"
    (message,) = reviewing.messages_of(response)
    assert "was changed after you opened it" in message
    assert "sample.colleague" in message
    assert kind.model.objects.get(pk=record.pk).remark_en not in (
        "First text",
        "Second text",
    )

    with unrendered():
        reviewing.decide_proposal(reviewer, "_accept", change)

    assert kind.model.objects.get(pk=record.pk).remark_en == "Second text"


# ------------------------------------------ every part of a record that can change


def _picture_text(colleague, record):
    save(colleague, Picture.objects.get(), {"alternative_th": "ภาพ"})


def _topic_name(colleague, record):
    save(colleague, Topic.objects.get(key="first"), {"name_vi": "Tên khác"})


CHANGES = {
    "column": lambda client, record: save(client, record, {"title_th": "ชื่อ"}),
    "remark": lambda client, record: save(
        client, record, {"remark_zh_hans": "另一说明"}
    ),
    "relation": lambda client, record: save(client, record, {"topics": []}),
    "publishing time": lambda client, record: save(
        client, record, {"publish_at_0": "2199-01-01", "publish_at_1": "08:00"}
    ),
    "session": lambda client, record: save(
        client, record, {"sessions-0-title_en": "Other"}
    ),
    "source": lambda client, record: save(
        client,
        record,
        {f"{GENERIC.format('source')}-0-url": "https://example.org/other"},
    ),
    "deleted source": lambda client, record: save(
        client, record, {f"{GENERIC.format('source')}-0-DELETE": "on"}
    ),
    "new attachment": lambda client, record: save(
        client,
        record,
        {
            f"{GENERIC.format('attachment')}-TOTAL_FORMS": 2,
            f"{GENERIC.format('attachment')}-1-position": 1,
            f"{GENERIC.format('attachment')}-1-language": "en",
            f"{GENERIC.format('attachment')}-1-file": files.stored_file(
                files.PNG, "other.png"
            ).pk,
        },
    ),
    "replaced illustration": lambda client, record: save(
        client,
        record,
        {
            f"{GENERIC.format('illustration')}-0-picture": files.picture(
                files.PNG, "other.png"
            ).pk
        },
    ),
    "picture text": _picture_text,
    "topic name": _topic_name,
}


@pytest.fixture
def record():
    new_seminar = seminar(title_en="Sample title", topics=[topic("first")])
    session(new_seminar, title_en="Opening")
    source(new_seminar)
    attachment(new_seminar)
    illustration(new_seminar)
    return new_seminar


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_approval_after_any_change_is_refused(change, record, reviewer, colleague):
    in_review(record)
    with unrendered():
        page = reviewing.open_confirmation(reviewer, "approve", record)
    change(colleague, record)

    with unrendered():
        response = reviewing.confirm(reviewer, "approve", page, Seminar)

    assert status_of(record) == Status.IN_REVIEW
    (message,) = reviewing.messages_of(response)
    assert "was changed after you opened it" in message
    assert "(by sample.colleague)" in message

    with unrendered():
        reviewing.decide(reviewer, "approve", record)

    assert status_of(record) in (Status.PUBLISHED, Status.APPROVED)


def test_public_note_of_a_change_is_part_of_what_was_reviewed(
    record, reviewer, colleague, four_eyes
):
    published(record)
    save(colleague, record, {"title_en": "New title"})
    change = Proposal.objects.get()
    page = open_page(reviewer.get, reviewing.page_of(change))
    save(colleague, record, {"public_note-en": "A note without a reader."})

    reviewing.decide_proposal(reviewer, "_accept", change, page=page)

    assert Proposal.objects.get().state == "waiting"
    assert Seminar.objects.get().corrections == []


def test_picture_text_of_a_change_is_shown_and_part_of_what_was_reviewed(
    record, reviewer, colleague, four_eyes
):
    new_picture = files.picture(files.PNG, "new.png", alternative_lo="ຮູບ")
    published(record)
    added = rows(
        GENERIC.format("illustration"),
        {"picture": record.illustrations.get().picture_id, "position": 0},
        {"picture": new_picture.pk, "position": 1},
    )
    save(
        colleague,
        record,
        {f"{GENERIC.format('illustration')}-0-id": record.illustrations.get().pk}
        | {
            name: value
            for name, value in added.items()
            if "-1-" in name or "TOTAL" in name
        },
    )
    change = Proposal.objects.get()
    page = reviewer.get(reviewing.page_of(change))
    assert "ຮູບ" in page.text
    Picture.objects.filter(pk=new_picture.pk).update(alternative_lo="ອື່ນ")

    response = reviewing.decide_proposal(
        reviewer, "_accept", change, page=page, follow=True
    )

    assert Proposal.objects.get().state == "waiting"
    assert (
        "” has changed since you read it, so your decision was not "
        "applied. Open it again, read it and decide again."
    ) in response.text


# -------------------------------------------------- forged and incomplete requests


@pytest.mark.parametrize("action", DECISIONS)
def test_request_without_versions_only_opens_the_page(action, reviewer):
    record = DECISIONS[action](article("one"))
    before = record.status
    form_data = {
        "action": action,
        ACTION_CHECKBOX_NAME: [record.pk],
        "reason": "Sample.",
        "_confirm": "1",
    }

    response = reviewer.post(reviewing.list_of(Article), form_data)

    assert response.status_code == 200
    assert reviewing.shown_versions(response)
    assert status_of(record) == before


def test_version_that_was_not_made_for_this_person_and_record_is_refused(reviewer):
    record, other_record = in_review(article("one")), in_review(article("two"))
    other_user = staff("sample.other")
    user = reviewer.get("/admin/").context["user"]
    invalid_versions = {
        "empty": "",
        "forged": "forged",
        "altered": sign(record, version_of(record), user=user)[:-1] + "_",
        "of another person": sign(record, version_of(record), user=other_user),
        "of another record": sign(other_record, version_of(other_record), user=user),
    }
    for name, version in invalid_versions.items():
        form_data = {
            "action": "approve",
            ACTION_CHECKBOX_NAME: [record.pk],
            f"version_{record.pk}": version,
        }

        with unrendered():
            response = reviewer.post(reviewing.list_of(Article), form_data, follow=True)

        assert status_of(record) == Status.IN_REVIEW, name
        (message,) = reviewing.messages_of(response)
        assert "You did not read “one”" in message, name


def test_record_that_was_chosen_and_not_shown_is_refused(reviewer):
    displayed, hidden = in_review(article("one")), in_review(article("two"))
    page = reviewing.open_confirmation(reviewer, "approve", displayed)

    response = reviewing.confirm(
        reviewer,
        "approve",
        page,
        Article,
        **{ACTION_CHECKBOX_NAME: [displayed.pk, hidden.pk]},
    )

    assert status_of(displayed) == Status.PUBLISHED
    assert status_of(hidden) == Status.IN_REVIEW
    assert "You did not read “two”" in response.text


def test_page_of_a_change_without_version_decides_nothing(
    reviewer, colleague, four_eyes
):
    record = published(article("one"))
    save(colleague, record, {"title_en": "New title"})
    change = Proposal.objects.get()
    user = reviewer.get("/admin/").context["user"]
    version = version_of_proposal(change)
    invalid_versions = {
        "forged": "forged",
        "of another person": sign(change, version, user=staff("sample.other")),
        "of the record": sign(record, version, user=user),
    }
    for button in ("_accept", "_return", "_discard"):
        form_data = {button: "1", "reason": "Sample."}

        response = reviewer.post(reviewing.page_of(change), form_data)

        assert response.status_code == 200
        assert "Read the change before you decide." in response.text
        for name, invalid_version in invalid_versions.items():
            with unrendered():
                response = reviewer.post(
                    reviewing.page_of(change),
                    form_data | {"version": invalid_version},
                    follow=True,
                )
            (message,) = reviewing.messages_of(response)
            assert (
                "” before this decision, so it was not changed. Open it, "
                "read it and decide again."
            ) in message, name
        assert Proposal.objects.get().state == "waiting"


# ----------------------------------------------------------- the confirmation page


def test_refused_records_are_reported_and_the_others_processed(reviewer, colleague):
    first, second = in_review(article("one")), in_review(article("two"))
    page = reviewing.open_confirmation(reviewer, "approve", first, second)
    save(colleague, first, {"title_en": "Other words"})

    response = reviewing.confirm(reviewer, "approve", page, Article)

    assert status_of(first) == Status.IN_REVIEW
    assert status_of(second) == Status.PUBLISHED
    refused, done = reviewing.messages_of(response)
    assert "“one” was changed after you opened it" in refused
    assert "Title (English) (by sample.colleague)" in refused
    assert done == "“two Sample two” was published."


def test_record_that_a_colleague_decided_on_is_reported_whatever_the_filter(
    reviewer, colleague
):
    record = in_review(article("one"))
    page = reviewing.open_confirmation(reviewer, "approve", record)
    reviewing.decide(colleague, "return_to_draft", record)
    form_data = reviewing.confirmation_form(page, "approve")

    response = reviewer.post(
        f"{reviewing.list_of(Article)}?status__exact=in_review", form_data, follow=True
    )

    assert "“one” is “draft”" in response.text


@pytest.mark.parametrize("action", ["approve", "submit"])
def test_record_deleted_between_list_and_lock_is_reported(
    action, reviewer, monkeypatch
):
    first, deleted, last = (article(slug) for slug in ("one", "two", "three"))
    if action == "approve":
        for record in (first, deleted, last):
            in_review(record)
    operation = getattr(operations, action)

    def then_deleted(record, **values):
        Article.objects.filter(pk=deleted.pk).delete()
        return operation(record, **values)

    if action == "submit":
        monkeypatch.setattr(operations, action, then_deleted)
        response = reviewing.decide(reviewer, action, first, deleted, last, follow=True)
    else:
        page = reviewing.open_confirmation(reviewer, action, first, deleted, last)
        decision = replace(actions._APPROVE, operation=wraps(operation)(then_deleted))
        monkeypatch.setattr(actions, "_APPROVE", decision)
        response = reviewing.confirm(reviewer, action, page, Article)

    assert reviewing.messages_of(response) == [
        ("1 of the selected records is not available, so it was not changed."),
        {
            "approve": "2 records were published.",
            "submit": "2 records were submitted for review.",
        }[action],
    ]


def test_deleted_record_is_reported(reviewer):
    record, other_record = in_review(article("one")), in_review(article("two"))
    page = reviewing.open_confirmation(reviewer, "approve", record, other_record)
    record.delete()

    response = reviewing.confirm(reviewer, "approve", page, Article)

    assert "1 of the selected records is not available" in response.text
    assert status_of(other_record) == Status.PUBLISHED


def test_more_records_than_can_be_read_at_once_are_refused(reviewer):
    records = [article(f"n{number}") for number in range(MAX_DECIDED + 1)]
    Article.objects.update(status=Status.IN_REVIEW)
    user = reviewer.get("/admin/").context["user"]
    signed = {
        f"version_{record.pk}": sign(record, version_of(record), user=user)
        for record in records
    }
    chosen = {
        "action": "approve",
        ACTION_CHECKBOX_NAME: [record.pk for record in records],
    }
    select_all = chosen | {"select_across": "1"}

    for form_data in (chosen, chosen | signed, select_all):
        with unrendered():
            response = reviewer.post(reviewing.list_of(Article), form_data, follow=True)

        (message,) = reviewing.messages_of(response)
        assert message.startswith("You selected more than 20 records")
        assert set(Article.objects.values_list("status", flat=True)) == {"in_review"}

    page = reviewing.open_confirmation(reviewer, "approve", *records[1:])

    assert len(reviewing.shown_versions(page)) == MAX_DECIDED


def test_record_without_its_tick_is_left_as_it_is(reviewer):
    first, second = in_review(article("one")), in_review(article("two"))
    page = reviewing.open_confirmation(reviewer, "approve", first, second)

    reviewing.confirm(
        reviewer, "approve", page, Article, **{ACTION_CHECKBOX_NAME: [second.pk]}
    )

    assert status_of(first) == Status.IN_REVIEW
    assert status_of(second) == Status.PUBLISHED


def test_missing_reason_keeps_the_version_that_was_shown(reviewer, colleague):
    record = in_review(article("one"))
    page = reviewing.open_confirmation(reviewer, "return_to_draft", record)
    save(colleague, record, {"title_en": "Other words"})

    second_page = reviewing.confirm(
        reviewer, "return_to_draft", page, Article, reason=" "
    )
    response = reviewing.confirm(reviewer, "return_to_draft", second_page, Article)

    assert second_page.context["form"].errors
    assert status_of(record) == Status.IN_REVIEW
    assert "was changed after you opened it" in response.text


def test_page_shows_all_that_is_decided_on(reviewer):
    record = seminar(
        title_zh_hans="样例研修班",
        title_lo="ຫົວຂໍ້",
        topics=[topic("first", name_en="Sample topic", name_my="ခေါင်းစဉ်")],
        remark_en="A doubt",
    )
    session(record, title_en="Opening", title_km="បើក")
    source(record, "https://example.org/report")
    attachment(record)
    illustration(record, files.picture(alternative_th="ภาพ", caption_en="A caption"))
    in_review(record)

    page = reviewing.open_confirmation(reviewer, "approve", record).text

    for text in (
        "样例研修班",
        "ຫົວຂໍ້",
        "ခေါင်းစဉ်",
        "A doubt",
        "បើក",
        "https://example.org/report",
        "sample.pdf",
        "ภาพ",
        "A caption",
        "The record will be published as soon as it is approved.",
    ):
        assert text in page, text
    assert 'lang="lo"' in page


def test_page_says_when_the_record_is_published(reviewer):
    record = article("one", publish_at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    in_review(record)

    page = reviewing.open_confirmation(reviewer, "approve", record).text

    assert "Scheduled for: 1 January 2199" in page


def test_page_shows_what_was_changed_since_the_record_was_public(reviewer, colleague):
    record = withdrawn(article("one", title_en="Public title"))
    reviewing.return_to_draft(record, by=staff("sample.other"), at=AT + HOUR)
    save(colleague, record, {"title_en": "New title"})
    in_review(record)

    page = reviewing.open_confirmation(reviewer, "approve", record).text

    text = re.sub(r"\s+", " ", page)
    assert "Changes since it was withdrawn" in text
    assert "changed by sample.colleague" in text
    assert "<del>Public</del> title" in text
    assert "<ins>New</ins> title" in text


def test_page_shows_texts_of_pictures_and_names_changed_since_the_withdrawal(
    reviewer, colleague
):
    picture, used_topic = files.picture(alternative_en="Public text"), topic("first")
    record = article("one", topics=[used_topic])
    illustration(record, picture)
    save(colleague, used_topic, {"name_en": "Before"})
    withdrawn(record)
    save(colleague, used_topic, {"name_en": "After"})
    reviewing.return_to_draft(record, by=staff("sample.other"), at=AT + HOUR)
    save(colleague, picture, {"alternative_en": "Other text"})
    in_review(record)
    audit.append_entry(record, action=AuditAction.IMPORT_UNDONE, by=actor(), at=AT)

    page = reviewing.open_confirmation(reviewer, "approve", record)

    (described,) = page.context["records"]
    edits = described["content"].edits
    changes = [(change.old, change.new) for edit in edits for change in edit.changes]
    assert changes == [("Before", "After"), ("Public text", "Other text")]
    assert edits[-1].entry.verb == AuditAction.IMPORT_UNDONE


def test_page_of_a_record_without_authors_names_no_one(reviewer):
    record = in_review(article("one"))
    Article.objects.update(updated_by=None)

    page = reviewing.open_confirmation(reviewer, "approve", record).text

    assert " by –." in page
    assert "None" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_person_who_contributed_is_not_shown_the_page_to_approve(
    reviewer, colleague, four_eyes
):
    own_article, other_article = article("one"), article("two")
    save(reviewer, own_article, {"title_en": "Own words"})
    in_review(own_article)
    in_review(other_article)

    page = reviewing.open_confirmation(reviewer, "approve", own_article, other_article)

    assert "You edited this version of “one”" in page.text
    assert list(reviewing.shown_versions(page)) == [f"version_{other_article.pk}"]


@pytest.mark.parametrize("code", ["seminar", "edition"])
def test_page_takes_the_same_queries_however_many_records(code, reviewer):
    kind = KINDS[code]
    records = [
        enrich(fresh(kind.model, **days_of(kind)), 1) for _number in range(MAX_DECIDED)
    ]
    # By hand, because the submissions would cost more than the test.
    kind.model.objects.update(status=Status.IN_REVIEW)
    reviewing.open_confirmation(reviewer, "approve", records[0])
    query_counts = []
    for count in (1, 3, MAX_DECIDED):
        with CaptureQueriesContext(connection) as captured:
            page = reviewing.open_confirmation(reviewer, "approve", *records[:count])
        assert len(reviewing.shown_versions(page)) == count
        query_counts.append(len(captured))

    assert len(set(query_counts)) == 1, query_counts


def test_office_of_one_approves_what_it_was_shown(reviewer, settings):
    settings.TWO_PERSON_APPROVAL = False
    record = article("one")
    save(reviewer, record, {"title_en": "Own words"})
    in_review(record)

    reviewing.decide(reviewer, "approve", record)

    assert status_of(record) == Status.PUBLISHED


def test_scheduled_record_is_returned_from_the_list_with_its_version(
    reviewer, colleague
):
    record = scheduled(article("one"), dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    page = reviewing.open_confirmation(reviewer, "return_to_draft", record)
    Article.objects.update(title_en="Other words")

    reviewing.confirm(reviewer, "return_to_draft", page, Article)
    assert status_of(record) == Status.APPROVED

    reviewing.decide(reviewer, "return_to_draft", record)
    assert status_of(record) == Status.DRAFT


def test_page_marks_names_that_no_published_record_uses(reviewer):
    new_topic, published_topic = topic("new-topic"), topic("known-topic")
    published(article("public")).topics.add(published_topic)
    record = article("one")
    record.topics.set([new_topic, published_topic])
    in_review(record)

    page = reviewing.open_confirmation(reviewer, "approve", record)

    (displayed_record,) = page.context["records"]
    headings = sorted(row.heading for row in displayed_record["content"].related)
    assert headings == ["Topic", "Topic (not public yet)"]
