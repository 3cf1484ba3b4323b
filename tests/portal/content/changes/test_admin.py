"""Changelist of public changes in the staff admin, in the interface language."""

import re

import pytest

from portal.content.changes.models import Change
from tests.factories.directory import country
from tests.factories.publishing import published, staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
LIST = "/admin/changes/change/"


@pytest.fixture
def staff_client(client):
    user = staff(is_superuser=True)
    user.interface_language = "zh-hans"
    user.save()
    client.force_login(user)
    published(seminar("SEM-0001"))
    published(country("VN"))
    return client


def cells(page: str, name: str) -> list[str]:
    return re.findall(f'<td class="field-{name}">([^<]*)</td>', page)


def test_changelist_shows_kind_and_action_labels(staff_client):
    page = staff_client.get(LIST).text

    assert cells(page, "kind_label") == ["国家", "研修班"]
    assert cells(page, "action") == ["已发布", "已发布"]
    assert ">seminar<" not in page
    assert ">published<" not in page


def test_changelist_filters_by_kind(staff_client):
    page = staff_client.get(LIST, {"kind": "seminar"}).text

    assert cells(page, "code") == ["SEM-0001"]
    assert len(re.findall(r'href="\?kind=country"', page)) == 1


def test_change_detail_shows_labels_not_codes(staff_client):
    change = Change.objects.get(code="SEM-0001")

    page = staff_client.get(f"{LIST}{change.pk}/change/").text

    assert "研修班" in page
    assert not re.search(r">\s*(seminar|published)\s*<", page)
    assert "SEM-0001 published" not in page


def test_removed_kind_is_shown_as_code(staff_client):
    Change.objects.filter(code="SEM-0001").update(kind="bygone")

    assert "bygone" in cells(staff_client.get(LIST).text, "kind_label")
