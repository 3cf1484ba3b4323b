"""Adding an organ or a person warns once of an existing one with the same name."""

import unicodedata

import pytest

from portal.content.editing.duplicate_warning import build_comparison_keys
from portal.reference.directory.models import Organ
from portal.reference.people.models import Person
from tests.admin_forms import errors, filled
from tests.factories.directory import country, organ
from tests.factories.people import person
from tests.factories.publishing import staff
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
PERSON, ORGAN = "/admin/people/person/add/", "/admin/directory/organ/add/"


@pytest.fixture
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("name", "other_name"),
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
def test_equivalent_names_are_detected_as_duplicates(name, other_name):
    assert build_comparison_keys([name]) & build_comparison_keys([other_name])


@pytest.mark.parametrize(
    ("name", "other_name"), [("Nguyen Van A", "Nguyen Van B"), ("", ""), ("  ", None)]
)
def test_different_names_are_not_duplicates(name, other_name):
    assert not build_comparison_keys([name]) & build_comparison_keys([other_name])


def _entered(client, url: str, values: dict):
    return client.post(url, opened_form(client, url) | values)


def test_duplicate_person_is_saved_after_confirming_warning(staff_client):
    vietnam = country("VN")
    person("Nguyễn Văn Mẫu", country=vietnam)
    values = {"name_latin": "NGUYEN VAN MAU", "country": vietnam.pk}

    warning_response = _entered(staff_client, PERSON, values)
    count_before = Person.objects.count()
    saved_response = staff_client.post(PERSON, filled(warning_response))

    assert warning_response.status_code == 200
    assert "with this name: Nguyễn Văn Mẫu." in warning_response.content.decode()
    assert count_before == 1
    assert saved_response.status_code == 302, errors(saved_response)
    assert Person.objects.count() == 2


def test_confirmed_warning_does_not_apply_to_other_name(staff_client):
    vietnam = country("VN")
    person("Sample One", country=vietnam)
    person("Sample Two", country=vietnam)
    warning_response = _entered(
        staff_client, PERSON, {"name_latin": "Sample One", "country": vietnam.pk}
    )

    response = staff_client.post(
        PERSON, filled(warning_response) | {"name_latin": "Sample Two"}
    )

    assert response.status_code == 200
    assert "with this name: Sample Two." in response.content.decode()
    assert Person.objects.count() == 2


def test_same_name_in_another_country_is_no_warning(staff_client):
    person("Sample One", country=country("VN"))

    response = _entered(
        staff_client, PERSON, {"name_latin": "Sample One", "country": country("LA").pk}
    )

    assert response.status_code == 302, errors(response)


def test_editing_existing_person_shows_no_duplicate_warning(staff_client):
    vietnam = country("VN")
    person("Sample One", country=vietnam)
    second = person("Sample Two", country=vietnam)
    url = f"/admin/people/person/{second.pk}/change/"

    response = _entered(staff_client, url, {"name_latin": "Sample One"})

    assert response.status_code == 302, errors(response)


def test_organ_is_compared_in_every_language(staff_client):
    vietnam = country("VN")
    existing = organ("vn-a", country=vietnam, name_en="A", name_native="Viện tối cao")
    values = {
        "key": "vn-b",
        "name_zh_hans": "示例",
        "name_vi": "VIEN TOI CAO",
        "country": vietnam.pk,
        "level": "national",
    }

    warning_response = _entered(staff_client, ORGAN, values)

    assert warning_response.status_code == 200
    assert f"with this name: {existing}." in warning_response.content.decode()
    assert Organ.objects.get() == existing


def test_duplicate_organ_is_saved_after_confirming_warning(staff_client):
    vietnam = country("VN")
    organ("vn-a", country=vietnam, name_en="Sample Office")
    values = {
        "key": "vn-b",
        "name_en": "sample office",
        "country": vietnam.pk,
        "level": "national",
    }

    warning_response = _entered(staff_client, ORGAN, values)
    confirmation = (
        warning_response.context["adminform"].form["confirmed_duplicates"].value()
    )
    saved_response = _entered(
        staff_client, ORGAN, {**values, "confirmed_duplicates": confirmation}
    )

    assert saved_response.status_code == 302, errors(saved_response)
    assert Organ.objects.count() == 2
