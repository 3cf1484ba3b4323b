import re

import pytest

pytestmark = pytest.mark.django_db
CODES = [
    *("zh-hans", "zh-hant", "en", "vi", "th", "lo"),
    *("km", "my", "id", "ms", "fil", "pt"),
]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/en/", ""),
        ("/vi/news/", "news/"),
        ("/en/news/?year=2019&country=VN", "news/?year=2019&country=VN"),
        ("/zh-hant/none/deep/", "none/deep/"),
    ],
)
def test_language_switch_stays_on_the_page(client, address, path):
    links = client.get(address).context["language_links"]

    assert [link["url"] for link in links] == [f"/{code}/{path}" for code in CODES]
    current = [link["language"].code for link in links if link["is_current"]]
    assert current == [address.split("/")[1]]


def test_home_language_switch_keeps_query(client):
    links = client.get("/en/?text=large").context["language_links"]

    assert [link["url"] for link in links] == [f"/{c}/?text=large" for c in CODES]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", ""),
        ("text=large", "large"),
        ("year=2019&text=large", "large"),
        ("text=normal", ""),
        ("text=huge", ""),
        ("context=large", ""),
        ("text=large&text=normal", ""),
        ("text=normal&text=large", "large"),
        ("text=large&text=x", "large"),
    ],
)
def test_text_parameter_enables_large_text(client, query, size):
    response = client.get(f"/en/news/?{query}")

    assert response.status_code == 200
    assert response.context["text_size"] == size
    assert ('data-text="large"' in response.content.decode()) == bool(size)


def test_text_size_links_keep_other_parameters(client):
    page = client.get("/en/news/?year=2019&text=large&topic=cybercrime").context

    assert page["text_size_links"] == {
        "large": "?year=2019&topic=cybercrime&text=large",
        "normal": "?year=2019&topic=cybercrime&text=normal",
    }
    assert page["canonical_url"] == "http://testserver/en/news/"


def test_filter_form_keeps_the_text_size(client):
    page = client.get("/en/news/?text=large").content.decode()

    assert '<input name="text" type="hidden" value="large">' in page
    assert 'name="text"' not in client.get("/en/news/").content.decode()


@pytest.mark.parametrize(
    ("language", "font"),
    [
        ("en", "noto-sans-latin-400"),
        ("vi", "noto-sans-latin-400"),
        ("km", "noto-sans-khmer-400"),
        ("zh-hans", None),
    ],
)
def test_page_font_is_preloaded(client, language, font):
    page = client.get(f"/{language}/contact/").content.decode()

    fetched = re.findall(r'rel="preload" href="[^"]*/fonts/([^"]+)\.woff2"', page)
    assert fetched == ([font] if font else [])


def test_language_switch_without_language_prefix_links_home(client):
    links = client.get("/none").context["language_links"]

    assert [link["url"] for link in links] == [f"/{code}/" for code in CODES]


def test_current_section_is_marked_in_navigation(client):
    sections = client.get("/en/countries/").context["navigation_sections"]

    assert [section["url"] for section in sections if section["is_current"]] == [
        "/en/countries/"
    ]
    assert len(sections) == 9


def test_page_has_the_language_of_its_address(client):
    page = client.get("/km/")

    assert page.context["page_language"].code == "km"
    assert '<html lang="km"' in page.content.decode()
