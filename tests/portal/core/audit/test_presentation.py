"""Personal data in the audit log is shown only with permission."""

import pytest
from django.contrib.auth.models import Group

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.presentation import format_changes, get_visible_reason
from portal.core.audit.snapshots import take_snapshot
from tests.factories import delegations, people, seminars
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db

WITHHELD = ("(personal data)", "(personal data)")


def _reader(role: str):
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    return user


def _made(row) -> None:
    after = take_snapshot(row, getattr(row, "child_relations", ()))
    operations.append_snapshot_diff(row, before=None, after=after, by=actor(), at=AT)


def _told(reader) -> dict[str, tuple[str, str]]:
    return {
        change.label: (change.old, change.new)
        for _deed, changes in format_changes(list(Deed.objects.all()), viewer=reader)
        for change in changes
    }


@pytest.mark.parametrize("role", ["auditor", "editor", "administrator"])
def test_person_name_is_shown_only_with_permission(role):
    _made(people.person("Sample Name"))

    assert _told(_reader(role))["Name in Latin letters"] == WITHHELD
    values = _told(_reader("registrar"))
    assert values["Name in Latin letters"] == ("", "Sample Name")


def test_participant_is_shown_only_with_permission():
    _made(delegations.member(office_en="Sample office"))

    assert set(_told(_reader("auditor")).values()) == {WITHHELD}
    assert WITHHELD not in _told(_reader("registrar")).values()


def test_session_speaker_is_withheld_and_title_shown():
    session = seminars.session(title_en="Sample title", speaker=people.person())
    _made(session.seminar)

    values = _told(_reader("auditor"))

    assert values["Speaker"] == WITHHELD
    assert values["Title (English)"] == ("", "Sample title")


def test_user_roles_are_shown_and_name_is_withheld():
    colleague = staff()
    _made(colleague)
    before = take_snapshot(colleague)
    colleague.groups.add(Group.objects.get(name="editor"))
    operations.append_snapshot_diff(
        colleague, before=before, after=take_snapshot(colleague), by=actor(), at=AT
    )

    values = _told(_reader("auditor"))

    assert values["Groups"] == ("", "editor")
    assert values["Username"] == WITHHELD
    assert _told(_reader("administrator"))["Username"] == ("", "sample.clerk")


def test_reason_about_person_is_withheld():
    about_person = operations.append_entry(
        people.person(),
        action=AuditAction.ERASED,
        by=actor(),
        at=AT,
        reason="Sample reason.",
    )
    about_seminar = operations.append_entry(
        seminars.seminar(),
        action=AuditAction.WITHDRAWN,
        by=actor(),
        at=AT,
        reason="Sample reason.",
    )

    reader = _reader("auditor")

    assert get_visible_reason(about_person, viewer=reader) == ""
    assert get_visible_reason(about_seminar, viewer=reader) == "Sample reason."
    assert (
        get_visible_reason(about_person, viewer=_reader("registrar"))
        == "Sample reason."
    )


def test_audit_admin_shows_only_permitted_values(client):
    operations.append_entry(
        people.person(),
        action=AuditAction.ERASED,
        by=actor(),
        at=AT,
        reason="Sample reason.",
    )
    _made(people.person("Sample Name"))
    client.force_login(_reader("auditor"))

    pages = [
        client.get(f"/admin/history/deed/{entry.pk}/change/").content.decode()
        for entry in Deed.objects.all()
    ]

    assert "Sample" not in "".join(pages).replace("sample.auditor", "")
    assert "(personal data)" in pages[1]
