"""Long public lists: counts stop at 1000, lists at 50 pages, with a hint to filter."""

import datetime as dt

import pytest

from portal.content.catalogue.models import Entry
from tests.factories.publishing import AT
from tests.page_html import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def articles(request):
    Entry.objects.bulk_create(
        Entry(
            kind="article", code=f"a-{n:05}", revision=1, path=f"news/a-{n:05}/",
            sort_on=dt.date(2024, 1, 1), published_at=AT, changed_at=AT, sequence=1,
            content_changed_at=AT,
        )
        for n in range(request.param)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("articles", "message"),
    [(1, "1 record"), (1000, "1000 records"), (1001, "More than 1,000 records")],
    indirect=["articles"],
)
def test_list_count_is_capped_at_1000(articles, message, client):
    page = client.get("/en/news/").content.decode()

    heading = page.split('<h2 class="count"')[1].split("</h2>")[0].split(">", 1)[1]
    assert " ".join(heading.split()) == message


@pytest.mark.parametrize("articles", [1001], indirect=True)
def test_last_page_of_capped_list_says_there_are_more(articles, client):
    page = text_of(client, "/en/news/?page=50")

    assert "Page 50 of 50" in page
    assert "There are more results. Use filters to narrow them down." in page
    assert "Next page" not in page


@pytest.mark.parametrize("articles", [1000], indirect=True)
def test_last_page_of_exactly_full_list_has_no_more_notice(articles, client):
    page = text_of(client, "/en/news/?page=50")

    assert "Page 50 of 50" in page
    assert "There are more." not in page


@pytest.mark.parametrize("articles", [1041], indirect=True)
@pytest.mark.parametrize("number", ["51", "52", "999999"])
def test_page_number_above_limit_explains_filters(articles, number, client):
    response = client.get(f"/en/news/?page={number}")

    message = "Only 50 pages are shown. Use filters to narrow the list."
    assert response.status_code == 404
    assert message in response.content.decode()


def test_unknown_path_404_has_no_list_hint(client):
    response = client.get("/en/nowhere/")

    assert response.status_code == 404
    assert "pages are shown" not in response.content.decode()
