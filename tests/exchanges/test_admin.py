import datetime as dt

import pytest
from django.urls import reverse

from exchanges.models import CoordinationRequest, Mechanism, Meeting
from tests.admin_forms import errors, rows
from tests.factories.directory import any_country
from tests.factories.exchanges import coordination_request, mechanism, meeting
from tests.factories.publishing import staff
from tests.failures import collect_failures
from tests.portal.staff.add_forms import add_address, blank_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client):
    client.force_login(staff(is_superuser=True))
    return client


def _add(staff_client, model, **values):
    response = _post(staff_client, model, **values)
    assert response.status_code == 302, errors(response)


def _post(staff_client, model, **values):
    """Send the add form of ``model`` with ``values``."""
    return staff_client.post(
        add_address(model), blank_form(staff_client, model) | values
    )


@pytest.mark.parametrize("texts", [{"name_zh_hans": "示例机制"}, {"name_en": "Sample"}])
def test_mechanism_can_be_entered_in_one_language_only(staff_client, texts):
    _add(
        staff_client,
        Mechanism,
        key="sample",
        mechanism_kind="regular_meeting",
        **texts,
    )

    record = Mechanism.objects.get()
    assert record.languages == [next(iter(texts))[5:].replace("_", "-")]


def test_mechanism_key_cannot_collide_with_meetings_url(staff_client):
    facts = {
        "key": "meetings",
        "mechanism_kind": "regular_meeting",
        "name_en": "Sample",
    }

    response = _post(staff_client, Mechanism, **facts)

    assert "Enter another identifier." in response.content.decode()
    assert not Mechanism.objects.exists()


@pytest.mark.parametrize(
    "texts", [{"outcome_zh_hans": "示例成果"}, {"outcome_en": "Sample"}]
)
def test_meeting_can_be_entered_in_one_language_only(staff_client, texts):
    _add(staff_client, Meeting, other_country=any_country("VN").pk, **texts)

    record = Meeting.objects.get()
    assert record.code == "MTG-5001"
    assert record.languages == [next(iter(texts))[8:].replace("_", "-")]


def test_meeting_is_saved_with_agenda_and_actions(staff_client):
    items = [{"position": n, "text_zh_hans": f"第{n}项"} for n in (1, 2)]
    action = {"position": 1, "text_en": "Sample action", "state": "open"}

    _add(
        staff_client,
        Meeting,
        **rows("agenda_items", *items),
        **rows("agreed_actions", action),
    )

    record = Meeting.objects.get()
    assert [item.text_zh_hans for item in record.agenda_items.all()] == [
        "第1项",
        "第2项",
    ]
    assert record.agreed_actions.get().text_en == "Sample action"


def test_open_action_with_closing_date_is_rejected(staff_client):
    action = {
        "position": 1,
        "text_en": "Sample action",
        "state": "open",
        "closed_on": "2024-05-06",
    }

    response = _post(staff_client, Meeting, **rows("agreed_actions", action))

    assert (
        "An open action cannot have a completion date. Change the "
        "status to “done” or “no longer pursued”, or remove the "
        "completion date."
    ) in response.content.decode()


QUERIES = {"mechanism": 5, "meeting": 6, "coordinationrequest": 7}


def test_changelist_query_count_is_constant(staff_client, django_assert_num_queries):
    with collect_failures() as failures:
        for number in (1, 2, 3):
            record = mechanism(f"sample-{number}")
            coordination_request(record, received_on=dt.date(2024, 5, number))
            meeting(f"MTG-{number:04}", mechanism=record)
            for model, queries in QUERIES.items():
                address = reverse(f"admin:exchanges_{model}_changelist")
                with failures.case(number, model):
                    with django_assert_num_queries(queries):
                        page = staff_client.get(address)

                    assert page.context["cl"].result_count == number


def test_changelist_shows_generated_meeting_titles(staff_client):
    meeting("MTG-0001")

    page = staff_client.get(reverse("admin:exchanges_meeting_changelist"))

    assert "Meeting of the procuratorates of China and" in page.content.decode()


def test_mechanism_form_links_to_its_coordination_requests(staff_client):
    record = mechanism("sample")
    ours = coordination_request(record)
    coordination_request(mechanism("other"))
    form = staff_client.get(
        reverse("admin:exchanges_mechanism_change", args=[record.pk])
    )
    address = (
        reverse("admin:exchanges_coordinationrequest_changelist")
        + f"?mechanism__id__exact={record.pk}"
    )

    page = staff_client.get(address)

    assert f'href="{address}"' in form.content.decode()
    assert list(page.context["cl"].result_list) == [ours]


def test_coordination_request_add_sets_updated_by(staff_client):
    _add(
        staff_client,
        CoordinationRequest,
        mechanism=mechanism("sample").pk,
        direction="in",
        request_kind="service",
        received_on="2024-05-06",
    )

    entered = CoordinationRequest.objects.get()
    assert entered.result == ""
    assert entered.updated_by.username == "sample.clerk"
