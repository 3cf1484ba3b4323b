"""Metadata in the head of pages: alternates, descriptions, Open Graph and feeds."""

import datetime as dt
import re

import pytest

from portal.content.catalogue.models import Entry
from portal.core.languages import LANGUAGES
from portal.website.page_metadata import default_language_code, open_graph_locale
from portal.website.sitemap_urls import static_page_urls
from tests.factories.conference import article, document, edition
from tests.factories.delegations import visit
from tests.factories.directory import any_country, organ
from tests.factories.exchanges import mechanism, meeting
from tests.factories.publishing import published, published_together, withdrawn
from tests.factories.seminars import seminar
from tests.failures import collect_failures

pytestmark = pytest.mark.django_db
TAGS = [
    "zh-Hans",
    "zh-Hant",
    "en",
    "vi",
    "th",
    "lo",
    "km",
    "my",
    "id",
    "ms",
    "fil",
    "pt",
]
HOST = "http://testserver"


def head(client, address: str) -> str:
    return client.get(address).content.decode().split("</head>")[0]


def alternates(client, address: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', head(client, address)
    )


def meta(client, address: str) -> dict[str, str]:
    tags = re.findall(
        r'<meta (?:property|name)="([^"]*)"\s+content="([^"]*)">', head(client, address)
    )
    return {name: value for name, value in tags if name != "og:locale:alternate"}


@pytest.mark.parametrize("path", ["", "news/", "calendar/", "contact/", "countries/"])
def test_static_page_has_alternates_in_all_languages(path, client):
    assert alternates(client, f"/km/{path}?year=2024") == [
        *[(language.tag, f"{HOST}/{language.code}/{path}") for language in LANGUAGES],
        ("x-default", f"{HOST}/en/{path}"),
    ]


def test_record_has_alternates_in_written_languages(client):
    published(article("opening", title_en="", title_zh_hans="开幕", title_th="เปิด"))

    expected = [
        ("zh-Hans", f"{HOST}/zh-hans/news/opening/"),
        ("th", f"{HOST}/th/news/opening/"),
        ("x-default", f"{HOST}/zh-hans/news/opening/"),
    ]
    assert alternates(client, "/th/news/opening/") == expected
    assert alternates(client, "/en/news/opening/") == expected


def test_record_with_a_formed_title_has_alternates_in_all_languages(client):
    published(edition(5, theme_en=""))

    codes = [code for code, _url in alternates(client, "/en/conference/5/")]
    assert codes == [*TAGS, "x-default"]


def canonical(client, address: str) -> str:
    [url] = re.findall(r'<link rel="canonical" href="(.*?)">', head(client, address))
    assert meta(client, address)["og:url"] == url
    return url.removeprefix(HOST)


@pytest.mark.parametrize(
    ("language", "canonical_language", "content_language"),
    [
        ("en", "en", "en"),
        ("zh-hans", "zh-hans", "zh-Hans"),
        # Converted from simplified characters.
        ("zh-hant", "zh-hans", "zh-Hant, zh-Hans"),
        # Only the title is in Thai.
        ("th", "en", "th, en"),
        ("vi", "en", "vi, en"),
    ],
)
def test_page_in_a_missing_language_names_the_page_of_the_shown_one(
    client, language, canonical_language, content_language
):
    published(
        article(
            "opening",
            title_en="Opening",
            title_zh_hans="开幕",
            title_th="เปิด",
            summary_en="Summary",
            summary_zh_hans="摘要",
        )
    )
    address = f"/{language}/news/opening/"

    assert canonical(client, address) == f"/{canonical_language}/news/opening/"
    assert client.get(address)["Content-Language"] == content_language
    # The printed page names its own address.
    assert f"{HOST}{address}</p>" in client.get(address).content.decode()


def test_page_without_a_readable_fallback_names_the_default_language(client):
    published(edition(5, theme_en="", theme_th="หัวข้อ"))

    assert canonical(client, "/vi/conference/5/") == "/th/conference/5/"


def test_list_is_canonical_in_its_own_language(client):
    assert canonical(client, "/vi/news/") == "/vi/news/"


def test_gone_page_has_no_alternates_or_open_graph_tags(client):
    withdrawn(article("gone"))

    response = client.get("/en/news/gone/")

    assert response.status_code == 410
    assert b'rel="alternate"' not in response.content
    assert b"og:" not in response.content


@pytest.mark.parametrize(
    ("codes", "first"),
    [
        (["th", "en"], "en"),
        (["zh-hans", "vi"], "zh-hans"),
        (["pt", "vi"], "vi"),
        ([], ""),
    ],
)
def test_x_default_alternate_is_first_preferred_language(codes, first):
    assert default_language_code(codes) == first


def test_open_graph_locale_codes():
    names = [open_graph_locale(language) for language in LANGUAGES]

    assert " ".join(names) == (
        "zh_CN zh_HK en_GB vi_VN th_TH lo_LA km_KH my_MM id_ID ms_MY fil_PH pt_PT"
    )


def test_record_has_open_graph_tags(client):
    published(seminar("SEM-0001", title_en='A "B" & <C>', title_th="ตัวอย่าง"))

    tags = meta(client, "/en/seminars/SEM-0001/")

    title = "A &quot;B&quot; &amp; &lt;C&gt;"
    shared = {
        name: value for name, value in tags.items() if name.startswith(("og:", "tw"))
    }
    description = shared.pop("og:description")
    assert description == tags["description"]
    assert shared == {
        "og:title": f"{title}",
        "og:type": "article",
        "og:url": f"{HOST}/en/seminars/SEM-0001/",
        "og:site_name": "China-ASEAN Prosecutors-General Conference",
        "og:locale": "en_GB",
        "og:image": f"{HOST}/en/seminars/SEM-0001/card.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": title,
        "twitter:card": "summary_large_image",
    }
    assert re.findall(
        'og:locale:alternate" content="(.*?)"', head(client, "/en/seminars/SEM-0001/")
    ) == ["th_TH"]


@pytest.mark.parametrize(
    ("language", "description"),
    [
        ("en", "Two &quot;days&quot; in Nanning."),
        ("zh-hant", "在南寧舉行，為期兩天，面向東盟成員國檢察官。"),
    ],
)
def test_record_has_meta_description(client, language, description):
    english = 'Two "days"\n\nin Nanning.'
    chinese = "在南宁举行，为期两天，面向东盟成员国检察官。"
    published(seminar("SEM-1", summary_en=english, summary_zh_hans=chinese))

    assert meta(client, f"/{language}/seminars/SEM-1/")["description"] == description


def test_long_description_is_truncated_at_line_break_opportunity(client):
    text = "សិក្ខាសាលា"
    published(seminar("SEM-1", title_en="One", summary_km=text * 60))

    description = meta(client, "/km/seminars/SEM-1/")["description"]

    assert description == f"{text * (200 // len(text))} …"


def test_record_without_description_is_described_by_its_facts(client):
    published(seminar("SEM-0001", title_en="One", summary_en="Two days."))

    description = meta(client, "/th/seminars/SEM-0001/")["description"]

    assert description == "One, SEM-0001"


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/en/", "China-ASEAN Prosecutors-General Conference"),
        ("/en/contact/", "Contact"),
        ("/en/news/?year=2024", "News"),
    ],
)
def test_non_record_page_uses_site_share_image(address, title, client):
    tags = meta(client, address)

    assert tags["og:title"] == title
    assert tags["og:type"] == "website"
    assert tags["og:image"] == f"{HOST}/en/card.png"


# ------------------------------------------------------------------------------- feeds


def feeds(client, address: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<link rel="alternate" type="(.*?)" href="(.*?)">', head(client, address)
    )


def test_list_links_feeds_with_filters(client):
    assert feeds(client, "/vi/seminars/?country=VN&year=&page=1&text=large") == [
        ("text/calendar", "/vi/calendar.ics?country=VN&amp;kind=seminar"),
        ("application/atom+xml", "/vi/feed.atom?country=VN&amp;kind=seminar"),
        ("application/feed+json", "/vi/feed.json?country=VN&amp;kind=seminar"),
    ]


def test_non_event_list_has_no_calendar_link(client):
    assert feeds(client, "/en/documents/?kind=treaty") == [
        ("application/atom+xml", "/en/feed.atom?kind=treaty"),
        ("application/feed+json", "/en/feed.json?kind=treaty"),
    ]


@pytest.mark.parametrize("address", ["/en/", "/en/calendar/"])
def test_home_and_calendar_link_unfiltered_feeds(address, client):
    assert [url for _type, url in feeds(client, address)] == [
        "/en/calendar.ics",
        "/en/feed.atom",
        "/en/feed.json",
    ]


@pytest.mark.parametrize("address", ["/en/contact/", "/en/news/opening/"])
def test_page_without_list_has_no_feed_links(address, client):
    published(article("opening"))

    assert feeds(client, address) == []


@pytest.mark.parametrize(
    "path", ["conference", "documents", "news", "seminars", "delegations", "exchanges"]
)
def test_list_feed_links_respond_and_are_visible(path, client):
    text = client.get(f"/en/{path}/?country=VN").content.decode()

    offered = feeds(client, f"/en/{path}/?country=VN")
    main = text.split("<main")[1]

    for media_type, url in offered:
        response = client.get(url.replace("&amp;", "&"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(media_type)
        assert f'href="{url}"' in main


def title_of(client, address: str) -> str:
    [title] = re.findall(r"<title>(.*?) –", head(client, address), re.DOTALL)
    return " ".join(title.split())


def test_title_in_the_head_has_the_date_or_the_code(client):
    day = dt.date(2024, 5, 6)
    published(seminar("SEM-0001", title_en="One", starts_on=day, date_precision="day"))
    published(seminar("SEM-0002", title_en="One"))
    published(
        seminar(
            "SEM-0003",
            title_en="One of 6 May 2024",
            starts_on=day,
            date_precision="day",
        )
    )
    published(edition(5, theme_en=""))
    published(mechanism("one", name_en="Meetings"))

    assert {
        path: title_of(client, f"/en/{path}/")
        for path in (
            "seminars/SEM-0001",
            "seminars/SEM-0002",
            "seminars/SEM-0003",
            "conference/5",
            "exchanges/one",
        )
    } == {
        "seminars/SEM-0001": "One (6 May 2024)",
        "seminars/SEM-0002": "One (SEM-0002)",
        "seminars/SEM-0003": "One of 6 May 2024",
        "conference/5": "5th China-ASEAN Prosecutors-General Conference",
        "exchanges/one": "Meetings",
    }
    assert title_of(client, "/zh-hans/seminars/SEM-0001/") == "One（2024年5月6日）"
    assert "<h1>One</h1>" in client.get("/en/seminars/SEM-0001/").content.decode()


def test_description_of_a_record_without_text_names_what_is_in_the_language(client):
    china = published(any_country("CN"))
    host = published(organ("cn-spp", country=china, name_en="Procuratorate"))
    record = published(seminar("SEM-0001", title_en="One", organiser_organs=[host]))

    described = meta(client, "/en/seminars/SEM-0001/")["description"]
    assert described == "One (SEM-0001); Procuratorate"
    assert meta(client, "/th/seminars/SEM-0001/")["description"] == "One, SEM-0001"
    assert meta(client, "/en/organs/cn-spp/")["description"] == (
        "Organisation: Procuratorate; China"
    )
    assert record.languages == ["en"]


def test_second_page_of_a_list_has_its_own_title(client):
    for number in range(1, 22):
        published(article(f"news-{number}", title_en="One"))

    assert title_of(client, "/en/news/") == "News"
    assert "Page 2 of 2" in head(client, "/en/news/?page=2").split("</title>")[0]


@pytest.fixture
def single_row_pages(monkeypatch):
    """Let each page of a list have one row, so that two records fill two pages."""
    for target in (
        "portal.website.base_views.RecordListView.page_size",
        "portal.conference.views.TREATIES_PER_PAGE",
        "portal.website.views.updates.UPDATES_PER_PAGE",
        "portal.website.views.search.PAGE_SIZE",
        "exchanges.views.PAGE_SIZE",
    ):
        monkeypatch.setattr(target, 1)


def test_pages_of_a_list_have_distinct_titles(client, single_row_pages):
    meetings_of = mechanism("sample", name_en="Sample mechanism")
    published_together(
        meetings_of,
        *(meeting(mechanism=meetings_of) for _ in range(2)),
        *(document(document_kind="treaty", title_en="Sample") for _ in range(2)),
        *(article(title_en="Sample") for _ in range(2)),
        *(edition(number) for number in (1, 2)),
        *(seminar(title_en="Sample") for _ in range(2)),
        *(visit() for _ in range(2)),
    )
    paths = {url.path.split("/", 2)[2] for url in static_page_urls()}
    paths |= set(Entry.objects.exclude(path="").values_list("path", flat=True))
    lists = set()
    with collect_failures() as failures:
        for path in sorted({*paths, "search/?q=sample"}):
            first = client.get(f"/en/{path}")
            if "pager" not in first.context:
                continue
            lists.add(path)
            with failures.case(path):
                joint = "&" if "?" in path else "?"
                second = client.get(f"/en/{path}{joint}page=2")
                titles = [full_title(response) for response in (first, second)]
                assert " – Page 2 of " in titles[1]
                assert titles[1] != titles[0]
                assert "Page" not in titles[0]

    assert lists >= {
        *(f"{kind}/" for kind in ("conference", "documents", "news", "seminars")),
        *("delegations/", "exchanges/", "exchanges/sample/", "treaties/", "updates/"),
        "search/?q=sample",
    }


def full_title(response) -> str:
    title = response.content.decode().split("<title>")[1].split("</title>")[0]
    return " ".join(title.split())
