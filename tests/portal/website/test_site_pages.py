"""Configured facts about the office are shown; an unset one leaves no empty label."""

import pytest

from tests.page_html import text_of

pytestmark = pytest.mark.django_db
CONTACT = {
    "CONTACT_ADDRESS": "1 Sample Road\nNanning",
    "CONTACT_PHONE": "+86 (771) 000-0000",
    "CONTACT_EMAIL": "office@example.org",
}
FILING = {
    "ICP_NUMBER": "桂ICP备00000000号",
    "POLICE_NUMBER": "桂公网安备00000000000000号",
    "SITE_CODE": "4500000000",
}


def contact(client) -> str:
    return text_of(client, "/en/contact/").split("<main")[1].split("</main>")[0]


def footer(client) -> str:
    return text_of(client, "/en/contact/").split('<footer class="site-footer"')[1]


def configure(settings, values: dict[str, str]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_contact_page_shows_configured_details(client, settings):
    configure(settings, CONTACT)

    page = contact(client)

    assert "1 Sample Road<br>Nanning" in page
    assert 'href="tel:+867710000000">+86 (771) 000-0000</a>' in page
    assert 'href="mailto:office@example.org"' in page
    assert "We will publish our postal address" not in page


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("CONTACT_ADDRESS", "Postal address"),
        ("CONTACT_PHONE", "Telephone"),
        ("CONTACT_EMAIL", "Email"),
    ],
)
def test_empty_contact_detail_is_hidden(client, settings, name, label):
    configure(settings, CONTACT | {name: ""})

    page = contact(client)

    assert f"<dt>{label}</dt>" not in page
    assert page.count("<dt>") == 2


def test_contact_page_without_configuration_says_so(client, settings):
    configure(settings, dict.fromkeys(CONTACT, ""))

    page = contact(client)

    assert "We will publish our postal address" in page
    assert "<dt>" not in page
    assert "mailto:" not in page
    assert "tel:" not in page


def test_footer_shows_icp_and_police_filing_numbers(client, settings):
    configure(settings, FILING)

    html = footer(client)

    assert (
        '<a href="https://beian.miit.gov.cn/" rel="external noopener noreferrer" '
        'lang="zh-Hans">桂ICP备00000000号</a>'
    ) in html
    assert '<span lang="zh-Hans">桂公网安备00000000000000号</span>' in html
    assert '<span class="number">4500000000</span>' in html


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ICP_NUMBER", "ICP filing number:"),
        ("POLICE_NUMBER", "Public security filing number:"),
        ("SITE_CODE", "Site identification code:"),
    ],
)
def test_each_filing_number_is_hidden_when_empty(client, settings, name, label):
    configure(settings, FILING | {name: ""})

    html = footer(client)

    assert label not in html
    assert html.split("site-footer__filing")[1].split("</ul>")[0].count("<li>") == 2


def test_footer_has_no_filing_list_without_numbers(client, settings):
    configure(settings, dict.fromkeys(FILING, ""))

    assert "site-footer__filing" not in footer(client)


def test_accessibility_statement_shows_date_and_known_issues(client):
    page = text_of(client, "/en/accessibility/")

    assert 'last reviewed on <time datetime="2026-11-24">' in page
    assert "<h2>Known problems</h2>" in page


def test_privacy_page_states_error_report_retention(client):
    page = text_of(client, "/en/privacy/")

    assert "<h2>Problem reports</h2>" in page
    assert "delete it as soon as we have dealt with the report" in page
    assert "in its local storage" in page


@pytest.mark.parametrize(
    "path",
    [
        *("search/", "calendar/", "figures/", "report/", "contact/", "privacy/"),
        *("accessibility/", "calendar.ics", "feed.atom", "feed.json", "figures.csv"),
        *("conference/", "documents/", "news/", "seminars/", "delegations/"),
        *("exchanges/", "countries/", "about/conference/", "about/office/"),
        "about/",
    ],
)
def test_site_map_links_every_section(client, path):
    page = text_of(client, "/en/site-map/").split("<main")[1].split("</main>")[0]

    assert f'href="/en/{path}"' in page


def test_unreviewed_language_says_so_in_one_line_of_the_footer(client):
    for language, count in {
        "vi": 1,
        "pt": 1,
        "en": 0,
        "zh-hans": 0,
        "zh-hant": 0,
    }.items():
        page = text_of(client, f"/{language}/contact/")
        start, _footer, end = page.partition('<footer class="site-footer"')
        assert "site-footer__draft" not in start
        assert end.count("site-footer__draft") == count, language
        assert "unreviewed" not in page
