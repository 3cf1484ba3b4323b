"""Published records that refer to unpublished records."""

import datetime as dt
import logging

import pytest
from django.db import models

from portal.content.catalogue import operations as catalogue
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.content.publishing import operations
from portal.core.audit.snapshots import take_snapshot
from portal.reference.directory.models import Country, Organ
from tests.factories.conference import article
from tests.factories.directory import country, organ
from tests.factories.exchanges import mechanism
from tests.factories.publishing import AT, actor, published
from tests.portal.content.changes.answers import all_in, changed, crawl
from tests.portal.content.spreadsheets.import_helpers import (
    csv_of,
    why_not_undone,
    written,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SHEET = ("organ_key", "country_iso2", "level")


@pytest.fixture
def draft() -> Organ:
    """Return a draft organ to which a published mechanism and article refer."""
    country("LA")
    draft = organ("vn-spp", country=published(country("VN")))
    row = mechanism("regular")
    row.side_a_organs.set([draft])
    published(row)
    published(article("a", organs=[draft]))
    return draft


def save(row: Organ, **values) -> None:
    before = take_snapshot(row, row.child_relations)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    operations.register_edit(row, by=actor(), at=AT + HOUR, before=before)


def test_edit_of_a_draft_that_public_records_name_makes_no_change(
    draft, caplog, django_capture_on_commit_callbacks
):
    responses, changes = crawl(all_in("en")), Change.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        save(draft, name_en="A name that is not public", website="https://x.example/")
        save(Organ.objects.get(), seat_as_recorded="Ha Noi")
    with caplog.at_level(logging.ERROR):
        counts = catalogue.rebuild(at=AT + HOUR)

    assert changed(responses, crawl(all_in("en"))) == set()
    assert Change.objects.count() == changes
    assert counts[:2] == (0, 0)
    assert not caplog.records


def in_form(draft: Organ) -> None:
    save(draft, country=Country.objects.get(iso2="LA"))


def in_sheet(draft: Organ) -> None:
    written(csv_of(SHEET, (draft.key, "LA", draft.level)), "organs")


# For each case, the action and the countries of the mechanism afterwards.
ACTS = {"form": (in_form, ["LA"]), "sheet": (in_sheet, ["LA"])}


@pytest.mark.parametrize("name", ACTS)
def test_country_of_a_draft_in_search_answers_follows_its_edit(
    name, draft, caplog, django_capture_on_commit_callbacks
):
    act, expected = ACTS[name]
    changes = Change.objects.count()
    assert Entry.objects.get(kind="mechanism").countries == ["VN"]

    with django_capture_on_commit_callbacks(execute=True):
        act(draft)

    assert Entry.objects.get(kind="mechanism").countries == expected
    assert "regular" in Change.objects.after(changes).values_list("code", flat=True)
    with caplog.at_level(logging.ERROR):
        assert catalogue.rebuild(at=AT + HOUR)[:2] == (0, 0)
    assert not caplog.records


def test_country_of_a_draft_follows_when_its_import_is_undone(
    draft, django_capture_on_commit_callbacks
):
    models.QuerySet(Organ).update(created_at=AT - HOUR, updated_at=AT - HOUR)
    with django_capture_on_commit_callbacks(execute=True):
        batch = written(csv_of(SHEET, (draft.key, "LA", draft.level)), "organs")
    assert Entry.objects.get(kind="mechanism").countries == ["LA"]

    with django_capture_on_commit_callbacks(execute=True):
        assert why_not_undone(batch, at=AT + HOUR) == ""

    assert Entry.objects.get(kind="mechanism").countries == ["VN"]
    assert catalogue.rebuild(at=AT + HOUR)[:2] == (0, 0)
