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


def _user_with_role(role: str):
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    return user


def _append_history(row) -> None:
    after = take_snapshot(row, getattr(row, "child_relations", ()))
    operations.append_snapshot_diff(row, before=None, after=after, by=actor(), at=AT)


def _displayed_changes(viewer) -> dict[str, tuple[str, str]]:
    return {
        change.label: (change.old, change.new)
        for _entry, changes in format_changes(list(Deed.objects.all()), viewer=viewer)
        for change in changes
    }


@pytest.mark.parametrize("role", ["auditor", "editor", "administrator"])
def test_person_name_is_shown_only_with_permission(role):
    _append_history(people.person("Sample Name"))

    assert (
        _displayed_changes(_user_with_role(role))["Name in Latin letters"] == WITHHELD
    )
    values = _displayed_changes(_user_with_role("registrar"))
    assert values["Name in Latin letters"] == ("", "Sample Name")


def test_participant_is_shown_only_with_permission():
    _append_history(delegations.member(office_en="Sample office"))

    assert set(_displayed_changes(_user_with_role("auditor")).values()) == {WITHHELD}
    assert WITHHELD not in _displayed_changes(_user_with_role("registrar")).values()


def test_session_speaker_is_withheld_and_title_shown():
    session = seminars.session(title_en="Sample title", speaker=people.person())
    _append_history(session.seminar)

    values = _displayed_changes(_user_with_role("auditor"))

    assert values["Speaker"] == WITHHELD
    assert values["Title (English)"] == ("", "Sample title")


def test_user_roles_are_shown_and_name_is_withheld():
    colleague = staff()
    _append_history(colleague)
    before = take_snapshot(colleague)
    colleague.groups.add(Group.objects.get(name="editor"))
    operations.append_snapshot_diff(
        colleague, before=before, after=take_snapshot(colleague), by=actor(), at=AT
    )

    values = _displayed_changes(_user_with_role("auditor"))

    assert values["Groups"] == ("", "editor")
    assert values["Username"] == WITHHELD
    assert _displayed_changes(_user_with_role("administrator"))["Username"] == (
        "",
        "sample.clerk",
    )


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

    viewer = _user_with_role("auditor")

    assert get_visible_reason(about_person, viewer=viewer) == ""
    assert get_visible_reason(about_seminar, viewer=viewer) == "Sample reason."
    assert (
        get_visible_reason(about_person, viewer=_user_with_role("registrar"))
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
    _append_history(people.person("Sample Name"))
    client.force_login(_user_with_role("auditor"))

    pages = [
        client.get(f"/admin/history/deed/{entry.pk}/change/").content.decode()
        for entry in Deed.objects.all()
    ]

    assert "Sample" not in "".join(pages).replace("sample.auditor", "")
    assert "(personal data)" in pages[1]
