from collections.abc import Callable

import pytest
from django.urls import reverse

from delegations.models import Member, Visit
from tests.admin_forms import errors, rows
from tests.factories.delegations import member, stop, visit
from tests.factories.directory import any_country, place
from tests.factories.people import person
from tests.factories.publishing import staff
from tests.failures import collect_failures
from tests.portal.staff.add_forms import add_address, blank_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.fixture
def add(staff_client) -> Callable[..., Visit]:
    """Return a function that adds a visit with the admin form."""

    def entered(**values) -> Visit:
        facts = {
            "direction": "inbound",
            "scope": "prosecutors",
            "from_country": any_country("VN").pk,
            "to_country": any_country("CN").pk,
        }
        data = blank_form(staff_client, Visit) | facts | values
        response = staff_client.post(add_address(Visit), data)
        assert response.status_code == 302, errors(response)
        return Visit.objects.get()

    return entered


@pytest.mark.parametrize(
    "texts", [{"purpose_zh_hans": "示例访问"}, {"purpose_en": "Sample"}]
)
def test_visit_can_be_entered_in_one_language_only(add, texts):
    record = add(**texts)

    assert record.code == "VIS-5001"
    assert record.languages == [next(iter(texts))[8:].replace("_", "-")]


def test_visit_is_saved_with_its_stops(add):
    hanoi = place("hanoi")
    stops = [
        {"position": 1, "place": hanoi.pk, "activity_zh_hans": "示例一"},
        {"position": 2, "activity_en": "Sample"},
    ]

    record = add(**rows("stops", *stops))

    first, second = record.stops.all()
    assert (first.place, first.activity_zh_hans) == (hanoi, "示例一")
    assert (second.place, second.activity_en) == (None, "Sample")


def test_changelist_query_count_is_constant(staff_client, django_assert_num_queries):
    with collect_failures() as failures:
        for number in (1, 2, 3):
            record = visit(f"VIS-{number:04}")
            stop(record)
            member(record, person=person(f"Sample {number}"))
            for model in ("visit", "member"):
                address = reverse(f"admin:delegations_{model}_changelist")
                with failures.case(number, model):
                    with django_assert_num_queries(6):
                        page = staff_client.get(address)

                    assert page.context["cl"].result_count == number


def test_changelist_shows_generated_visit_titles(staff_client):
    visit("VIS-0001")

    page = staff_client.get(reverse("admin:delegations_visit_changelist"))

    assert "Delegation from" in page.content.decode()


def test_visit_form_links_to_its_members(staff_client):
    record = visit("VIS-0001")
    ours = member(record, person=person("Sample Head"))
    member(visit("VIS-0002"), person=person("Sample Other"))
    form = staff_client.get(reverse("admin:delegations_visit_change", args=[record.pk]))
    address = (
        reverse("admin:delegations_member_changelist")
        + f"?visit__id__exact={record.pk}"
    )

    page = staff_client.get(address)

    assert f'href="{address}"' in form.content.decode()
    assert "Sample Head" not in form.content.decode()
    assert list(page.context["cl"].result_list) == [ours]


def test_member_search_matches_person_name(staff_client):
    expected = member(visit("VIS-0001"), person=person("Sample Wanted"))
    member(visit("VIS-0002"), person=person("Sample Other"))

    page = staff_client.get(
        reverse("admin:delegations_member_changelist"), {"q": "wanted"}
    )
    of_visits = staff_client.get(
        reverse("admin:delegations_visit_changelist"), {"q": "wanted"}
    )

    assert list(page.context["cl"].result_list) == [expected]
    assert of_visits.context["cl"].result_count == 0


def test_member_add_sets_updated_by(staff_client):
    record, head = visit("VIS-0001"), person()
    facts = {"visit": record.pk, "person": head.pk, "office_zh_hans": "示例职务"}

    response = staff_client.post(
        add_address(Member), blank_form(staff_client, Member) | facts
    )

    assert response.status_code == 302, errors(response)
    entered = Member.objects.get()
    assert entered.office_zh_hans == "示例职务"
    assert entered.updated_by.username == "sample.clerk"
