"""No kind becomes public with content that its approver was not shown.

A reviewer opens the page of a decision, a colleague saves the record by each way there
is, and the reviewer decides on what was shown. All of it is done by requests.
"""

import pytest

from portal.publishing.choices import Status
from portal.publishing.review.putting import undone
from tests import reviewing
from tests.factories import publishing as states
from tests.house.reviewed_content import (
    KINDS,
    form_changes,
    is_in_catalogue,
    messages_of,
    open_form,
    rich_draft,
    send_confirmation,
    send_form,
    simple_draft,
    status_of,
)
from tests.two_clerks import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def reviewer():
    return signed_in("sample.reviewer")


@pytest.fixture
def other_reviewer():
    return signed_in("sample.other")


@pytest.fixture
def colleague():
    return signed_in("sample.colleague")


def assert_refused(answer, record, status: str, way: str) -> None:
    """The record is as it was, not public, and the answer names it."""
    text = messages_of(answer)
    assert f"“{record.public_code}”" in text, way
    assert "nothing was done to it" in text, way
    assert status_of(record) == status, way
    assert is_in_catalogue(record) == (status == Status.PUBLISHED), way


# ------------------------------------------------- the form of a record in review


@pytest.mark.parametrize("code", KINDS)
def test_decision_on_a_record_that_a_colleague_changed_is_refused(
    code, reviewer, colleague
):
    record, other = rich_draft(code), simple_draft(code)
    states.in_review(record)
    states.in_review(other)
    page = reviewing.open_confirmation(reviewer, "approve", record, other)
    form = open_form(colleague, record)

    for way, values in form_changes(record, form).items():
        with undone():
            send_form(colleague, form, values)

            answer = send_confirmation(reviewer, "approve", page, record, other)
            assert_refused(answer, record, Status.IN_REVIEW, way)
            assert status_of(other) == Status.PUBLISHED, way
            answer = send_confirmation(reviewer, "return_to_draft", page, record)
            assert_refused(answer, record, Status.IN_REVIEW, way)

            again = reviewing.open_confirmation(reviewer, "approve", record)
            send_confirmation(reviewer, "approve", again, record)
            is_later = way == "time of publication"
            expected = Status.APPROVED if is_later else Status.PUBLISHED
            assert status_of(record) == expected, way

    with undone():
        send_confirmation(reviewer, "return_to_draft", page, record)
        assert status_of(record) == Status.DRAFT
    send_confirmation(reviewer, "approve", page, record, other)
    assert status_of(record) == status_of(other) == Status.PUBLISHED
    assert is_in_catalogue(record)
