"""Admin changelists and autocompletes find names typed in other scripts and forms."""

import unicodedata
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, models

from portal.content.publishing.content_reading import ContentReader
from portal.core.audit.snapshots import get_column_values
from portal.core.languages import DEFAULT_LANGUAGE
from portal.core.translations.fields import fill_name_keys, name_keys_fields
from portal.reference.directory.models import Country, Place
from portal.reference.directory.renaming import operations as renaming
from portal.reference.directory.renaming.versions import version_of
from tests.factories import (
    accounts,
    conference,
    delegations,
    directory,
    exchanges,
    figures,
    seminars,
)
from tests.factories.publishing import AT, actor, staff
from tests.portal.content.spreadsheets.import_helpers import csv_of, written
from tests.portal.staff.changelists import listed_rows

pytestmark = pytest.mark.django_db

# TYPED has other spellings of parts of these two names; OTHER matches neither.
VIETNAMESE, CHINESE = "Viện Hồng Đức’s", "南宁检察办"
TYPED = (
    "VIỆN HỒNG",
    unicodedata.normalize("NFD", "Viện Hồng"),
    "vien hong duc",
    "ＶＩＥＮ　Ｈｏｎｇ",
    "Đức's",
    "南寧檢察",
    "南宁",
)
OTHER_NAMES = ("Viện Hoa", "北宁", "vienx")


@pytest.fixture
def chief():
    return staff(is_superuser=True)


def _rows() -> list[models.Model]:
    names = {"name_vi": VIETNAMESE, "name_zh_hans": CHINESE}
    titles = {"title_vi": VIETNAMESE, "title_zh_hans": CHINESE}
    organ = directory.organ("sample-organ", **names)
    mechanism = exchanges.mechanism(**names)
    return [
        directory.country("LA", **names),
        organ,
        directory.place(**names),
        directory.place(name_zh_hans=CHINESE, name_local=VIETNAMESE),
        directory.topic(**names),
        directory.party(f"{CHINESE} {VIETNAMESE}"),
        accounts.agency(organ),
        conference.edition(theme_vi=VIETNAMESE, theme_zh_hans=CHINESE),
        conference.document(**titles),
        conference.article(**titles),
        conference.page(**titles),
        seminars.seminar(**titles),
        delegations.visit(**titles),
        mechanism,
        exchanges.coordination_request(mechanism),
        exchanges.meeting(**titles),
        figures.reported_figure(text_vi=VIETNAMESE, text_zh_hans=CHINESE),
    ]


def _is_listed(user, row: models.Model, q: str) -> bool:
    return row in listed_rows(user, type(row), q)


def test_lists_find_names_in_every_form_and_no_other_names(chief):
    rows = _rows()

    missed = [
        (row._meta.label, q)
        for row in rows
        for q in TYPED
        if not _is_listed(chief, row, q)
    ]
    wrong = [
        (row._meta.label, q)
        for row in rows
        for q in OTHER_NAMES
        if _is_listed(chief, row, q)
    ]

    assert (missed, wrong) == ([], [])


@pytest.mark.parametrize("q", ["%", "_", "\\", "\u200b%", "x" * 300])
def test_signs_that_no_name_has_find_nothing(chief, q):
    place = directory.place(name_zh_hans="南宁")

    assert not _is_listed(chief, place, q)


def test_records_are_still_found_by_their_codes(client, chief):
    directory.country("CN")
    place, seminar = directory.place("nanning"), seminars.seminar("SEM-0042")
    client.force_login(chief)

    listed = {
        q: list(client.get(f"/admin/{path}/", {"q": q}).context["cl"].result_list)
        for path, q in (("directory/place", "NANN"), ("seminars/seminar", "sem-0042"))
    }

    assert listed == {"NANN": [place], "sem-0042": [seminar]}


def test_place_is_suggested_in_every_form_where_it_is_chosen(client, chief):
    client.force_login(chief)
    place = directory.place(name_zh_hans="南宁", name_vi="Nam Ninh", name_en="Nanning")
    parameters = {
        "app_label": "directory",
        "model_name": "organ",
        "field_name": "place",
    }

    results = [
        client.get("/admin/autocomplete/", {**parameters, "term": term}).json()[
            "results"
        ]
        for term in ("南寧", "NAM NINH", "Ｎａｎｎｉｎｇ", "Nám")
    ]

    assert results == [[{"id": str(place.pk), "text": "Nanning"}]] * 4


def test_names_that_a_sheet_changes_are_found_by_their_new_form(chief):
    mechanism = exchanges.mechanism("sample", name_en="Old")
    written(csv_of(("key", "name_en"), ("sample", "Hạ Long")), "mechanisms")

    assert listed_rows(chief, type(mechanism), "ha long") == [mechanism]
    assert listed_rows(chief, type(mechanism), "old") == []


def test_name_that_a_second_person_accepts_is_found(chief):
    topic = directory.topic(name_en="Old")
    change = directory.name_change(topic, name_en="Hồng")
    version = version_of(change, topic)
    renaming.accept(change, version=version, by=actor(), at=AT)

    assert listed_rows(chief, type(topic), "hong") == [topic]


def test_migration_fills_the_names_that_are_there():
    country = directory.country("VN", name_vi="Việt Nam")
    places = [directory.place(f"p-{n}", name_en=f"Nám {n}") for n in range(3)]
    for model in (Country, Place):
        models.QuerySet(model).update(name_keys="")
    step = fill_name_keys("directory", "Country", "Place")

    step.code(apps, SimpleNamespace(connection=connection))

    country.refresh_from_db()
    assert country.name_keys.splitlines() == ["越南", "vietnam"]
    names = models.QuerySet(Place).order_by("pk").values_list("name_keys", flat=True)
    assert list(names) == [f"nam{n}" for n in range(len(places))]


def test_keys_of_names_are_neither_history_nor_content_nor_read_for_pages():
    country = directory.country("VN")

    content = ContentReader()([country])[country.pk].values
    country_row = Country.objects.only_language(DEFAULT_LANGUAGE).get()

    assert name_keys_fields(Country)
    assert "name_keys" not in get_column_values(country)
    assert "name_keys" not in content["fields"]
    assert "name_keys" in country_row.get_deferred_fields()
