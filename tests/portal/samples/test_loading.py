"""``manage.py load_sample``: invented records, the same each time, gone as a whole."""

import re

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from portal.catalogue import operations as catalogue
from portal.catalogue.content import ROW_AXIS
from portal.catalogue.models import Entry, EntryTag, EntryText, SearchRow
from portal.catalogue.registry import kinds
from portal.changes.models import Change
from portal.conference.models import Document
from portal.directory.models import Organ
from portal.history.chain import verify
from seminars.models import Participant, Seminar
from tests.factories.delegations import visit
from tests.factories.publishing import published
from tests.factories.seminars import participant, seminar

pytestmark = pytest.mark.django_db

MANY = 60


def load(records=MANY, **options) -> None:
    call_command("load_sample", records=records, **options)


def state() -> list:
    """What is on record and in the catalogue, without the numbers of rows."""
    records = []
    for kind in kinds():
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
    """What the catalogue says, by the codes of its entries.

    Without numbers: leave out what depends on the primary keys of rows, as dependencies
    and the digest do.
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
    """All columns but keys; a programme numbers its sessions."""
    numbered = () if with_numbers else ("programme", "digest")
    return [
        column.name
        for column in model._meta.concrete_fields
        if not (column.primary_key or column.is_relation or column.name in numbered)
    ]


def test_samples_of_every_kind_are_public_and_apart(lands, capsys):
    load()

    assert capsys.readouterr().out == "60 samples loaded, 0 were there.\n"
    codes = dict(Entry.objects.filter(is_sample=True).values_list("kind", "code"))
    assert set(codes) == {kind.code for kind in kinds()} - {"country"}
    assert all(
        "sample" in code or re.search(r"(^|-)9\d", code) for code in codes.values()
    )
    assert Change.objects.filter(code__in=codes.values()).count() == len(codes)


def test_catalogue_says_what_rebuilding_would(lands, capsys):
    load()
    capsys.readouterr()

    call_command("rebuild_catalogue")

    assert capsys.readouterr().out == "0 changed, 0 removed, 63 unchanged.\n"


def test_catalogue_says_the_same_of_many_as_of_one(lands):
    load()
    together = public_state()
    Entry.objects.filter(is_sample=True).delete()

    for kind in kinds():
        for record in kind.model.objects.filter(is_sample=True).order_by("pk"):
            catalogue.write(record)

    assert public_state() == together


def test_same_seed_gives_the_same_samples(lands):
    load(seed=3)
    first = state()
    call_command("load_sample", remove=True)

    load(seed=3)

    assert state() == first


def test_loading_again_changes_nothing(lands, capsys):
    load()
    before, changes = state(), Change.objects.count()
    capsys.readouterr()

    load()

    assert capsys.readouterr().out == "0 samples loaded, 60 were there.\n"
    assert state() == before
    assert Change.objects.count() == changes


def test_more_samples_leave_the_first_as_they_are(lands, capsys):
    load(40)
    first = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))
    capsys.readouterr()

    load()

    assert capsys.readouterr().out == "20 samples loaded, 40 were there.\n"
    every = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))
    assert first - every == set()
    load_anew = state()
    call_command("load_sample", remove=True)
    load()
    assert sorted(map(str, state())) == sorted(map(str, load_anew))


def test_another_seed_is_refused_while_samples_are_there(lands):
    load(10, seed=1)

    with pytest.raises(CommandError, match=r"^There are samples of seed 1\. "):
        load(20, seed=2)

    assert Entry.objects.filter(is_sample=True).count() == 10


def test_samples_need_countries():
    with pytest.raises(CommandError, match="load_record"):
        load()


@pytest.mark.parametrize("records", [0, -1, 300_001])
def test_number_out_of_range_is_refused(records, lands):
    with pytest.raises(CommandError, match=r"^Ask for 1 to 300000 records\.$"):
        load(records)


def test_removal_leaves_nothing(lands, capsys):
    counts = {model: model._base_manager.count() for model in apps.get_models()}
    load()
    capsys.readouterr()

    call_command("load_sample", remove=True)

    assert capsys.readouterr().out == "60 samples removed.\n"
    left = {model: model._base_manager.count() for model in apps.get_models()}
    # Who signed stays, and the counter of the sequence: no position is given out twice.
    # The history forgets nothing: it tells of each that it came and went.
    more = {
        model.__name__: number - counts[model]
        for model, number in left.items()
        if number != counts[model]
    }
    assert more == {"User": 1, "Deed": 120}
    assert verify().broken_at is None


def test_removal_leaves_the_record_alone(lands):
    kept = published(seminar("SEM-0001"))
    participant(kept)
    load()

    call_command("load_sample", remove=True)

    assert list(Seminar.objects.values_list("code", flat=True)) == ["SEM-0001"]
    assert Entry.objects.filter(kind="seminar").get().code == "SEM-0001"
    assert Participant.objects.get().seminar == kept
    assert Change.objects.filter(kind="seminar").count() == 1


def test_samples_that_a_record_names_stay(lands):
    load()
    named = Organ.objects.filter(is_sample=True).first()
    visit("VIS-0001", from_organs=[named])

    with pytest.raises(CommandError, match="point to samples: VIS-0001"):
        call_command("load_sample", remove=True)

    assert Entry.objects.filter(is_sample=True).count() == MANY


def test_samples_that_a_record_rests_on_stay(lands):
    load()
    signed = Document.objects.filter(is_sample=True).first()
    visit("VIS-0002", outcome_document=signed)

    with pytest.raises(CommandError, match="point to samples: VIS-0002"):
        call_command("load_sample", remove=True)

    assert Entry.objects.filter(is_sample=True).count() == MANY


def test_production_is_asked_twice(lands, settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="--yes-in-production"):
        load(10)
    load(10, yes_in_production=True)
    call_command("load_sample", remove=True)

    # The feed announces the removal to those who copied them from the API.
    actions = Change.objects.filter(code__contains="sample").values_list(
        "action", flat=True
    )
    assert set(actions) == {"withdrawn"}
    assert Change.objects.filter(action="withdrawn").count() == 10
