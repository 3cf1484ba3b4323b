"""The catalogue says what the published records say, for every kind."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.catalogue import operations
from portal.catalogue.models import Entry
from portal.catalogue.registry import kinds


def test_rebuild_changes_nothing_on_a_healthy_database(house, db, capsys):
    call_command("rebuild_catalogue")

    told = capsys.readouterr().out.strip()
    assert told == f"0 changed, 0 removed, {len(kinds())} unchanged."


def test_every_kind_has_one_entry(house, db):
    entries = Entry.objects.values_list("kind", flat=True)

    assert sorted(entries) == sorted(kind.code for kind in kinds())


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.code)
def test_entry_is_what_the_record_says(kind, house, db):
    record = kind.model.objects.published(timezone.now()).get()
    entry = Entry.objects.get(kind=kind.code, code=record.public_code)

    assert entry.languages == record.languages
    assert entry.revision == record.revision
    assert entry.changed_at == record.changed_at
    has_page = hasattr(record, "get_absolute_url")
    assert bool(entry.path) == has_page
    if has_page:
        assert record.get_absolute_url().endswith(f"/{entry.path}")


def test_public_address_of_every_entry_answers(house, db, client):
    for entry in Entry.objects.exclude(path=""):
        assert client.get(f"/en/{entry.path}").status_code == 200, entry


def test_rebuild_mends_what_is_broken(house, db):
    Entry.objects.filter(kind="article").delete()
    Entry.objects.filter(kind="page").update(path="elsewhere/")
    Entry.objects.filter(kind="document").update(code="DOC-9999")

    changed, removed, unchanged = operations.rebuild(at=timezone.now())

    # The document is written anew under its code, and the entry of another code goes.
    assert (changed, removed, unchanged) == (3, 1, len(kinds()) - 3)
