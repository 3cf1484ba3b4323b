"""What a reader of the history is told of the people of the register."""

import pytest
from django.contrib.auth.models import Group

from portal.history import operations
from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import snapshot
from portal.history.telling import told_changes, told_note
from tests.factories import delegations, people, seminars
from tests.factories.publishing import AT, actor, staff

pytestmark = pytest.mark.django_db

WITHHELD = ("(personal data)", "(personal data)")


def _reader(role: str):
    user = staff(f"sample.{role}")
    user.groups.add(Group.objects.get(name=role))
    return user


def _made(row) -> None:
    after = snapshot(row, getattr(row, "parts", ()))
    operations.append_changes(row, before=None, after=after, by=actor(), at=AT)


def _told(reader) -> dict[str, tuple[str, str]]:
    return {
        change.label: (change.old, change.new)
        for _deed, changes in told_changes(list(Deed.objects.all()), reader=reader)
        for change in changes
    }


@pytest.mark.parametrize("role", ["auditor", "editor", "administrator"])
def test_what_a_person_is_called_is_told_to_who_sees_people(role):
    _made(people.person("Sample Name"))

    assert _told(_reader(role))["Name in Latin letters"] == WITHHELD
    told = _told(_reader("registrar"))
    assert told["Name in Latin letters"] == ("", "Sample Name")


def test_who_took_part_is_told_to_who_sees_people():
    _made(delegations.member(office_en="Sample office"))

    assert set(_told(_reader("auditor")).values()) == {WITHHELD}
    assert WITHHELD not in _told(_reader("registrar")).values()


def test_speaker_of_a_session_is_withheld_and_its_title_told():
    session = seminars.session(title_en="Sample title", speaker=people.person())
    _made(session.seminar)

    told = _told(_reader("auditor"))

    assert told["Speaker"] == WITHHELD
    assert told["Title (English)"] == ("", "Sample title")


def test_roles_of_a_colleague_are_told_and_their_name_is_not():
    colleague = staff()
    _made(colleague)
    before = snapshot(colleague)
    colleague.groups.add(Group.objects.get(name="editor"))
    operations.append_changes(
        colleague, before=before, after=snapshot(colleague), by=actor(), at=AT
    )

    told = _told(_reader("auditor"))

    assert told["Groups"] == ("", "editor")
    assert told["Username"] == WITHHELD
    assert _told(_reader("administrator"))["Username"] == ("", "sample.clerk")


def test_reason_is_withheld_where_it_is_about_a_person():
    about_person = operations.append(
        people.person(), verb=Verb.ERASED, by=actor(), at=AT, note="Sample reason."
    )
    about_seminar = operations.append(
        seminars.seminar(),
        verb=Verb.WITHDRAWN,
        by=actor(),
        at=AT,
        note="Sample reason.",
    )

    reader = _reader("auditor")

    assert told_note(about_person, reader=reader) == ""
    assert told_note(about_seminar, reader=reader) == "Sample reason."
    assert told_note(about_person, reader=_reader("registrar")) == "Sample reason."


def test_deed_at_the_desk_tells_its_reader_what_they_may_know(client):
    operations.append(
        people.person(), verb=Verb.ERASED, by=actor(), at=AT, note="Sample reason."
    )
    _made(people.person("Sample Name"))
    client.force_login(_reader("auditor"))

    pages = [
        client.get(f"/admin/history/deed/{deed.pk}/change/").content.decode()
        for deed in Deed.objects.all()
    ]

    assert "Sample" not in "".join(pages).replace("sample.auditor", "")
    assert "(personal data)" in pages[1]
