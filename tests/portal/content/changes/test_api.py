import pytest

from portal.content.changes.choices import ChangeAction
from portal.content.changes.operations import append_change
from tests.factories.conference import article
from tests.factories.publishing import AT, published, withdrawn

pytestmark = pytest.mark.django_db
URL = "/api/v1/changes/"


def appended(count: int) -> None:
    for number in range(1, count + 1):
        append_change(
            kind="article",
            code=f"a{number}",
            action=ChangeAction.PUBLISHED,
            revision=1,
            at=AT,
        )


def test_change_includes_position_kind_code_and_action(client):
    article("draft")
    published(article("opening"))
    withdrawn(article("gone"))

    response = client.get(URL).json()

    assert response["results"] == [
        {
            "position": position,
            "kind": "article",
            "code": code,
            "action": action,
            "revision": 1,
            "changed_at": "2024-05-06T16:00:00+08:00",
        }
        for position, code, action in [
            (1, "opening", "published"),
            (2, "gone", "published"),
            (3, "gone", "withdrawn"),
        ]
    ]


def test_after_excludes_earlier_changes(client):
    appended(3)

    response = client.get(URL, {"after": "2"}).json()

    assert [change["position"] for change in response["results"]] == [3]


def test_following_next_includes_changes_added_between_requests(client):
    appended(3)
    first = client.get(URL, {"page_size": "2"}).json()
    append_change(
        kind="article", code="new", action=ChangeAction.PUBLISHED, revision=1, at=AT
    )

    second = client.get(first["next"]).json()

    received_changes = first["results"] + second["results"]
    assert [change["position"] for change in received_changes] == [1, 2, 3, 4]
    assert second["next"] is None


@pytest.mark.parametrize("value", ["", "-1", "x", "1.5", "١", "1" * 19])
def test_invalid_after_is_rejected(client, value):
    response = client.get(URL, {"after": value})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameter"] == "after"
    assert response.json()["value"] == value


def test_unknown_parameter_is_refused(client):
    response = client.get(URL, {"since": "1"})

    assert response.status_code == 400
    assert response.json()["parameter"] == "since"


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_one_query(client, rows, django_assert_num_queries):
    appended(rows)

    with django_assert_num_queries(1):
        response = client.get(URL)

    assert len(response.json()["results"]) == rows
