"""No record becomes public with content that its approver was not shown: other ways.

Content of a record changes outside of its own form too: by an import, a translator, the
form of a picture, topic, place or party, by deleting a related row, and between
approval and the time of publication.
"""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.content.publishing import operations
from portal.content.publishing.choices import Status
from portal.content.publishing.models import ImportBatch, Proposal
from portal.content.publishing.reviewed_versions import read_content
from portal.content.review.snapshot_apply import rolled_back_transaction
from portal.content.spreadsheets import operations as spreadsheets
from portal.content.spreadsheets.registry import get_resource_for_model
from portal.core.audit.snapshots import get_audited_columns, get_column_language
from portal.core.files.models import Picture
from portal.reference.directory.models import NameChange, NamedParty
from tests import reviewing
from tests.concurrent_editing import signed_in
from tests.factories import directory, files
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import csv_of
from tests.project.reviewed_content import (
    KINDS,
    assert_refused,
    decide,
    form_address,
    is_in_catalogue,
    kind_of_code,
    messages_of,
    open_and_press,
    open_confirmation,
    press,
    save,
    send_confirmation,
    simple_draft,
    status_of,
    stored,
    text_column,
)
from tests.unrendered_pages import open_page, unrendered

pytestmark = pytest.mark.django_db

NEW = "Text of a colleague"
IMPORTS = "/admin/publishing/importbatch/add/"
WITH_SHEETS = [
    code for code in KINDS if get_resource_for_model(kind_of_code(code).model)
]
NAMES = {
    "topic": (directory.topic, "name_vi"),
    "place": (directory.place, "name_vi"),
    "party": (directory.party, "display_name_vi"),
}

RELATIONS = {
    "topic": ("article", "topics"),
    "place": ("edition", "places"),
    "party": ("edition", "host_parties"),
}


@pytest.fixture(autouse=True)
def two_persons(settings):
    settings.TWO_PERSON_APPROVAL = True


@pytest.fixture
def reviewer() -> Client:
    return signed_in("sample.reviewer")


@pytest.fixture
def other_reviewer() -> Client:
    return signed_in("sample.other")


@pytest.fixture
def colleague() -> Client:
    return signed_in("sample.colleague")


def assert_approved_when_opened_again(client, record, change_name: str) -> None:
    second_page = open_confirmation(client, "approve", record)
    send_confirmation(client, "approve", second_page, record)
    assert status_of(record) == Status.PUBLISHED, change_name
    assert is_in_catalogue(record), change_name


def names_used_by(record) -> list:
    """Return at most one topic, place and party that ``record`` uses."""
    related = read_content(record).related
    rows = {
        used.model: used.model.objects.get(pk=used.pk)
        for used in related
        if used.model._meta.app_label == "directory"
    }
    return list(rows.values())


def name_in_turn(record) -> list:
    """Return one topic, place or party that ``record`` uses, another for each kind.

    The list is empty for a kind that uses none of them.
    """
    names = names_used_by(record)
    first = KINDS.index(record.kind) % max(len(names), 1)
    return names[first : first + 1]


def named_record(name: str) -> tuple:
    """Return a topic, place or party, and the draft that alone uses it."""
    code, relation = RELATIONS[name]
    row, record = NAMES[name][0](), simple_draft(code)
    getattr(record, relation).add(row)
    return row, record


def name_column(row) -> str:
    return "display_name_vi" if isinstance(row, NamedParty) else "name_vi"


# ------------------------------------------------------------------------- names


@pytest.mark.parametrize("code", KINDS)
def test_decision_after_a_row_that_the_record_shows_was_changed_is_refused(
    code, reviewer, colleague, rich_draft
):
    """Names change immediately while only drafts use them; the text of a picture in
    review cannot be changed, and no row in use can be deleted.

    One name of each kind is changed: the version covers all rows that are used.
    """
    record = states.in_review(rich_draft(code))
    page = open_confirmation(reviewer, "approve", record)
    with unrendered():
        for used in read_content(record).related:
            address = f"{reviewing.list_of(used.model)}{used.pk}/"
            colleague.post(f"{address}delete/", {"post": "yes"})
            assert used.model.objects.filter(pk=used.pk).exists(), used.model
            if used.model is Picture:
                answer = colleague.post(f"{address}change/", {"alternative_vi": NEW})
                assert answer.status_code == 403

    with rolled_back_transaction():
        send_confirmation(reviewer, "approve", page, record)
        assert status_of(record) == Status.PUBLISHED
    for row in name_in_turn(record):
        save(colleague, row, {name_column(row): NEW})
        assert getattr(stored(row), name_column(row)) == NEW
        is_in_first_half = KINDS.index(code) < len(KINDS) / 2
        action = "approve" if is_in_first_half else "return_to_draft"
        answer = send_confirmation(reviewer, action, page, record)
        change_name = f"{action} {row._meta.label}"
        assert_refused(answer, record, Status.IN_REVIEW, change_name)
        assert_approved_when_opened_again(reviewer, record, change_name)


@pytest.mark.parametrize("name", NAMES)
def test_decision_on_a_change_of_a_name_that_its_author_edited_is_refused(
    name, reviewer, colleague
):
    column = NAMES[name][1]
    row, record = named_record(name)
    states.published(record)
    before = getattr(row, column)
    save(colleague, row, {column: "First name"})
    change = NameChange.objects.get()
    address = form_address(change)
    page = open_page(reviewer.get, address)
    assert change.wanted[column] == "First name"

    with rolled_back_transaction():
        save(colleague, row, {column: "Second name"})
        for button in ("_accept", "_return", "_discard"):
            answer = press(reviewer, button, address, page)
            assert (
                "” or this change was edited after you opened the page, so "
                "your decision was not applied. Read the change again and "
                "decide."
            ) in messages_of(answer), button
            assert stored(change).state == "waiting", button
        assert getattr(stored(row), column) == before
        open_and_press(reviewer, "_accept", address)
        assert getattr(stored(row), column) == "Second name"

    with rolled_back_transaction():
        # The author cannot accept it.
        open_and_press(colleague, "_accept", address)
        assert getattr(stored(row), column) == before
    press(reviewer, "_accept", address, page)
    assert getattr(stored(row), column) == "First name"


@pytest.mark.parametrize("name", NAMES)
def test_author_of_a_new_name_does_not_approve_what_makes_it_public(
    name, reviewer, other_reviewer, colleague
):
    """The author of the record may not have read the name in every language."""
    row, record = named_record(name)
    changed = states.published(simple_draft(record.kind))
    save(reviewer, row, {NAMES[name][1]: NEW})
    states.in_review(record)
    relation = RELATIONS[name][1]
    save(colleague, changed, {relation: [row.pk]})
    proposal = Proposal.objects.get()

    answer = reviewing.decide(reviewer, "approve", record, follow=True)
    assert "nother person must approve it" in answer.text
    assert status_of(record) == Status.IN_REVIEW
    open_and_press(reviewer, "_accept", reviewing.page_of(proposal))
    assert stored(proposal).state == "waiting"

    decide(other_reviewer, "approve", record)
    assert status_of(record) == Status.PUBLISHED
    # The name is public now: another person has read it.
    open_and_press(reviewer, "_accept", reviewing.page_of(proposal))
    assert stored(proposal).state == "accepted"


# ---------------------------------------------------------------------- pictures


@pytest.mark.parametrize("code", KINDS)
def test_decision_after_the_text_or_file_of_a_picture_was_changed_is_refused(
    code, reviewer, other_reviewer, colleague
):
    """The form of the picture is open after another reviewer returned the record.

    Each kind tries one of the changes in turn: all kinds refer to the same pictures.
    """
    record = simple_draft(code)
    picture = states.illustration(record).picture
    other_file = files.stored_file(files.PNG, "other.png")
    states.in_review(record)
    page = open_confirmation(reviewer, "approve", record)
    decide(other_reviewer, "return_to_draft", record)
    texts = [(name, NEW) for name in ("alternative_vi", "caption_vi", "credit")]
    changes = [*texts, ("file", other_file.pk)]
    name, value = changes[KINDS.index(code) % len(changes)]

    with rolled_back_transaction():
        decide(colleague, "submit", record)
        send_confirmation(reviewer, "approve", page, record)
        assert status_of(record) == Status.PUBLISHED
    save(colleague, picture, {name: value})
    decide(colleague, "submit", record)
    answer = send_confirmation(reviewer, "approve", page, record)
    assert_refused(answer, record, Status.IN_REVIEW, name)
    assert_approved_when_opened_again(reviewer, record, name)


@pytest.mark.parametrize("code", KINDS)
def test_acceptance_after_the_text_of_a_new_picture_was_changed_is_refused(
    code, reviewer, colleague, other_reviewer
):
    """The picture can be edited while the proposal is returned to its author."""
    record = states.published(simple_draft(code))
    picture = files.picture()
    prefix = "publishing-illustration-content_type-object_id"
    added = {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-position": 0,
        f"{prefix}-0-picture": picture.pk,
    }
    save(colleague, record, added)
    proposal = Proposal.objects.get()
    address = reviewing.page_of(proposal)
    page = open_page(reviewer.get, address)
    with unrendered():
        answer = colleague.post(form_address(picture), {"alternative_vi": NEW})
    assert answer.status_code == 403

    open_and_press(other_reviewer, "_return", address)
    save(colleague, picture, {"alternative_vi": NEW})
    save(colleague, record, {})
    assert stored(proposal).state == "waiting"

    answer = press(reviewer, "_accept", address, page)
    assert_refused(answer, record, Status.PUBLISHED, "picture")
    assert stored(proposal).state == "waiting"
    open_and_press(reviewer, "_accept", address)
    assert stored(proposal).state == "accepted"
    assert stored(picture).illustrations.count() == 1


# ---------------------------------------------------------------- spreadsheets


@pytest.fixture
def import_rows(django_capture_on_commit_callbacks):
    """A function that uploads and writes rows as ``client``, and returns the import."""

    def import_rows(client, resource, *rows) -> ImportBatch:
        upload = SimpleUploadedFile("rows.csv", csv_of(*rows))
        sent = {"resource": resource.code(), "file": upload}
        with django_capture_on_commit_callbacks(execute=True):
            token = open_page(client.get, IMPORTS).context["form_token"]
            answer = client.post(IMPORTS, sent | {"form_token": token})
        assert answer.status_code == 302
        with django_capture_on_commit_callbacks(execute=True):
            batch = open_page(client.get, answer["Location"]).context["batch"]
            write = {"_write": "1", "plan_sha256": batch.plan_sha256}
            client.post(answer["Location"], write)
        return ImportBatch.objects.latest("pk")

    return import_rows


def imported_column(resource):
    """Return the column of a translated text."""
    texts = {
        column.name: column
        for column in get_audited_columns(resource.model)
        if get_column_language(column) and column.name.endswith(("_en", "_zh_hans"))
    }
    return next(column for column in resource.columns if column.field in texts)


@pytest.mark.parametrize("code", WITH_SHEETS)
def test_decision_after_an_import_changed_the_record_is_refused(
    code, reviewer, other_reviewer, colleague, import_rows
):
    record = simple_draft(code)
    resource = get_resource_for_model(type(record))
    column = imported_column(resource)
    before = getattr(record, column.field) or ""
    sheet = (
        (resource.key_column.header, column.header),
        (record.public_code, NEW),
    )
    states.in_review(record)
    page = open_confirmation(reviewer, "approve", record)

    with rolled_back_transaction():
        batch = import_rows(colleague, resource, *sheet)
        assert batch.state == "checked"
        assert "The status of this record is “" in str(batch.errors)
        assert (getattr(stored(record), column.field) or "") == before
        send_confirmation(reviewer, "approve", page, record)
        assert status_of(record) == Status.PUBLISHED

    decide(other_reviewer, "return_to_draft", record)
    batch = import_rows(colleague, resource, *sheet)
    assert batch.state == "written", (batch.errors, batch.problem)
    decide(colleague, "submit", record)
    answer = send_confirmation(reviewer, "approve", page, record)
    assert_refused(answer, record, Status.IN_REVIEW, "import")

    # What was submitted is not taken back under the eyes of its reviewer.
    second_page = open_confirmation(reviewer, "approve", record)
    colleague.post(form_address(batch).replace("/change/", "/undo/"))
    assert stored(batch).state == "written"
    assert getattr(stored(record), column.field) == NEW
    with rolled_back_transaction():
        # The import is the work of one person.
        own = open_confirmation(colleague, "approve", record)
        assert not reviewing.shown_versions(own)
        assert status_of(record) == Status.IN_REVIEW
    send_confirmation(reviewer, "approve", second_page, record)
    assert getattr(stored(record), column.field) == NEW
    assert is_in_catalogue(record)


@pytest.mark.parametrize("code", WITH_SHEETS)
def test_decision_after_an_import_was_undone_is_refused(
    code, reviewer, other_reviewer, colleague, import_rows
):
    """The reviewer saw the imported text, which is gone by the time of the decision."""
    record = simple_draft(code)
    resource = get_resource_for_model(type(record))
    column = imported_column(resource)
    before = getattr(record, column.field) or ""
    sheet = (
        (resource.key_column.header, column.header),
        (record.public_code, NEW),
    )
    batch = import_rows(colleague, resource, *sheet)
    states.in_review(stored(record))
    page = open_confirmation(reviewer, "approve", record)
    decide(other_reviewer, "return_to_draft", record)
    # As if no one had saved the record since the import.
    type(record).objects.filter(pk=record.pk).update(
        updated_at=batch.written_at, updated_by=batch.written_by
    )

    colleague.post(form_address(batch).replace("/change/", "/undo/"))
    assert stored(batch).state == "undone"
    assert (getattr(stored(record), column.field) or "") == before
    decide(colleague, "submit", record)

    answer = send_confirmation(reviewer, "approve", page, record)
    assert_refused(answer, record, Status.IN_REVIEW, "undone import")
    assert_approved_when_opened_again(reviewer, record, "undone import")


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (code, (states.in_review, states.published)[number % 2])
        for number, code in enumerate(WITH_SHEETS)
    ],
)
def test_import_does_not_change_a_record_that_was_submitted_while_it_was_written(
    code, state, colleague, import_rows, monkeypatch
):
    """Between the check of the rows, which a lock does not cover, and their writing."""
    record = simple_draft(code)
    resource = get_resource_for_model(type(record))
    column = imported_column(resource)
    before = getattr(record, column.field) or ""
    plan_content = spreadsheets.plan_content

    def submit_afterwards(batch, **kwargs):
        planned = plan_content(batch, **kwargs)
        if batch.state == "writing":
            state(stored(record))
        return planned

    monkeypatch.setattr(spreadsheets, "plan_content", submit_afterwards)
    sheet = ((resource.key_column.header, column.header), (record.public_code, NEW))
    batch = import_rows(colleague, resource, *sheet)

    assert batch.state == "checked"
    assert (
        "” during the import, so nothing was imported. Import the file again."
    ) in str(batch.errors)
    assert (getattr(stored(record), column.field) or "") == before
    assert status_of(record) != Status.DRAFT


# ------------------------------------------------------------------- translators


@pytest.mark.parametrize("code", KINDS)
def test_decision_after_a_translator_saved_is_refused(code, reviewer):
    translator = states.staff("sample.translator")
    translator.groups.set(Group.objects.filter(name="translator"))
    translator.translates = ["vi"]
    translator.save()
    client = Client()
    client.force_login(translator)
    record = states.in_review(simple_draft(code))
    page = open_confirmation(reviewer, "approve", record)

    save(client, record, {text_column(type(record)): NEW})

    answer = send_confirmation(reviewer, "approve", page, record)
    assert_refused(answer, record, Status.IN_REVIEW, "translator")
    assert_approved_when_opened_again(reviewer, record, "translator")


# -------------------------------------------------------------- deleted rows


def test_acceptance_after_a_named_topic_was_deleted_is_refused(reviewer, colleague):
    record = states.published(simple_draft("article"))
    topic = directory.topic()
    save(colleague, record, {"topics": [topic.pk]})
    proposal = Proposal.objects.get()
    address = reviewing.page_of(proposal)
    page = open_page(reviewer.get, address)

    topic.delete()

    answer = press(reviewer, "_accept", address, page)
    assert_refused(answer, record, Status.PUBLISHED, "deleted topic")
    open_and_press(reviewer, "_accept", address)
    assert stored(proposal).state == "waiting"
    assert stored(record).revision == 1


# --------------------------------------------- between approval and its set time


@pytest.mark.parametrize("code", KINDS)
def test_record_that_was_changed_after_its_approval_is_not_published_when_due(
    code, reviewer, colleague, rich_draft
):
    record = rich_draft(code)
    record.publish_at = dt.datetime(2199, 1, 1, tzinfo=dt.UTC)
    record.save()
    states.in_review(record)
    decide(reviewer, "approve", record)
    assert status_of(record) == Status.APPROVED
    picture = read_content(record).snapshot.parts["illustrations"][0].values
    changes = {"own form": (record, text_column(type(record)))}
    changes |= {
        row._meta.label: (row, name_column(row)) for row in name_in_turn(record)
    }

    for change_name, (row, column) in changes.items():
        with rolled_back_transaction():
            save(colleague, row, {column: NEW})
            publish_due(record)
            assert status_of(record) == Status.IN_REVIEW, change_name
            assert not is_in_catalogue(record), change_name
    with rolled_back_transaction():
        # No form writes this one; a program might.
        Picture.objects.filter(pk=picture["picture_id"]).update(alternative_vi=NEW)
        publish_due(record)
        assert status_of(record) == Status.IN_REVIEW

    publish_due(record)
    assert status_of(record) == Status.PUBLISHED
    assert is_in_catalogue(record)


def publish_due(record) -> None:
    at = record.publish_at + dt.timedelta(hours=1)
    operations.publish_due(by=states.actor("publish-due"), at=at)
