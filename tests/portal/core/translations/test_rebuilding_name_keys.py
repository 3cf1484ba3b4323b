"""``rebuild_name_keys`` corrects search keys that no longer match the names."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from portal.core.audit.models import Deed
from portal.core.translations import fields
from portal.core.translations.fields import (
    NameKeysField,
    models_with_name_keys,
    name_keys_fields,
)
from portal.reference.directory.models import Country
from portal.reference.people import operations
from portal.reference.people.models import Person
from seminars.models import Seminar
from tests.factories import directory, people, seminars
from tests.factories.publishing import AT, actor
from tests.portal.content.spreadsheets.import_helpers import csv_of, written

pytestmark = pytest.mark.django_db


def set_stale_keys(model: type[models.Model], value: str = "") -> None:
    """Set all name keys to ``value``, as an older release without them would."""
    keys = {field.attname: value for field in name_keys_fields(model)}
    models.QuerySet(model).update(**keys)


def all_rows() -> list[list[dict]]:
    return [
        list(models.QuerySet(model).order_by("pk").values())
        for model in (Country, Person, Seminar, Deed)
    ]


def test_command_corrects_rows_of_all_models_and_nothing_else(capsys, monkeypatch):
    monkeypatch.setattr(fields, "_BATCH_SIZE", 2)
    for n in range(5):
        people.person(f"Nguyễn Thị Hồng {n}", name_own="阮氏红")
    directory.country("LA", name_vi="Lào")
    seminars.seminar("SEM-0001", title_vi="Hội thảo")
    call_command("rebuild_name_keys")
    before, count = all_rows(), capsys.readouterr().out.split()[-2]
    set_stale_keys(Person)
    set_stale_keys(
        Country,
        (
            "Add this column. If the file is from an earlier release, "
            "use the data files supplied with the installed release."
        ),
    )
    set_stale_keys(Seminar)
    stale = 5 + Country.objects.count() + 1
    assert all_rows() != before

    call_command("rebuild_name_keys")
    assert all_rows() == before
    call_command("rebuild_name_keys")

    assert all_rows() == before
    assert capsys.readouterr().out.splitlines() == [
        f"{stale} changed, {int(count) - stale} unchanged.",
        f"0 changed, {count} unchanged.",
    ]


def test_rows_that_are_right_are_not_written(capsys):
    people.person("Hồng")

    with CaptureQueriesContext(connection) as queries:
        call_command("rebuild_name_keys")

    assert [
        query["sql"] for query in queries if query["sql"].startswith("UPDATE")
    ] == []


def test_erased_person_stays_erased(capsys):
    hong = people.person("Nguyễn Thị Hồng", name_own="阮氏红")
    operations.erase_person(hong, by=actor(), at=AT, reason="asked for")

    call_command("rebuild_name_keys")

    hong.refresh_from_db()
    assert hong.erased_at == AT
    assert (hong.name_latin_key, hong.name_own_key) == ("", "")
    assert capsys.readouterr().out.startswith("0 changed, ")


def test_every_model_with_such_a_column_is_rebuilt():
    expected = {
        model
        for model in apps.get_models()
        if any(isinstance(field, NameKeysField) for field in model._meta.fields)
    }

    assert len(expected) > 10
    assert set(models_with_name_keys(apps)) == expected


def test_person_entered_by_an_earlier_release_is_recognised_afterwards(capsys):
    hong = people.person("", name_own="阮氏红", organ=directory.organ("vn-spp"))
    set_stale_keys(Person)

    call_command("rebuild_name_keys")
    written(
        csv_of(("姓名", "职级或职务", "机构"), ("阮氏红", "检察长", "vn-spp")), "people"
    )

    hong.refresh_from_db()
    assert (Person.objects.count(), hong.rank) == (1, "检察长")


def test_name_in_an_earlier_normal_form_is_found_afterwards():
    """The key of an earlier release is the name with its signs in the typed order."""
    typed, usual = "រដ្ឋមន្រ្តី", "រដ្ឋមន្ត្រី"
    country = directory.country("KH", name_km=typed)
    models.QuerySet(Country).filter(pk=country.pk).update(name_keys=typed)
    countries = Country.objects.filter(name_keys__named=usual)
    assert not countries.exists()

    call_command("rebuild_name_keys")

    assert countries.get() == country
