"""One search over everything at the desk: what a person may see, a few of each."""

import pytest
from django.contrib.auth.models import Permission

from tests.factories.directory import organ
from tests.factories.people import person
from tests.factories.publishing import staff
from tests.factories.seminars import participant, seminar

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/search/"
# One for each list that can be searched; session, person, index of the catalogue.
QUERIES = 34


@pytest.fixture
def chief(client):
    client.force_login(staff(is_superuser=True))
    return client


def found(client, q: str) -> dict[str, list[str]]:
    groups = client.get(ADDRESS, {"q": q}).context["groups"]
    return {str(group.label): [row.name for row in group.rows] for group in groups}


def test_rows_of_every_kind_are_found(chief):
    record = seminar("SEM-0001", title_en="Sample Lotus seminar")
    trainee = person("Sample Lotus", organ=organ(name_en="Sample Lotus Office"))
    participant(record, person=trainee)

    assert found(chief, "lotus") == {
        "people": ["Sample Lotus"],
        "organs": ["Sample Lotus Office"],
        "seminars": ["SEM-0001 Sample Lotus seminar"],
        "participants": ["Sample Lotus SEM-0001"],
    }


def test_found_row_leads_to_its_form(chief):
    record = seminar("SEM-0001", title_en="Sample Lotus seminar")

    page = chief.get(ADDRESS, {"q": "SEM-0001"}).content.decode()

    assert f'href="/admin/seminars/seminar/{record.pk}/change/"' in page


def test_nothing_is_found_that_may_not_be_seen(client):
    seminar("SEM-0001", title_en="Sample Lotus seminar")
    person("Sample Lotus")
    permission = Permission.objects.get(codename="view_seminar")
    client.force_login(staff(permissions=[permission]))

    assert found(client, "lotus") == {"seminars": ["SEM-0001 Sample Lotus seminar"]}
    page = client.get(ADDRESS, {"q": "lotus"}).content.decode()
    assert "/admin/people/" not in page


def test_more_than_five_of_a_kind_are_a_link_to_the_list(chief):
    for number in range(6):
        seminar(f"SEM-{number + 1:04}", title_en="Sample Lotus")

    page = chief.get(ADDRESS, {"q": "lotus"})

    (group,) = page.context["groups"]
    assert len(group.rows) == 5
    assert group.more_url == "/admin/seminars/seminar/?q=lotus"


@pytest.mark.parametrize("q", ["", "  ", "\0", "no-such-thing"])
def test_search_without_a_hit_says_what_to_do(chief, q):
    seminar("SEM-0001")

    page = chief.get(ADDRESS, {"q": q})

    assert page.status_code == 200
    assert page.context["groups"] == []


def test_words_typed_are_shown_as_words(chief):
    page = chief.get(ADDRESS, {"q": "<script>"}).content.decode()

    assert "<script>”" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("number", [1, 3])
def test_search_costs_the_same_for_any_number(chief, django_assert_num_queries, number):
    for row in range(number):
        record = seminar(f"SEM-{row + 1:04}", title_en="Sample Lotus")
        participant(record, person=person(f"Sample Lotus {row}"))
        organ(name_en=f"Sample Lotus {row}")
    chief.get(ADDRESS, {"q": "lotus"})

    with django_assert_num_queries(QUERIES):
        page = chief.get(ADDRESS, {"q": "lotus"})

    assert {len(group.rows) for group in page.context["groups"]} == {number}


def test_search_counts_nothing(chief, django_assert_num_queries):
    seminar("SEM-0001", title_en="Sample Lotus")

    with django_assert_num_queries(QUERIES) as captured:
        chief.get(ADDRESS, {"q": "lotus"})

    assert [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()] == []
