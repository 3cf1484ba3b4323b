"""The list of audit entries is filtered by person, kind, action and days."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.audit import operations
from portal.core.audit.choices import AuditAction
from tests.factories import directory, seminars
from tests.factories.publishing import actor, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/history/deed/"


@pytest.fixture
def auditor(client):
    user = staff("sample.auditor")
    user.groups.add(Group.objects.get(name="auditor"))
    client.force_login(user)
    return user


def add(row, *, by=None, at: str, action=AuditAction.CREATED) -> int:
    """Append an entry at the time ``at`` in UTC; return its position."""
    by = by or actor()
    time = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    return operations.append_entry(row, action=action, by=by, at=time).position


def listed(client, **parameters) -> list[int]:
    response = client.get(LIST, parameters)
    return sorted(entry.position for entry in response.context["cl"].result_list)


def test_each_filter_and_their_combination(client, auditor):
    clerk = staff("sample.clerk")
    record, topic = seminars.seminar(), directory.topic("sample")
    first = add(record, at="2024-05-06 08:00", by=clerk)
    second = add(topic, at="2024-05-07 08:00", by=clerk)
    third = add(record, at="2024-05-08 08:00", action=AuditAction.SUBMITTED)

    for parameters, expected in (
        ({}, [first, second, third]),
        ({"by": clerk.pk}, [first, second]),
        ({"record_model": "seminars.seminar"}, [first, third]),
        ({"verb": "submitted"}, [third]),
        ({"from": "2024-05-07"}, [second, third]),
        ({"to": "2024-05-07"}, [first, second]),
        ({"from": "2024-05-07", "to": "2024-05-07"}, [second]),
        ({"by": clerk.pk, "record_model": "seminars.seminar"}, [first]),
        ({"verb": "created", "from": "2024-05-07", "q": topic.key}, [second]),
    ):
        assert listed(client, **parameters) == expected, parameters


def test_days_begin_and_end_at_midnight_of_the_office(client, auditor):
    record = seminars.seminar()
    # 6 May in Beijing lasts from 5 May 16:00 to 6 May 16:00 in UTC.
    add(record, at="2024-05-05 15:59:59")
    first = add(record, at="2024-05-05 16:00:00")
    last = add(record, at="2024-05-06 15:59:59")
    add(record, at="2024-05-06 16:00:00")

    assert listed(client, **{"from": "2024-05-06", "to": "2024-05-06"}) == [first, last]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"from": "31.05.2024"}, "From day: “31.05.2024” is not a day. Write year"),
        ({"to": "2024-02-30"}, "To day: “2024-02-30” is not a day."),
        ({"to": "9999-12-31"}, "To day: “9999-12-31” is not a day."),
        ({"from": "2024-05-07", "to": "2024-05-06"}, "2024-05-06 is before 2024-05-07"),
        ({"by": "x"}, "Person: There is no such person."),
        ({"by": "999999"}, "Person: There is no such person."),
        ({"verb": "danced"}, "Action: Select a valid choice. danced is not one"),
        ({"record_model": "x"}, "Type of record: Select a valid choice. x is not"),
    ],
)
def test_invalid_value_is_reported_and_lists_nothing(
    client, auditor, parameters, message
):
    add(seminars.seminar(), at="2024-05-06 08:00")

    response = client.get(LIST, parameters)

    assert response.status_code == 200
    assert message in response.text.replace("&#x27;", "'")
    assert list(response.context["cl"].result_list) == []


def test_form_keeps_search_and_labels_every_field(client, auditor):
    page = client.get(LIST, {"q": "SEM-0001", "verb": "created"}).text

    assert '<input type="hidden" name="q" value="SEM-0001">' in page
    assert '<option value="created" selected>created</option>' in page
    for name in ("by", "record_model", "verb", "from", "to"):
        assert f'<label for="id_{name}">' in page, name


def test_filters_use_indexes(client, auditor):
    if connection.vendor != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on the number of rows")
    record = seminars.seminar()
    add(record, at="2024-05-06 08:00")
    for parameters, index in (
        ({"by": actor().pk}, "history_of_person"),
        ({"verb": "created"}, "history_of_action"),
        ({"record_model": "seminars.seminar"}, "history_of_"),
        ({"from": "2024-05-06", "to": "2024-05-06"}, "history_of_time"),
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            listed(client, **parameters)
        selects = [
            query["sql"]
            for query in queries
            if "history_deed" in query["sql"] and "LIMIT 1001" in query["sql"]
        ]
        assert selects, parameters
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {selects[0]}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert index in plan, (parameters, plan)
