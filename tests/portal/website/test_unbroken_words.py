"""Words of Thai, Lao, Khmer and Burmese that a line break must not divide."""

import csv
import unicodedata
from pathlib import Path

import pytest
from django.utils.html import format_html

import portal.website
from portal.website.unbroken_words import mark_unbroken_words
from tests.factories.conference import edition
from tests.factories.publishing import published
from tests.page_html import text_of

FIRST_LETTERS = {"th": 0x0E00, "lo": 0x0E80, "km": 0x1780, "my": 0x1000}
# A longer word would not fit on a screen of 320 px in a heading with large text.
MAX_LENGTH = 17
PROSECUTION = "ໄອຍະການ"


def words() -> list[tuple[str, str]]:
    path = Path(portal.website.__file__).with_name("unbroken_words.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["language"], row["word"]) for row in csv.DictReader(file)]


def test_listed_words_are_short_words_of_their_script():
    listed = words()

    assert len(set(listed)) == len(listed)
    for language, word in listed:
        first = FIRST_LETTERS[language]
        assert all(first <= ord(letter) < first + 0x80 for letter in word), word
        assert unicodedata.is_normalized("NFC", word), word
        assert 2 < len(word) <= MAX_LENGTH, word


def test_listed_word_is_marked_in_escaped_text():
    html = mark_unbroken_words(f"<{PROSECUTION}> & ຈີນ")

    assert html == (
        f'<span>&lt;<span class="unbroken">{PROSECUTION}</span>&gt; &amp; ຈີນ</span>'
    )


def test_html_stays_html():
    html = mark_unbroken_words(format_html("<mark>{}</mark>", PROSECUTION))

    assert html == (
        f'<span><mark><span class="unbroken">{PROSECUTION}</span></mark></span>'
    )


def test_longest_listed_word_is_marked():
    html = mark_unbroken_words("អគ្គព្រះរាជអាជ្ញា")

    assert html == '<span><span class="unbroken">អគ្គព្រះរាជអាជ្ញា</span></span>'


@pytest.mark.parametrize("text", ["", "Prosecutors & judges", "检察官", "ຈີນ"])
def test_text_without_listed_words_is_only_escaped(text):
    assert mark_unbroken_words(text) == text.replace("&", "&amp;")


@pytest.mark.django_db
def test_headings_and_titles_of_cards_have_marked_words(client):
    published(edition(15, title_lo=f"ກອງປະຊຸມ {PROSECUTION}"))
    marked = f'<span class="unbroken">{PROSECUTION}</span>'

    page = text_of(client, "/lo/conference/15/")
    heading = page.split("<h1>")[1].split("</h1>")[0]
    card = text_of(client, "/lo/conference/").split('class="card__title"')[1]

    assert marked in heading
    assert marked in card.split("</h3>")[0]
    assert marked not in page.split("</head>")[0]
