"""Unknown filter values: 400 for closed lists, an empty list for keys of records."""

import pytest

from portal.content.catalogue.registry import all_kinds
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country, country, organ, topic
from tests.factories.exchanges import mechanism
from tests.factories.publishing import published, withdrawn

pytestmark = pytest.mark.django_db
CLOSED = ("kind", "scope", "direction", "state", "done", "dated")
STATES = ["planned", "held", "postponed", "cancelled"]


@pytest.fixture
def vietnam():
    return published(country("VN"))


def refused(client, path: str) -> dict:
    response = client.get(path)
    body = response.json()
    assert (response.status_code, body["status"]) == (400, 400), path
    assert response["Content-Type"] == "application/problem+json"
    assert body["code"] == "bad-parameter"
    return body


def get_json(client, path: str) -> tuple[int, dict]:
    response = client.get(path)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("path", "parameter", "value", "allowed"),
    [
        ("articles/?country=Vietnam", "country", "Vietnam", ["VN"]),
        ("articles/?country=ZZ", "country", "ZZ", ["VN"]),
        ("articles/?country=%00", "country", "\x00", ["VN"]),
        ("articles/?country=V%20N", "country", "V N", ["VN"]),
        (f"articles/?country={'V' * 5000}", "country", "V" * 100, ["VN"]),
        ("editions/?state=zzz", "state", "zzz", STATES),
        ("editions/?state=HELD", "state", "HELD", STATES),
        ("editions/?state=%3Cb%3E", "state", "<b>", STATES),
        ("visits/?direction=sideways", "direction", "sideways", None),
        ("visits/?scope=all", "scope", "all", None),
        ("documents/?kind=zzz", "kind", "zzz", None),
        ("mechanisms/?state=held", "state", "held", None),
        ("figures/?kind=zzz", "kind", "zzz", None),
        ("articles/?dated=maybe", "dated", "maybe", ["yes", "no"]),
        ("editions/?done=no", "done", "no", ["yes"]),
        ("search/?q=a&kind=zzz", "kind", "zzz", None),
        ("search/?q=a&kind=%00", "kind", "\x00", None),
        ("search/?q=a&country=Vietnam", "country", "Vietnam", ["VN"]),
        ("search/?q=a&country=ZZ", "country", "ZZ", ["VN"]),
        ("search/?q=a&order=worst", "order", "worst", ["best", "newest"]),
        ("figures/counted/?country=ZZ", "country", "ZZ", ["VN"]),
        ("figures/counted/?country=Vietnam", "country", "Vietnam", ["VN"]),
        ("articles/?lang=xx", "lang", "xx", None),
    ],
)
def test_value_outside_a_closed_list_is_400_with_the_allowed_values(
    client, vietnam, path, parameter, value, allowed
):
    body = refused(client, f"/api/v1/{path}")

    assert (body["parameter"], body["value"]) == (parameter, value)
    assert body["allowed"] == (allowed or body["allowed"])
    assert all(name in body["detail"] for name in body["allowed"])


def test_every_value_of_every_closed_list_is_accepted(client, vietnam):
    addresses = {
        "edition": "editions",
        "document": "documents",
        "article": "articles",
        "seminar": "seminars",
        "visit": "visits",
        "mechanism": "mechanisms",
        "meeting": "meetings",
        "figure": "figures",
        "organ": "organs",
        "country": "countries",
        "page": "pages",
    }
    assert set(addresses) == {kind.code for kind in all_kinds()}
    checked = 0
    for kind in all_kinds():
        for name in {*CLOSED, "country"} & set(kind.filters):
            path = f"/api/v1/{addresses[kind.code]}/?{name}="
            for value in refused(client, f"{path}zzz")["allowed"]:
                assert client.get(path + value).status_code == 200, path + value
                checked += 1
    assert checked > 40


def test_code_of_a_country_is_accepted_in_either_case(client, vietnam):
    for path in ("articles/?country=vn", "search/?q=a&country=vn"):
        assert client.get(f"/api/v1/{path}").status_code == 200


def test_unpublished_country_is_answered_like_an_unknown_one(client, vietnam):
    draft, withdrawn_country = any_country("LA"), withdrawn(any_country("TH"))
    published(
        article(
            "opening", title_en="Opening", countries=[draft, withdrawn_country, vietnam]
        )
    )

    for code in ("LA", "TH"):
        for path in ("articles/?", "search/?q=opening&", "figures/counted/?"):
            of_draft = refused(client, f"/api/v1/{path}country={code}")
            of_none = refused(client, f"/api/v1/{path}country=ZZ")

            assert {**of_draft, "value": "ZZ"} == of_none
            assert of_none["allowed"] == ["VN"]


def test_search_names_only_published_countries(client, vietnam):
    draft = any_country("LA")
    published(article("opening", title_en="Opening", countries=[draft, vietnam]))

    body = client.get("/api/v1/search/?q=opening").json()

    assert [result["countries"] for result in body["results"]] == [["VN"]]
    assert body["facets"]["country"] == {"VN": 1}
    assert body["facets"]["kind"] == {"article": 1}


def test_unknown_and_unpublished_keys_of_records_answer_the_same_empty_list(client):
    vietnam = published(any_country("VN"))
    draft = organ("secret-organ", country=vietnam)
    withdrawn_organ = withdrawn(organ("gone-organ", country=vietnam))
    open_ = published(organ("open-organ", country=vietnam))
    published(article("opening", organs=[draft, withdrawn_organ, open_]))
    published(edition(1, host_organs=[draft, withdrawn_organ, open_]))
    published(visit("VST-0001", from_organs=[draft, withdrawn_organ, open_]))
    published(mechanism("one", side_a_organs=[draft, withdrawn_organ, open_]))
    empty = {"next": None, "previous": None, "results": []}

    for name in ("articles", "editions", "visits", "mechanisms"):
        path = f"/api/v1/{name}/?organ="
        for key in ("unknown-organ", "secret-organ", "gone-organ"):
            assert get_json(client, path + key) == (200, empty), path + key
        assert len(client.get(f"{path}open-organ").json()["results"]) == 1, path


def test_unknown_topic_and_topic_of_a_draft_answer_the_same_empty_list(client):
    article("draft", topics=[topic("of-a-draft")])
    published(document("DOC-0001", topics=[topic("training")]))

    for key in ("of-a-draft", "unknown"):
        status, body = get_json(client, f"/api/v1/documents/?topic={key}")
        assert (status, body["results"]) == (200, [])
    assert len(get_json(client, "/api/v1/documents/?topic=training")[1]["results"]) == 1


def test_pages_feeds_and_calendars_still_show_nothing_for_an_unknown_value(client):
    published(article("opening"))

    for path in (
        "/en/news/?country=ZZ",
        "/en/feed.json?country=ZZ",
        "/en/feed.atom?state=zzz",
        "/en/calendar.ics?kind=zzz",
        "/en/conference/?state=zzz",
    ):
        assert client.get(path).status_code == 200, path
