"""Published records that name records which are not public."""

import datetime as dt
import logging

import pytest
from django.db import models

from portal.catalogue import operations as catalogue
from portal.catalogue.models import Entry
from portal.changes.models import Change
from portal.directory.models import Country, Organ
from portal.history.snapshots import snapshot
from portal.publishing import operations
from tests.factories.conference import article
from tests.factories.directory import country, organ
from tests.factories.exchanges import mechanism
from tests.factories.publishing import AT, actor, published
from tests.portal.changes.answers import changed, crawl
from tests.portal.publishing.office_sheets import csv_of, why_not_undone, written

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SHEET = ("organ_key", "country_iso2", "level")


@pytest.fixture
def draft() -> Organ:
    """A draft of an organ in Viet Nam that a published mechanism and article name."""
    country("LA")
    draft = organ("vn-spp", country=published(country("VN")))
    row = mechanism("regular")
    row.side_a_organs.set([draft])
    published(row)
    published(article("a", organs=[draft]))
    return draft


def save(row: Organ, **values) -> None:
    before = snapshot(row, row.parts)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    operations.republish(row, by=actor(), at=AT + HOUR, before=before)


def test_edit_of_a_draft_that_public_records_name_makes_no_change(
    draft, caplog, django_capture_on_commit_callbacks
):
    answers, changes = crawl(["en"]), Change.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        save(draft, name_en="A name that is not public", website="https://x.example/")
        save(Organ.objects.get(), seat_as_recorded="Ha Noi")
    with caplog.at_level(logging.ERROR):
        counts = catalogue.rebuild(at=AT + HOUR)

    assert changed(answers, crawl(["en"])) == set()
    assert Change.objects.count() == changes
    assert counts[:2] == (0, 0)
    assert not caplog.records


def in_form(draft: Organ) -> None:
    save(draft, country=Country.objects.get(iso2="LA"))


def in_sheet(draft: Organ) -> None:
    written(csv_of(SHEET, (draft.key, "LA", draft.level)), "organs")


# What is done, and the countries of the mechanism afterwards.
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
