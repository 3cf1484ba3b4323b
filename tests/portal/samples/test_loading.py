"""``load_sample`` creates the same invented records each time and removes them all."""

import re

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from portal.conference.models import Document
from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.content_digest import ROW_AXIS
from portal.content.catalogue.models import Entry, EntryTag, EntryText, SearchRow
from portal.content.catalogue.registry import all_kinds
from portal.content.changes.models import Change
from portal.core.audit.chain import verify_chain
from portal.reference.directory.models import Organ
from portal.samples.plan import CODE_FORMATS
from seminars.models import Participant, Seminar
from tests.factories.delegations import visit
from tests.factories.publishing import published
from tests.factories.seminars import participant, seminar

pytestmark = pytest.mark.django_db

SAMPLE_COUNT = 60


def load(records=SAMPLE_COUNT, **options) -> None:
    call_command("load_sample", records=records, **options)


def state() -> list:
    """Return the samples and the catalogue, without primary keys."""
    records = []
    for kind in all_kinds():
        for record in kind.model.objects.filter(is_sample=True).order_by("pk"):
            plain = [
                str(getattr(record, column.attname))
                for column in type(record)._meta.concrete_fields
                if not column.is_relation and not column.primary_key
            ]
            links = [
                sorted(str(row) for row in getattr(record, relation.name).all())
                for relation in type(record)._meta.many_to_many
            ]
            urls = list(record.sources.values_list("url", flat=True))
            records.append((kind.code, plain, links, urls))
    return [*records, *public_state(with_numbers=False)]


def public_state(*, with_numbers: bool = True) -> list:
    """Return the rows of the catalogue with the code of their entry.

    ``with_numbers=False`` leaves out everything that depends on primary keys, such as
    dependencies and the digest.
    """
    tags = EntryTag.objects.all()
    if not with_numbers:
        tags = tags.exclude(axis=ROW_AXIS)
    entries = Entry.objects.order_by("kind", "code")
    return [
        list(entries.values(*_columns(Entry, with_numbers))),
        *[
            sorted(
                str(row)
                for row in rows.values_list(
                    "entry__kind", "entry__code", *_columns(rows.model, with_numbers)
                )
            )
            for rows in (EntryText.objects.all(), tags, SearchRow.objects.all())
        ],
    ]


def _columns(model, with_numbers: bool) -> list[str]:
    """Return the columns that are not keys; session ids are part of ``programme``."""
    numbered = () if with_numbers else ("programme", "digest")
    return [
        column.name
        for column in model._meta.concrete_fields
        if not (column.primary_key or column.is_relation or column.name in numbered)
    ]


def test_samples_of_every_kind_are_published_and_marked(lands, capsys):
    load()

    assert capsys.readouterr().out == "60 samples loaded, 0 existed already.\n"
    codes = dict(Entry.objects.filter(is_sample=True).values_list("kind", "code"))
    assert set(codes) == set(CODE_FORMATS)
    # Countries are never invented. Of the others only a new kind may have no samples.
    first_kinds = "figure organ edition document article page seminar visit mechanism"
    assert {*first_kinds.split(), "meeting"} <= set(codes)
    assert "country" not in codes
    assert all(
        "sample" in code or re.search(r"(^|-)9\d", code) for code in codes.values()
    )
    assert Change.objects.filter(code__in=codes.values()).count() == len(codes)


def test_sample_catalogue_equals_rebuild(lands, capsys):
    load()
    capsys.readouterr()

    call_command("rebuild_catalogue")

    assert capsys.readouterr().out == "0 changed, 0 removed, 63 unchanged.\n"


def test_bulk_and_single_writes_produce_same_catalogue(lands):
    load()
    together = public_state()
    Entry.objects.filter(is_sample=True).delete()

    for kind in all_kinds():
        for record in kind.model.objects.filter(is_sample=True).order_by("pk"):
            catalogue.update_entry(record)

    assert public_state() == together


def test_same_seed_gives_the_same_samples(lands):
    load(seed=3)
    first = state()
    call_command("load_sample", remove=True)

    load(seed=3)

    assert state() == first


def test_repeated_load_changes_nothing(lands, capsys):
    load()
    before, changes = state(), Change.objects.count()
    capsys.readouterr()

    load()

    assert capsys.readouterr().out == "0 samples loaded, 60 existed already.\n"
    assert state() == before
    assert Change.objects.count() == changes


def test_loading_more_samples_keeps_existing_ones(lands, capsys):
    load(40)
    first = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))
    capsys.readouterr()

    load()

    assert capsys.readouterr().out == "20 samples loaded, 40 existed already.\n"
    every = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))
    assert first - every == set()
    state_after_second_load = state()
    call_command("load_sample", remove=True)
    load()
    assert sorted(map(str, state())) == sorted(map(str, state_after_second_load))


def test_other_seed_is_rejected_while_samples_exist(lands):
    load(10, seed=1)

    with pytest.raises(CommandError, match=r"^The database has samples of seed 1\. "):
        load(20, seed=2)

    assert Entry.objects.filter(is_sample=True).count() == 10


def test_load_requires_countries():
    with pytest.raises(CommandError, match="load_record"):
        load()


@pytest.mark.parametrize("records", [0, -1, 300_001])
def test_number_out_of_range_is_refused(records, lands):
    with pytest.raises(
        CommandError, match=r"^--records must be between 1 and 300000\.$"
    ):
        load(records)


def test_removal_leaves_nothing(lands, capsys):
    counts = {model: model._base_manager.count() for model in apps.get_models()}
    load()
    capsys.readouterr()

    call_command("load_sample", remove=True)

    assert capsys.readouterr().out == "60 samples removed.\n"
    remaining = {model: model._base_manager.count() for model in apps.get_models()}
    # The system actor stays, and so does the change counter: no position is used twice.
    # The audit log keeps an entry for the creation and the deletion of each sample.
    more = {
        model.__name__: number - counts[model]
        for model, number in remaining.items()
        if number != counts[model]
    }
    assert more == {"User": 1, "Deed": 120}
    assert verify_chain().first_broken_position is None


def test_removal_keeps_real_records(lands):
    record = published(seminar("SEM-0001"))
    participant(record)
    load()

    call_command("load_sample", remove=True)

    assert list(Seminar.objects.values_list("code", flat=True)) == ["SEM-0001"]
    assert Entry.objects.filter(kind="seminar").get().code == "SEM-0001"
    assert Participant.objects.get().seminar == record
    assert Change.objects.filter(kind="seminar").count() == 1


def test_samples_linked_by_record_cannot_be_removed(lands):
    load()
    organ_in_use = Organ.objects.filter(is_sample=True).first()
    visit("VIS-0001", from_organs=[organ_in_use])

    with pytest.raises(CommandError, match="reference samples: VIS-0001"):
        call_command("load_sample", remove=True)

    assert Entry.objects.filter(is_sample=True).count() == SAMPLE_COUNT


def test_samples_with_foreign_key_from_record_cannot_be_removed(lands):
    load()
    signed = Document.objects.filter(is_sample=True).first()
    visit("VIS-0002", outcome_document=signed)

    with pytest.raises(CommandError, match="reference samples: VIS-0002"):
        call_command("load_sample", remove=True)

    assert Entry.objects.filter(is_sample=True).count() == SAMPLE_COUNT


def test_production_requires_confirmation_flag(lands, settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="--yes-in-production"):
        load(10)
    load(10, yes_in_production=True)
    call_command("load_sample", remove=True)

    # The change feed reports the removal to clients that copied the samples.
    actions = Change.objects.filter(code__contains="sample").values_list(
        "action", flat=True
    )
    assert set(actions) == {"withdrawn"}
    assert Change.objects.filter(action="withdrawn").count() == 10
