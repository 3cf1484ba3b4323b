"""Organ search in the staff admin accepts names in any script."""

import pytest

from portal.reference.directory.models import Organ
from portal.reference.directory.organ_search import search_organs
from tests.factories.directory import country, organ
from tests.factories.publishing import published, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def supreme() -> Organ:
    """Return a draft organ, which has no catalogue entry."""
    return organ(
        "vn-spp",
        country=country("VN"),
        name_en="Supreme People’s Procuracy of Viet Nam",
        name_zh_hans="越南最高人民检察院",
        name_vi="Viện kiểm sát nhân dân tối cao",
    )


@pytest.mark.parametrize(
    "q",
    ["越南", "Viet", "tối cao", "最高 越南", "vn-spp", "supreme procuracy", "检察院"],
)
def test_organ_is_found_by_part_of_any_name(supreme, q):
    organ("th-oag", country=country("TH"), name_en="Office of the Attorney General")

    assert list(search_organs(Organ.objects.all(), q)) == [supreme]


@pytest.mark.parametrize("q", ["toi cao", "TOI CAO", "最高人民檢察院", "TỐI CAO"])
def test_published_organ_is_found_via_catalogue_search(supreme, q):
    published(supreme)

    assert list(search_organs(Organ.objects.all(), q)) == [supreme]


@pytest.mark.parametrize("q", ["no such organ", "Viet nothing", "x" * 300, "\ufffd"])
def test_organ_with_other_name_is_not_found(supreme, q):
    published(supreme)

    assert list(search_organs(Organ.objects.all(), q)) == []


def test_exact_name_is_suggested_first():
    china = country("CN")
    names = {"country": china, "name_zh_hans": "最高人民检察院"}
    published(organ("cn-spp", **names))
    for number in range(30):
        name = {"name_zh_hans": f"最高人民检察院样本厅{number}"}
        published(organ(f"sample-{number}", country=china, **name))
    name = {"name_zh_hans": "样本最高人民检察院"}
    organ("a-draft", country=china, **name)

    organs = list(search_organs(Organ.objects.all(), "最高人民检察院"))

    assert organs[0].key == "cn-spp"
    assert organs[-1].key == "a-draft"
    assert len(organs) == 32


def test_explicit_order_is_preserved(supreme):
    organ("a", country=country("TH"), name_en="Sample supreme court")

    organs = search_organs(Organ.objects.order_by("-key"), "supreme")

    assert [row.key for row in organs] == ["vn-spp", "a"]


def test_organ_autocomplete_suggests_match(client, supreme):
    client.force_login(staff(is_superuser=True))
    parameters = {"app_label": "people", "model_name": "person", "field_name": "organ"}

    response = client.get("/admin/autocomplete/", {**parameters, "term": "tối cao"})

    assert response.json()["results"] == [
        {"id": str(supreme.pk), "text": "Supreme People’s Procuracy of Viet Nam"}
    ]


def test_organ_search_query_count_is_bounded(
    client, supreme, django_assert_max_num_queries
):
    client.force_login(staff(is_superuser=True))
    published(supreme)

    with django_assert_max_num_queries(8):
        page = client.get("/admin/directory/organ/", {"q": "toi cao"})

    assert list(page.context["cl"].result_list) == [supreme]
