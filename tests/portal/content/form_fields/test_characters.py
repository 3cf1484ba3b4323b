"""Invisible and undisplayable characters, in sheets and in forms."""

import pytest
from django.urls import reverse

from portal.conference.models import Article
from portal.content.form_fields.characters import is_usual, plain
from portal.content.review.forms import PublicNoteForm
from portal.content.spreadsheets.columns import ForeignKeyColumn, KeyIndex, NameIndex
from portal.content.spreadsheets.columns.name_index import fold_name
from portal.core.translations.cleaning import clean_text
from portal.reference.directory.models import Organ
from portal.reference.people.models import Person
from portal.website.error_report_form import PlainEmailField, PlainTextField
from seminars.models import Seminar
from tests.admin_forms import errors, rows
from tests.factories import directory, people, seminars
from tests.factories.conference import article
from tests.factories.publishing import staff
from tests.portal.content.spreadsheets.import_helpers import (
    checked,
    counts,
    csv_of,
    written,
    xlsx_of,
)
from tests.unrendered_pages import opened_form

pytestmark = pytest.mark.django_db
# Byte order mark, zero-width characters, soft hyphen and direction marks.
HIDDEN = "\ufeff{}\u200b", "\u2060{}\u200e", "{}\u00ad", "\u202a{}\u202c"


def unreadable(text: str, code: str) -> str:
    return (
        f"“{text}” contains a character that cannot be displayed: {code}. Enter this "
        "character again."
    )


# ---------------------------------------------------------------------------- sheets


def test_key_with_invisible_characters_is_the_key():
    directory.country("VN")
    column = ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2")
    head = ("organ_key", "country_iso2", "level", "name_en", "name_zh")
    sheet = [
        (hidden.format(f"organ-{number}"), hidden.format("VN"), "national", "A", "甲")
        for number, hidden in enumerate(HIDDEN)
    ]

    batch = written(csv_of(head, *sheet), "organs")

    assert counts(batch) == (len(HIDDEN), 0, 0)
    assert sorted(Organ.objects.values_list("key", flat=True)) == [
        f"organ-{number}" for number in range(len(HIDDEN))
    ]
    assert (
        column.parse_cell(column.normalize_cell("VN", NameIndex()), KeyIndex()) == "VN"
    )


def test_name_with_an_invisible_character_is_no_second_person():
    organ = directory.organ("sample-organ")
    people.person(name_own="阮氏红", name_latin="Nguyen Thi Hong", organ=organ)
    head = ("name_own", "name_latin", "organ_key")
    sheet = [
        (hidden.format("阮氏红"), hidden.format("Nguyen Thi Hong"), "sample-organ")
        for hidden in HIDDEN
    ]

    for row in sheet:
        assert counts(written(xlsx_of(head, row), "people")) == (0, 0, 1)

    assert Person.objects.count() == 1


def test_texts_of_a_sheet_are_kept_clean():
    head = ("title_zh", "scope", "venue", "summary_zh", "topic_zh")
    row = (
        "研修\u200b班\u2028第二期\ufeff",
        "related\u200b",
        "Vie\u0302\u0323t Nam",
        "一\u2029二\r\n三\u0085四",
        "一\u2028二",
    )

    written(xlsx_of(head, row))

    seminar = Seminar.objects.get()
    assert [
        seminar.title_zh_hans,
        seminar.venue_as_recorded,
        seminar.summary_zh_hans,
        seminar.subjects_zh_hans,
    ] == ["研修班 第二期", "Việt Nam", "一\n二\n三\n四", "一\n二"]


def test_joiners_that_readers_need_stay():
    # Khmer separates words by zero-width spaces.
    text = "ការ\u200bប្រជុំ"
    row = ("A", "related", text)

    written(xlsx_of(("title_zh", "scope", "venue"), row))

    assert Seminar.objects.get().venue_as_recorded == text


def test_record_with_invisible_characters_is_imported_unchanged():
    seminars.seminar("SEM-0001", title_zh_hans="研修\u200b班\u2028二", title_en="A")

    batch = checked(csv_of(("code", "title_zh"), ("SEM-0001", "研修班 二")))

    assert counts(batch) == (0, 0, 1)


def test_characters_that_cannot_be_shown_are_refused():
    head = ("title_zh", "scope")
    cells = ("李\ue05c", "\ufffd山", "阿拉伯数字甲乙丙\U000f0000丁")

    row_errors = checked(xlsx_of(head, *[(cell, "related") for cell in cells])).errors

    assert [error[3] for error in row_errors] == [
        unreadable("李\ue05c", "U+E05C"),
        unreadable("\ufffd山", "U+FFFD"),
        unreadable("数字甲乙丙\U000f0000丁", "U+F0000"),
    ]


def test_plain_text_keeps_thai_and_lao_whole():
    texts = ("อำนาจ", "ອຳນາດ", "1²", "①")

    assert [plain(text) for text in texts] == list(texts)
    assert plain("ＶＮ－１ ๒໓៤၅") == "VN-1 2345"
    assert fold_name("อำนาจ\u200b") == "อำนาจ"


def test_usual_texts_are_those_that_cleaning_leaves_alone():
    texts = [f"a{chr(number)}b" for number in range(0x20, 0x11000)]

    assert is_usual("2018年9月3日，Nanning——“研修班”（一）")
    assert [text for text in texts if is_usual(text) and clean_text(text) != text] == []


# ----------------------------------------------------------------------------- forms


@pytest.fixture
def editor(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.fixture
def form(editor):
    """Return the URL and the unchanged data of the form of an article."""
    url = reverse("admin:conference_article_change", args=[article("one").pk])
    return url, opened_form(editor, url)


def test_texts_typed_in_a_form_are_kept_clean(editor, form):
    url, form_data = form
    typed = {
        "title_en": "\ufeffOpening\u2028in Nanning\u200b",
        "title_zh_hans": "开幕\u200b\x85式",
        "summary_en": "One\u2028two\r\nthree\u0085four\u200e",
        "body_en": "<p>One\u2029two\u200b</p>",
    }
    typed = {name: text for name, text in typed.items() if name in form_data}

    response = editor.post(url, form_data | typed)

    stored = Article.objects.get()
    assert response.status_code == 302, errors(response)
    assert (stored.title_en, stored.title_zh_hans) == ("Opening in Nanning", "开幕 式")
    assert stored.summary_en == "One\ntwo\nthree\nfour"
    assert not any("\u2029" in str(value) for value in vars(stored).values())


def test_form_with_old_line_ends_is_unchanged_when_nothing_is_typed(editor, form):
    url, _form_data = form
    Article.objects.update(summary_en="One\r\ntwo\u200b")
    before = Article.objects.values_list("updated_at", flat=True).get()

    editor.post(url, opened_form(editor, url))

    stored = Article.objects.get()
    assert (stored.summary_en, stored.updated_at) == ("One\r\ntwo\u200b", before)


def test_text_that_cannot_be_shown_is_refused_in_a_form(editor, form):
    url, form_data = form

    response = editor.post(url, form_data | {"title_en": "Li \ue05c"})

    messages = response.context["adminform"].form.errors
    assert messages == {"title_en": [unreadable("Li \ue05c", "U+E05C")]}


def test_keys_and_addresses_are_cleaned_before_they_are_checked(editor):
    url = reverse("admin:conference_article_add")
    source = {"url": "https://www.example.org/\u200bone\ufeff", "position": "1"}
    sources = next(
        inline.formset.prefix
        for inline in editor.get(url).context["inline_admin_formsets"]
        if "url" in inline.formset.empty_form.fields
    )
    typed = {"slug": "open\u200bing\u2060", "title_en": "Opening"}

    response = editor.post(
        url, opened_form(editor, url) | typed | rows(sources, source)
    )

    assert response.status_code == 302, errors(response)
    stored = Article.objects.get()
    assert stored.slug == "opening"
    assert [stored_source.url for stored_source in stored.sources.all()] == [
        "https://www.example.org/one"
    ]


def test_public_note_of_a_correction_is_cleaned():
    note = {"public_note-en": "One\u2028two\u200b", "public_note-zh-hans": "\u200b"}

    form = PublicNoteForm(note)

    assert form.is_valid()
    assert form.get_texts() == {"en": "One\ntwo"}


def test_report_of_an_error_is_cleaned():
    assert PlainTextField().clean("One\u2028two\r\nthree\u200b\x85four") == (
        "One\ntwo\nthree\nfour"
    )
    assert PlainEmailField().clean("name\u200b@example.org\ufeff") == "name@example.org"
