"""``load_sample`` creates the same invented records each time and removes them all."""

import re
from io import StringIO
from types import SimpleNamespace

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
from tests.portal.samples.countries import create_countries

pytestmark = pytest.mark.django_db

SAMPLE_COUNT, SEED = 60, 3


@pytest.fixture(scope="module")
def rows(rows_of_module):
    with rows_of_module(load_first) as loaded:
        yield loaded


@pytest.fixture
def loaded(rows, db) -> SimpleNamespace:
    """60 samples that the tests share, and what was read before and after loading.

    ``counts`` is the number of rows of each model before loading, ``output`` that of
    the command, ``state`` the result of ``state()`` after it.
    """
    return rows


def load_first() -> SimpleNamespace:
    create_countries()
    counts = count_rows()
    output = load()
    return SimpleNamespace(counts=counts, output=output, state=state())


def load(records=SAMPLE_COUNT, *, seed=SEED, **options) -> str:
    """Load samples and return the output of the command."""
    return command(records=records, seed=seed, **options)


def remove() -> str:
    return command(remove=True)


def command(**options) -> str:
    output = StringIO()
    call_command("load_sample", stdout=output, **options)
    return output.getvalue()


def count_rows() -> dict:
    return {model: model._base_manager.count() for model in apps.get_models()}


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


def test_samples_of_every_kind_are_published_and_marked(loaded):
    assert loaded.output == "60 samples loaded, 0 existed already.\n"
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


def test_sample_catalogue_equals_rebuild(loaded, capsys):
    call_command("rebuild_catalogue")

    assert capsys.readouterr().out == "0 changed, 0 removed, 63 unchanged.\n"


def test_bulk_and_single_writes_produce_same_catalogue(loaded):
    together = public_state()
    Entry.objects.filter(is_sample=True).delete()

    for kind in all_kinds():
        for record in kind.model.objects.filter(is_sample=True).order_by("pk"):
            catalogue.update_entry(record)

    assert public_state() == together


def test_same_seed_gives_the_same_samples(loaded):
    remove()

    load()

    assert state() == loaded.state


def test_repeated_load_changes_nothing(loaded):
    changes = Change.objects.count()

    output = load()

    assert output == "0 samples loaded, 60 existed already.\n"
    assert state() == loaded.state
    assert Change.objects.count() == changes


def test_loading_more_samples_keeps_existing_ones(loaded):
    remove()
    load(40)
    first = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))

    output = load()

    assert output == "20 samples loaded, 40 existed already.\n"
    every = set(Entry.objects.values_list("kind", "code", "path", "sort_on"))
    assert first - every == set()
    assert sorted(map(str, state())) == sorted(map(str, loaded.state))


def test_other_seed_is_rejected_while_samples_exist(loaded):
    with pytest.raises(CommandError, match=r"^The database has samples of seed 3\. "):
        load(SAMPLE_COUNT + 10, seed=1)

    assert Entry.objects.filter(is_sample=True).count() == SAMPLE_COUNT


def test_removal_leaves_nothing(loaded):
    assert remove() == "60 samples removed.\n"

    # The system actor stays, and so does the change counter: no position is used twice.
    # The audit log keeps an entry for the creation and the deletion of each sample.
    more = {
        model.__name__: number - loaded.counts[model]
        for model, number in count_rows().items()
        if number != loaded.counts[model]
    }
    # Words that no record has any longer are deleted by the nightly rebuild.
    more.pop("SearchWord")
    assert more == {"User": 1, "Deed": 120}
    assert verify_chain().first_broken_position is None


def test_removal_keeps_real_records(loaded):
    record = published(seminar("SEM-0001"))
    participant(record)

    remove()

    assert list(Seminar.objects.values_list("code", flat=True)) == ["SEM-0001"]
    assert Entry.objects.filter(kind="seminar").get().code == "SEM-0001"
    assert Participant.objects.get().seminar == record
    assert Change.objects.filter(kind="seminar").count() == 1


def test_samples_linked_by_record_cannot_be_removed(loaded):
    organ_in_use = Organ.objects.filter(is_sample=True).first()
    visit("VIS-0001", from_organs=[organ_in_use])

    with pytest.raises(CommandError, match="reference samples: VIS-0001"):
        remove()

    assert Entry.objects.filter(is_sample=True).count() == SAMPLE_COUNT


def test_samples_with_foreign_key_from_record_cannot_be_removed(loaded):
    signed = Document.objects.filter(is_sample=True).first()
    visit("VIS-0002", outcome_document=signed)

    with pytest.raises(CommandError, match="reference samples: VIS-0002"):
        remove()

    assert Entry.objects.filter(is_sample=True).count() == SAMPLE_COUNT


def test_production_requires_confirmation_flag(loaded, settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="--yes-in-production"):
        load(SAMPLE_COUNT + 1)
    load(SAMPLE_COUNT + 1, yes_in_production=True)
    remove()

    # The change feed reports the removal to clients that copied the samples.
    actions = Change.objects.filter(code__contains="sample").values_list(
        "action", flat=True
    )
    assert set(actions) == {"withdrawn"}
    assert Change.objects.filter(action="withdrawn").count() == SAMPLE_COUNT + 1
