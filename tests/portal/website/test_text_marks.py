"""Marks of texts whose wording is the portal's own, and the note in the footer."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText
from tests.factories.conference import article
from tests.factories.directory import country, organ
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.failures import collect_failures

HANT = LANGUAGES_BY_CODE["zh-hant"]
CONVERTED = LocalizedText("檢察", HANT, is_converted=True)
WRITTEN = LocalizedText("檢察", HANT)


def render(template: str, **context) -> str:
    source = (
        "{% load text_marks %}"
        + template
        + "|{% include 'components/text_notes.html' %}"
    )
    request = RequestFactory().get("/en/")
    text = engines["django"].from_string(source).render(context, request)
    return " ".join(text.split())


def test_mark_names_the_basis_and_the_footer_explains_it():
    with translation.override("en"):
        mark, _, footer = render("{% text_mark 'translated' %}").partition("|")

    assert mark == (
        '<span class="hint" data-print="muted">Translation by this website</span>'
    )
    assert "are not official" in footer
    assert 'href="/en/about/#text-marks"' in footer
    assert "converted" not in footer


@pytest.mark.parametrize("basis", ["official", "seen", "", None])
def test_text_of_a_source_has_neither_mark_nor_note(basis):
    with translation.override("en"):
        assert render("{% text_mark basis %}", basis=basis).strip() == "|"


def test_mark_in_an_included_template_has_a_note_in_the_footer():
    inner = engines["django"].from_string("{% load text_marks %}{% text_mark basis %}")
    with translation.override("en"):
        page = render("{% include inner %}", inner=inner, basis="formed")

    assert "Wording by this website" in page
    assert "are not official" in page


@pytest.mark.django_db
def test_conversion_is_said_once_on_a_page(client):
    guangxi = published(
        organ("cn-gx", country=published(country("CN")), name_zh_hans="检察院")
    )
    published(
        seminar("SEM-0001", title_zh_hans="检察机关", host_organs=[guangxi]),
    )
    published(article("opening", title_zh_hans="开幕", title_zh_hant="開幕"))

    # Texts of the record and of a card, of the record alone, of cards alone, of none.
    pages = {
        "organs/cn-gx/": 1,
        "seminars/SEM-0001/": 1,
        "seminars/": 1,
        "news/opening/": 0,
    }
    with collect_failures() as failures:
        for path, number in pages.items():
            with failures.case(path):
                page = client.get(f"/zh-hant/{path}").content.decode()
                assert page.count("自動轉換") == number


def test_conversion_is_said_in_the_footer_only():
    with translation.override("en"):
        mark, _, footer = render(
            "{% note_conversion text %}", text=CONVERTED
        ).partition("|")
        written = render("{% note_conversion text %}", text=WRITTEN)

    assert mark == ""
    assert "converted automatically" in footer
    assert "are not official" not in footer
    assert written.strip() == "|"


@pytest.mark.django_db
def test_about_page_explains_every_mark(client):
    page = client.get("/en/about/").content.decode()

    assert 'id="text-marks"' in page
    for label in ("Wording", "Translation", "Description"):
        assert f"<dt>{label} by this website</dt>" in page
