"""The entries of the catalogue agree with the published records of every kind."""

from django.core.management import call_command
from django.utils import timezone

from portal.content.catalogue import operations
from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from tests.failures import collect_failures


def test_rebuild_changes_nothing_on_a_healthy_database(url_values, db, capsys):
    call_command("rebuild_catalogue")

    output = capsys.readouterr().out.strip()
    assert output == f"0 changed, 0 removed, {len(all_kinds())} unchanged."


def test_every_kind_has_one_entry(url_values, db):
    entries = Entry.objects.values_list("kind", flat=True)

    assert sorted(entries) == sorted(kind.code for kind in all_kinds())


def test_entry_matches_its_record(url_values, db):
    with collect_failures() as failures:
        for kind in all_kinds():
            with failures.case(kind.code):
                record = kind.model.objects.published(timezone.now()).get()
                _check_entry(record, kind.code)


def _check_entry(record, kind: str) -> None:
    entry = Entry.objects.get(kind=kind, code=record.public_code)
    assert entry.languages == record.languages
    assert entry.revision == record.revision
    assert entry.changed_at == record.changed_at
    has_page = hasattr(record, "get_absolute_url")
    assert bool(entry.path) == has_page
    if has_page:
        assert record.get_absolute_url().endswith(f"/{entry.path}")


def test_every_entry_url_responds(url_values, db, client):
    for entry in Entry.objects.exclude(path=""):
        assert client.get(f"/en/{entry.path}").status_code == 200, entry


def test_rebuild_repairs_corrupted_catalogue(url_values, db):
    Entry.objects.filter(kind="article").delete()
    Entry.objects.filter(kind="page").update(path="elsewhere/")
    Entry.objects.filter(kind="document").update(code="DOC-9999")

    changed, removed, unchanged = operations.rebuild(at=timezone.now())

    # The document gets a new entry; that with the wrong code is removed.
    assert (changed, removed, unchanged) == (3, 1, len(all_kinds()) - 3)
