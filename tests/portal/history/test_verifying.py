"""What verification finds: the first link that is not as it was written."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.history import operations
from portal.history.chain import verify
from portal.history.choices import Verb
from portal.history.models import Deed, Head, PersonalValue
from portal.history.snapshots import snapshot
from tests.factories.people import person
from tests.factories.publishing import AT, actor
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


@pytest.fixture
def deeds() -> list[Deed]:
    record, by = seminar(), actor()
    verbs = (Verb.CREATED, Verb.SUBMITTED, Verb.RETURNED, Verb.SUBMITTED)
    return [operations.append(record, verb=verb, by=by, at=AT) for verb in verbs]


def test_empty_history_is_whole():
    found = verify()

    assert (found.deeds, found.broken_at, found.hash) == (0, None, "")


def test_whole_chain_tells_its_end(deeds):
    found = verify()

    assert (found.deeds, found.broken_at, found.hash) == (4, None, deeds[-1].hash)


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
def test_entry_that_says_something_else_is_named(deeds, change):
    Deed.objects.filter(position=deeds[1].position).update(**change)

    assert verify().broken_at == deeds[1].position


def test_entry_that_is_missing_is_named(deeds):
    Deed.objects.filter(position=deeds[2].position).delete()

    assert verify().broken_at == deeds[2].position


def test_end_that_was_cut_off_is_found(deeds):
    Deed.objects.filter(position=deeds[-1].position).delete()

    assert verify().broken_at == deeds[-1].position


def test_personal_value_that_was_changed_is_found():
    one = person()
    operations.append_changes(one, before=None, after=snapshot(one), by=actor(), at=AT)
    PersonalValue.objects.filter(field="name_latin").update(new="Somebody Else")

    assert verify().broken_at == 1


def test_command_names_the_first_broken_link(deeds):
    Deed.objects.filter(position=deeds[1].position).update(note="Another reason.")

    with pytest.raises(CommandError, match=f"position {deeds[1].position}:"):
        call_command("verify_history")


def test_end_can_be_exported_and_held_against_the_chain(deeds, tmp_path):
    path = tmp_path / "end.json"
    call_command("verify_history", export=path, stdout=StringIO())
    operations.append(seminar(), verb=Verb.CREATED, by=actor(), at=AT)

    out = StringIO()
    call_command("verify_history", against=path, stdout=out)

    told = json.loads(path.read_text())
    assert (told["position"], told["hash"]) == (4, deeds[-1].hash)
    assert "exported_at" in told
    assert out.getvalue().startswith("5 entries, unbroken.")


def test_chain_written_anew_as_a_whole_is_found_by_an_exported_end(deeds, tmp_path):
    path = tmp_path / "end.json"
    call_command("verify_history", export=path, stdout=StringIO())
    Deed.objects.all().delete()
    Head.objects.update(position=0, hash="")
    for _ in range(4):
        operations.append(seminar(), verb=Verb.CREATED, by=actor(), at=AT)

    with pytest.raises(CommandError, match="no longer goes through position 4"):
        call_command("verify_history", against=path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"position": "x", "hash": ""}'])
def test_file_that_is_no_end_is_refused(deeds, tmp_path, text):
    path = tmp_path / "end.json"
    path.write_text(text)

    with pytest.raises(CommandError, match="no exported end"):
        call_command("verify_history", against=path)
