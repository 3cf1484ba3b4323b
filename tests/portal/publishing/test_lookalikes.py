"""Who enters an organ or a person is warned of one with the same name, once."""

import unicodedata

import pytest

from portal.directory.models import Organ
from portal.people.models import Person
from portal.publishing.lookalikes import lookalike_keys
from tests.adminforms import errors, filled
from tests.factories.directory import country, organ
from tests.factories.people import person
from tests.factories.publishing import staff

pytestmark = pytest.mark.django_db
PERSON, ORGAN = "/admin/people/person/add/", "/admin/directory/organ/add/"


@pytest.fixture
def clerk(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Mẫu", "NGUYEN VAN MAU"),
        ("Mau Nguyen Van", "Nguyễn Văn Mẫu"),
        ("Zhangsan", "zhang san"),
        ("樣本", "样本"),
        ("Prosecutor's Office", "Office Prosecutor’s"),
        ("Ｎｇｕｙễｎ", unicodedata.normalize("NFD", "Nguyễn")),
        ("สํานักงาน", "สำนักงาน"),
        ("杜特尔特·罗", "杜特爾特‧羅"),
    ],
)
def test_names_that_a_reader_takes_for_the_same_are_the_same(one, other):
    assert lookalike_keys([one]) & lookalike_keys([other])


@pytest.mark.parametrize(
    ("one", "other"), [("Nguyen Van A", "Nguyen Van B"), ("", ""), ("  ", None)]
)
def test_other_names_are_not_the_same(one, other):
    assert not lookalike_keys([one]) & lookalike_keys([other])


def _entered(client, address: str, values: dict):
    return client.post(address, filled(client.get(address)) | values)


def test_second_person_of_a_name_is_saved_when_it_is_saved_again(clerk):
    vietnam = country("VN")
    person("Nguyễn Văn Mẫu", country=vietnam)
    values = {"name_latin": "NGUYEN VAN MAU", "country": vietnam.pk}

    warned = _entered(clerk, PERSON, values)
    kept = Person.objects.count()
    saved = clerk.post(PERSON, filled(warned))

    assert warned.status_code == 200
    assert "already: Nguyễn Văn Mẫu." in warned.content.decode()
    assert kept == 1
    assert saved.status_code == 302, errors(saved)
    assert Person.objects.count() == 2


def test_warning_of_one_name_does_not_stand_for_another(clerk):
    vietnam = country("VN")
    person("Sample One", country=vietnam)
    person("Sample Two", country=vietnam)
    warned = _entered(
        clerk, PERSON, {"name_latin": "Sample One", "country": vietnam.pk}
    )

    answer = clerk.post(PERSON, filled(warned) | {"name_latin": "Sample Two"})

    assert answer.status_code == 200
    assert "already: Sample Two." in answer.content.decode()
    assert Person.objects.count() == 2


def test_same_name_in_another_country_is_no_warning(clerk):
    person("Sample One", country=country("VN"))

    answer = _entered(
        clerk, PERSON, {"name_latin": "Sample One", "country": country("LA").pk}
    )

    assert answer.status_code == 302, errors(answer)


def test_person_who_is_changed_is_not_warned_of(clerk):
    vietnam = country("VN")
    person("Sample One", country=vietnam)
    second = person("Sample Two", country=vietnam)
    address = f"/admin/people/person/{second.pk}/change/"

    answer = _entered(clerk, address, {"name_latin": "Sample One"})

    assert answer.status_code == 302, errors(answer)


def test_organ_is_compared_in_every_language(clerk):
    vietnam = country("VN")
    known = organ("vn-a", country=vietnam, name_en="A", name_native="Viện tối cao")
    values = {
        "key": "vn-b",
        "name_zh_hans": "示例",
        "name_vi": "VIEN TOI CAO",
        "country": vietnam.pk,
        "level": "national",
    }

    warned = _entered(clerk, ORGAN, values)

    assert warned.status_code == 200
    assert f"already: {known}." in warned.content.decode()
    assert Organ.objects.get() == known


def test_organ_is_saved_when_it_is_saved_again(clerk):
    vietnam = country("VN")
    organ("vn-a", country=vietnam, name_en="Sample Office")
    values = {
        "key": "vn-b",
        "name_en": "sample office",
        "country": vietnam.pk,
        "level": "national",
    }

    warned = _entered(clerk, ORGAN, values)
    seen = warned.context["adminform"].form["seen_lookalikes"].value()
    saved = _entered(clerk, ORGAN, {**values, "seen_lookalikes": seen})

    assert saved.status_code == 302, errors(saved)
    assert Organ.objects.count() == 2
