"""Titles formed in the reader's language on pages, in feeds, search and the API."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from portal.content.catalogue import operations
from portal.content.catalogue.content_digest import row_value
from portal.content.catalogue.models import Entry
from portal.content.changes.models import Change
from portal.reference.directory.models import Country, Organ, Place, Topic
from tests.catalogues import use_catalogues, write_catalogue
from tests.factories.conference import document, edition
from tests.factories.delegations import visit
from tests.factories.directory import country, organ, party, place, topic
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import AT, published, published_together
from tests.factories.seminars import seminar
from tests.page_html import without_spans

pytestmark = pytest.mark.django_db
LAO = "ຖະແຫຼງການຮ່ວມຂອງກອງປະຊຸມຫົວໜ້າອົງການໄອຍະການ ຈີນ-ອາຊຽນ ຄັ້ງທີ 14"
ENGLISH, CHINESE = "Joint Statement of the 14th Conference", "第十四届会议联合声明"


@pytest.fixture
def statement():
    """A joint statement of an edition, with an English and a Chinese title."""
    record = document(
        "DOC-0026",
        edition=published(edition(14)),
        title_en=ENGLISH,
        title_zh_hans=CHINESE,
        signed_on=dt.date(2024, 10, 29),
        date_precision="day",
    )
    return published(record)


@pytest.fixture
def memorandum():
    """A memorandum of two organs with Thai names, on a topic, with an English title."""
    china = published(country("CN", name_th="จีน"))
    thailand = published(country("TH", name_th="ไทย"))
    organs = published_together(
        organ("cn-spp", country=china, name_th="อัยการจีน"),
        organ("th-oag", country=thailand, name_native="อัยการไทย", native_language="th"),
    )
    record = document(
        "DOC-0024",
        document_kind="mou",
        party_organs=organs,
        party_countries=[china, thailand],
        topics=[topic("extradition", name_th="การส่งผู้ร้ายข้ามแดน")],
        title_en="Memorandum of the prosecutors",
    )
    return published(record)


def html_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_detail_page_shows_formed_title_and_the_written_ones(client, statement):
    page = html_of(client, "/lo/documents/DOC-0026/")

    assert f"<h1>{LAO}</h1>" in without_spans(page)
    assert f"<title>{LAO}" in page
    assert f'<span lang="en">{ENGLISH}</span>' in page
    assert f'<span lang="zh-Hans">{CHINESE}</span>' in page
    data = page.partition('<script type="application/ld+json">')[2]
    nodes = json.loads(data.partition("</script>")[0])["@graph"]
    assert LAO in [node.get("name") for node in nodes]


def test_detail_page_marks_a_formed_title_once(client, statement):
    mark = "Wording by this website"
    published(visit("VIS-0001"))

    assert html_of(client, "/en/documents/DOC-0026/").count(mark) == 0
    assert html_of(client, "/en/delegations/VIS-0001/").count(mark) == 1
    assert html_of(client, "/en/conference/14/").count(mark) == 1


def test_page_in_the_language_of_a_written_title_shows_only_that(client, statement):
    for language, heading in (("en", ENGLISH), ("zh-hans", CHINESE)):
        response = client.get(f"/{language}/documents/DOC-0026/")

        assert response.context["page_title"].text == heading
        assert response.context["written_titles"] == []


def test_lists_home_feeds_and_search_show_the_formed_title(client, statement):
    paths = (
        "/lo/",
        "/lo/documents/",
        "/lo/conference/14/",
        "/lo/feed.atom?kind=document",
        "/lo/search/?q=ຖະແຫຼງການຮ່ວມ",
    )
    for path in paths:
        page = html_of(client, path)
        # Search results mark the words that were searched for.
        page = without_spans(page).replace("<mark>", "").replace("</mark>", "")
        assert LAO in page, path
        assert ENGLISH not in page, path
    feed = json.loads(html_of(client, "/lo/feed.json?kind=document"))
    assert [item["title"] for item in feed["items"]] == [LAO]


def test_calendar_has_formed_titles_of_events(client):
    published_together(country("CN", name_lo="ຈີນ"), country("VN", name_lo="ຫວຽດນາມ"))
    record = visit(
        "VIS-0001", starts_on=dt.date(2024, 5, 2), date_precision="day", title_en="A"
    )
    published(record)

    lines = html_of(client, "/lo/calendar.ics").replace("\r\n ", "")

    title = client.get("/lo/delegations/VIS-0001/").context["page_title"].text
    assert "ຫວຽດນາມ" in title
    summary = title.replace(",", "\\,")
    assert f"SUMMARY;LANGUAGE=lo:{summary}" in lines


def test_api_marks_formed_titles(client, statement):
    lao = client.get("/api/v1/documents/DOC-0026/?lang=lo").json()
    english = client.get("/api/v1/documents/DOC-0026/?lang=en").json()
    result = client.get("/api/v1/search/?q=DOC-0026&lang=lo").json()["results"][0]

    assert (lao["name"], lao["name_is_formed"], lao["title"]) == (LAO, True, ENGLISH)
    assert lao["fallback"] == {"title": "en"}
    assert (english["name"], english["name_is_formed"]) == (ENGLISH, False)
    assert (result["title"], result["title_is_formed"]) == (LAO, True)
    assert "title" not in result["fallback"]


def test_search_finds_a_record_by_its_formed_title(client, statement):
    for query in (LAO, "ຖະແຫຼງການຮ່ວມ", "แถลงการณ์ร่วม", "Tuyên bố chung"):
        results = client.get("/api/v1/search/", {"q": query}).json()["results"]

        assert ("document", "DOC-0026") in [(r["kind"], r["code"]) for r in results]


def test_related_documents_have_their_formed_titles(client, memorandum):
    published(visit("VIS-0001", outcome_document=memorandum))
    published(meeting("MTG-0001", outcome_document=memorandum))
    published(mechanism("border", legal_basis=memorandum))
    title = client.get("/th/documents/DOC-0024/").context["page_title"]
    assert title.is_formed
    assert "อัยการจีน" in title.text
    assert "อัยการไทย" in title.text

    for path in ("delegations/VIS-0001", "exchanges/meetings/MTG-0001"):
        assert title.text in html_of(client, f"/th/{path}/")
    assert title.text in html_of(client, "/th/exchanges/border/")


@pytest.fixture
def border_mechanism(settings, tmp_path):
    """A mechanism of Guangxi and Viet Nam, with an English name and Lao titles."""
    message = "Regular border meeting of the prosecution services of %(sides)s"
    write_catalogue(
        tmp_path, "lo", missing={("", message)}, instead=lambda _: "ພົບປະ %(sides)s"
    )
    use_catalogues(settings, tmp_path)
    china, vietnam = published_together(
        country("CN", name_lo="ຈີນ"), country("VN", name_lo="ຫວຽດນາມ")
    )
    guangxi = place("guangxi", country=china, name_lo="ກວາງຊີ")
    return published(
        mechanism(
            "border",
            name_en="Border meetings",
            side_a_organs=[published(organ("cn-gx", country=china, area=guangxi))],
            other_country=vietnam,
        )
    )


def test_mechanism_without_a_name_in_the_language_has_a_formed_title(
    client, border_mechanism
):
    meeting_record = meeting("MTG-0001", mechanism=border_mechanism, title_en="A")
    published(meeting_record)
    title = "ພົບປະ ກວາງຊີ (ຈີນ) ແລະ ຫວຽດນາມ"

    page = html_of(client, "/lo/exchanges/border/")

    # Some words are marked so that they stay on one line.
    assert strip_tags(page.split("<h1>")[1].split("</h1>")[0]) == title
    assert '<span lang="en">Border meetings</span>' in page
    for path in (
        "exchanges/",
        "exchanges/meetings/MTG-0001/",
        "counterparts/?organ=cn-gx",
        "organs/cn-gx/",
        "search/?q=border",
    ):
        page = strip_tags(html_of(client, f"/lo/{path}"))
        assert title in page, path
        assert "Border meetings" not in page, path
    assert "<h1>Border meetings</h1>" in html_of(client, "/en/exchanges/border/")


def test_renamed_area_refreshes_the_mechanism_that_names_it(client, border_mechanism):
    guangxi = Place.objects.get(key="guangxi")
    Place.objects.filter(pk=guangxi.pk).update(name_lo="ກວ່າງຊີ")

    operations.refresh_all(axis="row", values=[row_value(guangxi)], at=AT)

    change = Change.objects.filter(kind="mechanism").latest("position")
    assert (change.code, change.changed_at) == ("border", AT)
    assert "ກວ່າງຊີ" in html_of(client, "/lo/exchanges/border/")


def test_list_detail_api_and_search_form_the_same_title(client, memorandum):
    detail = client.get("/th/documents/DOC-0024/").context["page_title"].text
    card = client.get("/th/documents/").context["entries"][0].title.text
    name = client.get("/api/v1/documents/DOC-0024/?lang=th").json()["name"]
    result = client.get("/api/v1/search/?q=DOC-0024&lang=th").json()["results"]

    assert card == name == result[0]["title"] == detail


@pytest.mark.parametrize(
    ("model", "key"),
    [(Organ, "cn-spp"), (Topic, "extradition"), (Country, "TH")],
)
def test_new_name_refreshes_the_entries_whose_titles_contain_it(
    client, memorandum, model, key
):
    row = model._base_manager.get(**{model.link_key: key})
    if model is Topic:
        # Two organs are named without a topic.
        Organ._base_manager.filter(key="cn-spp").update(name_th="")
    elif model is Country:
        Organ._base_manager.update(name_th="", native_language="")
    operations.rebuild(at=AT)
    model._base_manager.filter(pk=row.pk).update(name_th="ชื่อใหม่")
    at = AT + dt.timedelta(days=1)

    operations.refresh_all(axis="row", values=[row_value(row)], at=at)

    change = Change.objects.filter(kind="document").latest("position")
    assert (change.code, change.changed_at) == ("DOC-0024", at)
    results = client.get("/api/v1/search/?q=ชื่อใหม่&kind=document").json()["results"]
    assert [result["code"] for result in results] == ["DOC-0024"]
    card = client.get("/th/documents/").context["entries"][0]
    assert "ชื่อใหม่" in card.title.text


def test_renamed_place_refreshes_the_seminar_that_names_it():
    row = place("nanning", name_th="หนานหนิง")
    dates = {"starts_on": dt.date(2019, 9, 1), "date_precision": "month"}
    record = published(seminar("SEM-0001", places=[row], **dates))
    digest = Entry.objects.get(kind="seminar").digest
    Place.objects.filter(pk=row.pk).update(name_th="นครหนานหนิง")

    operations.refresh_all(axis="row", values=[row_value(row)], at=AT)

    assert Entry.objects.get(kind="seminar", code=record.code).digest != digest


def test_rebuild_of_a_healthy_catalogue_changes_nothing(statement, memorandum):
    published(seminar("SEM-0001", topics=[topic("training", name_th="การฝึกอบรม")]))
    published(visit("VIS-0001"))

    changed, removed, _unchanged = operations.rebuild(at=AT)

    assert (changed, removed) == (0, 0)


def test_entry_of_the_previous_release_is_shown_with_its_written_title(client):
    published(document("DOC-0001", title_en="A written title"))
    Entry.objects.filter(kind="document").update(facts={})

    card = client.get("/lo/documents/").context["entries"][0]

    assert (card.title.text, card.title.tag) == ("A written title", "en")


def test_draft_organ_is_not_named(client):
    china = published(country("CN", name_th="จีน"))
    hidden = organ("vn-secret", country=china, name_th="หน่วยงานลับ")
    record = visit("VIS-0001", from_country=china, from_organs=[hidden])
    published(record)
    published(seminar("SEM-0001", organiser_organs=[hidden], title_en="One"))

    for path in (
        "/th/delegations/",
        "/th/delegations/VIS-0001/",
        "/th/seminars/",
        "/api/v1/visits/?lang=th",
        "/api/v1/search/?q=VIS-0001&lang=th",
    ):
        assert "หน่วยงานลับ" not in html_of(client, path)


def test_lists_of_1_3_and_20_records_take_the_same_number_of_queries(client):
    china = published(country("CN", name_lo="ຈີນ"))
    vietnam = published(country("VN", name_lo="ຫວຽດນາມ"))
    nanning, training = place("nanning", country=china), topic("training")
    organs = published_together(
        organ("cn-one", country=china, area=nanning),
        organ("vn-one", country=vietnam),
    )
    paths = ["/lo/documents/", "/lo/delegations/", "/lo/seminars/"]
    paths += ["/lo/organs/vn-one/", "/lo/feed.atom", "/lo/search/?q=sample"]
    paths += ["/lo/exchanges/", "/api/v1/visits/?lang=lo"]
    paths += ["/api/v1/documents/?lang=lo", "/api/v1/search/?q=sample&lang=lo"]
    counts = []
    for rows in (1, 2, 17):
        for _ in range(rows):
            published_together(
                document(
                    document_kind="mou",
                    party_organs=organs,
                    party_countries=[china, vietnam],
                    topics=[training],
                    title_en="Sample",
                ),
            )
            published(visit(from_organs=[organs[0]], title_en="Sample"))
            published(
                mechanism(side_a_organs=[organs[0]], other_country=vietnam),
            )
            published(seminar(topics=[training], places=[nanning], title_en="Sample"))
        counts.append([])
        for path in paths:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts[-1].append(len(queries))

    assert counts[0] == counts[1] == counts[2]


def test_party_that_is_not_on_record_keeps_the_written_title(client):
    china = published(country("CN", name_lo="ຈີນ"))
    record = document(
        "DOC-0002",
        document_kind="agreement",
        named_parties=[party("Hong Kong", country=china)],
        party_countries=[china],
        title_en="Agreement of Hong Kong",
    )
    published(record)

    page = html_of(client, "/lo/documents/DOC-0002/")

    assert '<h1><span lang="en">Agreement of Hong Kong</span></h1>' in page
