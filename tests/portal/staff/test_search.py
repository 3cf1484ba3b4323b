"""Global search of the staff admin: a few permitted results of each model."""

import pytest
from django.contrib.auth.models import Permission

from tests.factories.conference import document
from tests.factories.directory import organ, topic
from tests.factories.people import person
from tests.factories.publishing import staff
from tests.factories.seminars import participant, seminar

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/search/"
# One query per searchable changelist; session, user and catalogue index.
QUERIES = 35


@pytest.fixture
def chief(client):
    client.force_login(staff(is_superuser=True))
    return client


def search_results(client, q: str) -> dict[str, list[str]]:
    groups = client.get(ADDRESS, {"q": q}).context["groups"]
    return {str(group.label): [row.name for row in group.rows] for group in groups}


def test_every_model_is_searchable(chief):
    record = seminar("SEM-0001", title_en="Sample Lotus seminar")
    trainee = person("Sample Lotus", organ=organ(name_en="Sample Lotus Office"))
    participant(record, person=trainee)

    assert search_results(chief, "lotus") == {
        "people": ["Sample Lotus"],
        "organisations": ["Sample Lotus Office"],
        "seminars": ["SEM-0001 Sample Lotus seminar"],
        "participants": ["Sample Lotus SEM-0001"],
    }


def test_hit_links_to_change_form(chief):
    record = seminar("SEM-0001", title_en="Sample Lotus seminar")

    page = chief.get(ADDRESS, {"q": "SEM-0001"}).content.decode()

    assert f'href="/admin/seminars/seminar/{record.pk}/change/"' in page


def test_groups_are_in_the_order_of_the_navigation(chief):
    topic("sample-topic", name_en="Sample topic")
    seminar("SEM-0001", title_en="Sample seminar")
    document("DOC-0001", title_en="Sample document")

    labels = list(search_results(chief, "sample"))

    assert labels == ["documents", "seminars", "topics", "users"]


def test_search_excludes_rows_without_view_permission(client):
    seminar("SEM-0001", title_en="Sample Lotus seminar")
    person("Sample Lotus")
    permission = Permission.objects.get(codename="view_seminar")
    client.force_login(staff(permissions=[permission]))

    assert search_results(client, "lotus") == {
        "seminars": ["SEM-0001 Sample Lotus seminar"]
    }
    page = client.get(ADDRESS, {"q": "lotus"}).content.decode()
    assert "/admin/people/" not in page


def test_more_than_five_hits_link_to_changelist(chief):
    for number in range(6):
        seminar(f"SEM-{number + 1:04}", title_en="Sample Lotus")

    page = chief.get(ADDRESS, {"q": "lotus"})

    (group,) = page.context["groups"]
    assert len(group.rows) == 5
    assert group.all_results_url == "/admin/seminars/seminar/?q=lotus"


@pytest.mark.parametrize("q", ["", "  ", "\0", "no-such-thing"])
def test_search_without_hits_shows_help(chief, q):
    seminar("SEM-0001")

    page = chief.get(ADDRESS, {"q": q})

    assert page.status_code == 200
    assert page.context["groups"] == []


def test_query_is_escaped_in_output(chief):
    page = chief.get(ADDRESS, {"q": "<script>"}).content.decode()

    assert "<script>”" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("number", [1, 3])
def test_search_query_count_is_constant(chief, django_assert_num_queries, number):
    for row in range(number):
        record = seminar(f"SEM-{row + 1:04}", title_en="Sample Lotus")
        participant(record, person=person(f"Sample Lotus {row}"))
        organ(name_en=f"Sample Lotus {row}")
    chief.get(ADDRESS, {"q": "lotus"})

    with django_assert_num_queries(QUERIES):
        page = chief.get(ADDRESS, {"q": "lotus"})

    assert {len(group.rows) for group in page.context["groups"]} == {number}


def test_search_runs_no_count_queries(chief, django_assert_num_queries):
    seminar("SEM-0001", title_en="Sample Lotus")

    with django_assert_num_queries(QUERIES) as captured:
        chief.get(ADDRESS, {"q": "lotus"})

    assert [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()] == []
