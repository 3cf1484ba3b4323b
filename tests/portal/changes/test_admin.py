"""The sequence of public changes at the desk, in the words of its reader."""

import re

import pytest

from portal.changes.models import Change
from tests.factories.directory import country
from tests.factories.publishing import published, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
LIST = "/admin/changes/change/"


@pytest.fixture
def reader(client):
    user = staff(is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    client.force_login(user)
    published(seminar("SEM-0001"))
    published(country("VN"))
    return client


def cells(page: str, name: str) -> list[str]:
    return re.findall(f'<td class="field-{name}">([^<]*)</td>', page)


def test_kinds_and_actions_are_told_by_their_labels(reader):
    page = reader.get(LIST).text

    assert cells(page, "of_kind") == ["国家", "研修班"]
    assert cells(page, "action") == ["已发布", "已发布"]
    assert ">seminar<" not in page
    assert ">published<" not in page


def test_list_is_narrowed_to_a_kind(reader):
    page = reader.get(LIST, {"kind": "seminar"}).text

    assert cells(page, "code") == ["SEM-0001"]
    assert len(re.findall(r'href="\?kind=country"', page)) == 1


def test_one_change_says_no_code_of_ours(reader):
    change = Change.objects.get(code="SEM-0001")

    page = reader.get(f"{LIST}{change.pk}/change/").text

    assert "研修班" in page
    assert not re.search(r">\s*(seminar|published)\s*<", page)
    assert "SEM-0001 published" not in page


def test_kind_that_is_gone_stays_a_code(reader):
    Change.objects.filter(code="SEM-0001").update(kind="bygone")

    assert "bygone" in cells(reader.get(LIST).text, "of_kind")
