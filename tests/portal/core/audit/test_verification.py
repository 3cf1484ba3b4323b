"""Verification of the audit log reports the first entry that breaks the hash chain."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.core.audit import operations
from portal.core.audit.chain import verify_chain
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed, Head, PersonalValue
from portal.core.audit.snapshots import take_snapshot
from tests.factories.people import person
from tests.factories.publishing import AT, actor
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries() -> list[Deed]:
    record, by = seminar(), actor()
    actions = (
        AuditAction.CREATED,
        AuditAction.SUBMITTED,
        AuditAction.RETURNED,
        AuditAction.SUBMITTED,
    )
    return [
        operations.append_entry(record, action=action, by=by, at=AT)
        for action in actions
    ]


def test_empty_chain_is_valid():
    result = verify_chain()

    assert (result.entry_count, result.first_broken_position, result.head_hash) == (
        0,
        None,
        "",
    )


def test_valid_chain_reports_head(entries):
    result = verify_chain()

    assert (result.entry_count, result.first_broken_position, result.head_hash) == (
        4,
        None,
        entries[-1].hash,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "approved"},
        {"note": "Another reason."},
        {"row": "999"},
        {"changes": [{"field": "title", "language": "en", "old": "", "new": "x"}]},
        {"previous_hash": "0" * 64},
    ],
)
def test_altered_entry_is_detected(entries, change):
    Deed.objects.filter(position=entries[1].position).update(**change)

    assert verify_chain().first_broken_position == entries[1].position


def test_missing_entry_is_detected(entries):
    Deed.objects.filter(position=entries[2].position).delete()

    assert verify_chain().first_broken_position == entries[2].position


def test_truncated_chain_is_detected(entries):
    Deed.objects.filter(position=entries[-1].position).delete()

    assert verify_chain().first_broken_position == entries[-1].position


def test_altered_personal_value_is_detected():
    subject = person()
    operations.append_snapshot_diff(
        subject, before=None, after=take_snapshot(subject), by=actor(), at=AT
    )
    PersonalValue.objects.filter(field="name_latin").update(new="Somebody Else")

    assert verify_chain().first_broken_position == 1


def test_command_names_the_first_broken_link(entries):
    Deed.objects.filter(position=entries[1].position).update(note="Another reason.")

    with pytest.raises(CommandError, match=f"position {entries[1].position}:"):
        call_command("verify_history")


def test_exported_head_verifies_against_chain(entries, tmp_path):
    path = tmp_path / "end.json"
    call_command("verify_history", export=path, stdout=StringIO())
    operations.append_entry(seminar(), action=AuditAction.CREATED, by=actor(), at=AT)

    out = StringIO()
    call_command("verify_history", against=path, stdout=out)

    exported = json.loads(path.read_text())
    assert (exported["position"], exported["hash"]) == (4, entries[-1].hash)
    assert "exported_at" in exported
    assert out.getvalue().startswith("5 entries, unbroken.")


def test_rewritten_chain_fails_against_exported_head(entries, tmp_path):
    path = tmp_path / "end.json"
    call_command("verify_history", export=path, stdout=StringIO())
    Deed.objects.all().delete()
    Head.objects.update(position=0, hash="")
    for _ in range(4):
        operations.append_entry(
            seminar(), action=AuditAction.CREATED, by=actor(), at=AT
        )

    with pytest.raises(CommandError, match="does not match the head at position 4"):
        call_command("verify_history", against=path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"position": "x", "hash": ""}'])
def test_invalid_head_file_is_rejected(entries, tmp_path, text):
    path = tmp_path / "end.json"
    path.write_text(text)

    with pytest.raises(CommandError, match="not an exported head"):
        call_command("verify_history", against=path)
