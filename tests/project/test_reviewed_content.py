"""No record becomes public with content that its approver was not shown.

A reviewer opens the page of a decision, a colleague changes the record in each possible
way, and the reviewer sends the decision. All of it by requests.
"""

from collections.abc import Iterable, Iterator
from itertools import cycle, islice

import pytest
from django.contrib import admin
from django.test import RequestFactory

from portal.content.publishing.choices import Status
from portal.content.publishing.models import Proposal
from portal.content.publishing.reviewed_versions import read_content, rows_used
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.core.audit.snapshots import get_audited_columns, get_child_model
from portal.core.files.models import Picture, StoredFile
from tests import reviewing
from tests.concurrent_editing import signed_in
from tests.factories import publishing as states
from tests.project.reviewed_content import (
    KINDS,
    assert_refused,
    form_changes,
    is_in_catalogue,
    kind_of_code,
    open_and_press,
    open_confirmation,
    open_form,
    press,
    proposal_changes,
    save,
    send_confirmation,
    send_form,
    simple_draft,
    status_of,
    stored,
    text_change,
    text_column,
)
from tests.unrendered_pages import open_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def reviewer():
    return signed_in("sample.reviewer")


@pytest.fixture
def other_reviewer():
    return signed_in("sample.other")


@pytest.fixture
def colleague():
    return signed_in("sample.colleague")


# Decisions on a record in review, and its status then.
ACTIONS = {"approve": Status.PUBLISHED, "return_to_draft": Status.DRAFT}
# Decisions on a proposal, and its state then.
BUTTONS = {"_accept": "accepted", "_return": "returned", "_discard": "discarded"}


def in_turn(decisions: Iterable[str], code: str) -> Iterator[str]:
    """Repeat ``decisions`` endlessly; the next kind begins with the next decision."""
    return islice(cycle(decisions), KINDS.index(code), None)


# ------------------------------------------------- the form of a record in review


@pytest.mark.parametrize("code", KINDS)
def test_decision_on_a_record_that_a_colleague_changed_is_refused(
    code, reviewer, colleague, rich_draft
):
    """Every change is tried with one of the decisions.

    They take turns, and the kinds begin with different ones: the version covers all of
    the content, and each decision compares the whole of it.
    """
    record, other_record = rich_draft(code), simple_draft(code)
    states.in_review(record)
    states.in_review(other_record)
    page = open_confirmation(reviewer, "approve", record, other_record)
    form = open_form(colleague, record)
    decisions = in_turn(ACTIONS, code)

    changes = form_changes(record, form)
    assert changes

    for change_name, values in changes.items():
        action = next(decisions)
        with rolled_back_transaction():
            send_form(colleague, form, values)

            answer = send_confirmation(reviewer, action, page, record)
            assert_refused(answer, record, Status.IN_REVIEW, f"{action} {change_name}")

    # Unchanged content is decided on.
    action = next(decisions)
    with rolled_back_transaction():
        send_confirmation(reviewer, action, page, record, other_record)
        assert status_of(record) == status_of(other_record) == ACTIONS[action]

    send_form(colleague, form, text_change(record))
    answer = send_confirmation(reviewer, "approve", page, record, other_record)
    assert_refused(answer, record, Status.IN_REVIEW, "two records")
    assert status_of(other_record) == Status.PUBLISHED

    second_page = open_confirmation(reviewer, "approve", record)
    action = next(decisions)
    send_confirmation(reviewer, action, second_page, record)
    assert status_of(record) == ACTIONS[action]
    assert is_in_catalogue(record) == (action == "approve")


# ------------------------------------------------------------- a proposed change


@pytest.mark.parametrize("code", KINDS)
def test_decision_on_a_change_that_its_author_edited_is_refused(
    code, reviewer, colleague, rich_draft
):
    """Every change is tried with one of the decisions.

    They take turns, and the kinds begin with different ones: the version covers all of
    the content, and each decision compares the whole of it.
    """
    record = states.published(rich_draft(code))
    column = text_column(type(record)).replace("_vi", "_th")
    save(colleague, record, {column: "First text"})
    proposal = Proposal.objects.get()
    address = reviewing.page_of(proposal)
    page = open_page(reviewer.get, address)
    form = open_form(colleague, record)
    decisions = in_turn(BUTTONS, code)

    def assert_undecided(button: str, change_name: str) -> None:
        answer = press(reviewer, button, address, page)
        assert_refused(answer, record, Status.PUBLISHED, f"{button} {change_name}")
        assert stored(proposal).state == "waiting", f"{button} {change_name}"
        assert getattr(stored(record), column) != "First text", change_name
        assert stored(record).revision == 1, change_name

    changes = proposal_changes(record, form)
    assert changes

    for change_name, values in changes.items():
        with rolled_back_transaction():
            send_form(colleague, form, values)
            assert_undecided(next(decisions), change_name)

    # Unchanged content is decided on.
    button = next(decisions)
    with rolled_back_transaction():
        press(reviewer, button, address, page)
        assert stored(proposal).state == BUTTONS[button]

    send_form(colleague, form, text_change(record))
    assert_undecided(next(decisions), "text")
    open_and_press(reviewer, "_accept", address)
    assert stored(proposal).state == "accepted"
    assert getattr(stored(record), column) == "First text"
    assert stored(record).revision == 2


@pytest.mark.parametrize("code", KINDS)
def test_decision_on_a_published_record_after_a_change_of_it_was_accepted_is_refused(
    code, reviewer, colleague, other_reviewer
):
    record = states.published(simple_draft(code))
    page = open_confirmation(reviewer, "withdraw", record)
    save(colleague, record, {text_column(type(record)): "Text of a colleague"})

    with rolled_back_transaction():
        # A waiting proposal does not change the record.
        send_confirmation(reviewer, "withdraw", page, record)
        assert status_of(record) == Status.WITHDRAWN

    address = reviewing.page_of(Proposal.objects.get())
    open_and_press(other_reviewer, "_accept", address)
    answer = send_confirmation(reviewer, "withdraw", page, record)
    assert_refused(answer, record, Status.PUBLISHED, "withdraw")

    second_page = open_confirmation(reviewer, "withdraw", record)
    send_confirmation(reviewer, "withdraw", second_page, record)
    assert status_of(record) == Status.WITHDRAWN
    assert not is_in_catalogue(record)


@pytest.mark.parametrize("code", KINDS)
def test_return_of_a_withdrawn_record_that_a_colleague_changed_is_refused(
    code, reviewer, colleague
):
    record = states.withdrawn(simple_draft(code))
    page = open_confirmation(reviewer, "return_to_draft", record)
    save(colleague, record, {text_column(type(record)): "Text of a colleague"})

    answer = send_confirmation(reviewer, "return_to_draft", page, record)
    assert_refused(answer, record, Status.WITHDRAWN, "return_to_draft")

    second_page = open_confirmation(reviewer, "return_to_draft", record)
    send_confirmation(reviewer, "return_to_draft", second_page, record)
    assert status_of(record) == Status.DRAFT


# --------------------------------------------------------------- requests by hand


@pytest.mark.parametrize("code", KINDS)
def test_decision_without_the_version_of_this_record_and_person_is_refused(
    code, reviewer, other_reviewer
):
    record = states.in_review(simple_draft(code))
    other_record = states.in_review(simple_draft(code))
    own = open_confirmation(reviewer, "approve", record, other_record)
    theirs = open_confirmation(other_reviewer, "approve", record)
    field = f"version_{record.pk}"
    crafted = {
        "empty": "",
        "forged": "forged",
        "of another person": reviewing.shown_versions(theirs)[field],
        "of another record": reviewing.shown_versions(own)[
            f"version_{other_record.pk}"
        ],
        "cut": reviewing.shown_versions(own)[field][:-1],
    }
    sent = {"action": "approve", "_selected_action": [record.pk]}

    for change_name, text in crafted.items():
        answer = reviewer.post(reviewing.list_of(type(record)), sent | {field: text})
        assert_refused(answer, record, Status.IN_REVIEW, change_name)
    answer = reviewer.post(reviewing.list_of(type(record)), sent)
    assert answer.status_code == 200
    assert status_of(record) == Status.IN_REVIEW

    send_confirmation(reviewer, "approve", own, record)
    assert status_of(record) == Status.PUBLISHED


# ------------------------------------------------------ what the version consists of


@pytest.mark.parametrize("code", KINDS)
def test_everything_that_the_form_of_a_record_writes_is_part_of_its_version(
    code, admin_user
):
    model = kind_of_code(code).model
    model_admin = admin.site.get_model_admin(model)
    request = RequestFactory().get("/")
    request.user = admin_user
    row = simple_draft(code)

    covered = _names_covered(model)
    assert set(model_admin.get_form(request, row).base_fields) - covered <= {
        "seen",
        "confirmed_duplicates",
    }
    parts = {get_child_model(model, name) for name in model.child_relations}
    inlines = model_admin.get_inline_instances(request, row)
    assert {inline.model for inline in inlines} == parts
    for inline in inlines:
        fields = set(inline.get_formset(request, row).form.base_fields)
        extra = fields - _names_covered(inline.model)
        assert extra <= {"id", "DELETE", inline.model._meta.pk.name}, inline.model


def test_rows_locked_for_a_decision_are_those_that_its_page_shows(rich_draft):
    for code in KINDS:
        record = rich_draft(code)

        used = rows_used(record)

        displayed = {(row.model, row.pk) for row in read_content(record).related}
        assert used == {row for row in displayed if row[0] is not StoredFile}, code
        assert Picture in {model for model, _pk in used}, code


def _names_covered(model) -> set[str]:
    many = {relation.name for relation in model._meta.many_to_many if relation.editable}
    return {column.name for column in get_audited_columns(model)} | many
