import datetime as dt

import pytest
from django.urls import reverse

from exchanges.models import CoordinationRequest, Mechanism, Meeting
from tests.admin_forms import errors, filled, rows
from tests.factories.directory import any_country
from tests.factories.exchanges import coordination_request, mechanism, meeting
from tests.factories.publishing import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    client.force_login(staff(is_superuser=True))
    return client


def _add(clerk, model: str, **values):
    address = reverse(f"admin:exchanges_{model}_add")
    response = clerk.post(address, filled(clerk.get(address)) | values)
    assert response.status_code == 302, errors(response)


@pytest.mark.parametrize("words", [{"name_zh_hans": "示例机制"}, {"name_en": "Sample"}])
def test_mechanism_can_be_entered_in_one_language_only(clerk, words):
    _add(clerk, "mechanism", key="sample", mechanism_kind="regular_meeting", **words)

    record = Mechanism.objects.get()
    assert record.languages == [next(iter(words))[5:].replace("_", "-")]


def test_mechanism_key_cannot_collide_with_meetings_url(clerk):
    address = reverse("admin:exchanges_mechanism_add")
    facts = {
        "key": "meetings",
        "mechanism_kind": "regular_meeting",
        "name_en": "Sample",
    }

    response = clerk.post(address, filled(clerk.get(address)) | facts)

    assert "Choose another key." in response.content.decode()
    assert not Mechanism.objects.exists()


@pytest.mark.parametrize(
    "words", [{"outcome_zh_hans": "示例成果"}, {"outcome_en": "Sample"}]
)
def test_meeting_can_be_entered_in_one_language_only(clerk, words):
    _add(clerk, "meeting", other_country=any_country("VN").pk, **words)

    record = Meeting.objects.get()
    assert record.code == "MTG-0001"
    assert record.languages == [next(iter(words))[8:].replace("_", "-")]


def test_meeting_is_saved_with_agenda_and_actions(clerk):
    items = [{"position": n, "text_zh_hans": f"第{n}项"} for n in (1, 2)]
    action = {"position": 1, "text_en": "Sample action", "state": "open"}

    _add(
        clerk,
        "meeting",
        **rows("agenda_items", *items),
        **rows("agreed_actions", action),
    )

    record = Meeting.objects.get()
    assert [item.text_zh_hans for item in record.agenda_items.all()] == [
        "第1项",
        "第2项",
    ]
    assert record.agreed_actions.get().text_en == "Sample action"


def test_open_action_with_closing_date_is_rejected(clerk):
    address = reverse("admin:exchanges_meeting_add")
    action = {
        "position": 1,
        "text_en": "Sample action",
        "state": "open",
        "closed_on": "2024-05-06",
    }

    response = clerk.post(
        address, filled(clerk.get(address)) | rows("agreed_actions", action)
    )

    assert "An open action has no day of closing." in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [("mechanism", 5), ("meeting", 6), ("coordinationrequest", 7)],
)
def test_changelist_query_count_is_constant(
    clerk, django_assert_num_queries, model, queries, number
):
    for row in range(number):
        record = mechanism(f"sample-{row}")
        coordination_request(record, received_on=dt.date(2024, 5, row + 1))
        meeting(f"MTG-{row + 1:04}", mechanism=record)

    with django_assert_num_queries(queries):
        page = clerk.get(reverse(f"admin:exchanges_{model}_changelist"))

    assert page.context["cl"].result_count == number


def test_changelist_shows_generated_meeting_titles(clerk):
    meeting("MTG-0001")

    page = clerk.get(reverse("admin:exchanges_meeting_changelist"))

    assert "Meeting of procuratorates of China and" in page.content.decode()


def test_mechanism_form_links_to_its_coordination_requests(clerk):
    record = mechanism("sample")
    ours = coordination_request(record)
    coordination_request(mechanism("other"))
    form = clerk.get(reverse("admin:exchanges_mechanism_change", args=[record.pk]))
    address = (
        reverse("admin:exchanges_coordinationrequest_changelist")
        + f"?mechanism__id__exact={record.pk}"
    )

    page = clerk.get(address)

    assert f'href="{address}"' in form.content.decode()
    assert list(page.context["cl"].result_list) == [ours]


def test_coordination_request_add_sets_updated_by(clerk):
    _add(
        clerk,
        "coordinationrequest",
        mechanism=mechanism("sample").pk,
        direction="in",
        request_kind="service",
        received_on="2024-05-06",
    )

    entered = CoordinationRequest.objects.get()
    assert entered.result == ""
    assert entered.updated_by.username == "sample.clerk"
