"""Marks of texts whose wording is the portal's own, and the note in the footer."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import LocalizedText

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
