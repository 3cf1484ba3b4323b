import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.content.catalogue.search import highlighting
from portal.content.catalogue.search.highlighting import find_matches, highlight_html
from portal.content.catalogue.search.query_terms import parse_query
from portal.content.catalogue.search.word_forms import (
    normalize_word,
    remove_hyphens,
    word_prefix,
)

# Letters of every script that the portal uses, and characters special in HTML.
LETTERS = st.text(alphabet="aAsé '&<>\"-检檢察ยาเสพติดនិងប្រការໄອຍະການရှေ့နေđ\u0323\n ")


@settings(deadline=None)
@given(st.text(), LETTERS)
def test_highlighting_preserves_text(text, query):
    highlighted = highlight_html(find_matches(text, parse_query(query).terms))

    assert html.unescape(re.sub("</?mark>", "", highlighted)) == text


@settings(deadline=None)
@given(LETTERS, LETTERS)
def test_highlighting_preserves_similar_letters(text, query):
    highlighted = highlight_html(find_matches(text, parse_query(query).terms))

    assert html.unescape(re.sub("</?mark>", "", highlighted)) == text
    assert "<mark><mark>" not in highlighted


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("viet nam", "Việt Nam", "<mark>Việt Nam</mark>"),
        ("ma tuy", "Ma túy", "<mark>Ma</mark> <mark>túy</mark>"),
        ("seminar", "Seminars’ end", "<mark>Seminars</mark>’ end"),
        ("procurators", "Prosecutor-General", "<mark>Prosecutor</mark>-General"),
        ("检察", "檢察長", "<mark>檢察</mark>長"),
        ("检 察", "檢察長", "<mark>檢察</mark>長"),
        ("การ", "การประชุม", "<mark>การ</mark>ประชุม"),
        ("ประชุม", "การประชุม", "การ<mark>ประชุม</mark>"),
        ("ន", "និងន", "និង<mark>ន</mark>"),
        ("cooperation", "on co-operation", "on <mark>co-operation</mark>"),
        ("fly", "Flies", "<mark>Flies</mark>"),
        ("flies", "a fly", "a <mark>fly</mark>"),
        ("b", "<b>&", "&lt;<mark>b</mark>&gt;&amp;"),
        ("semi", "seminar", "seminar"),
        ("15", "第１５届", "第<mark>１５</mark>届"),
        # Spellings that look the same.
        ("រដ្ឋមន្ត្រី", "x រដ្ឋមន្រ្តី y", "x <mark>រដ្ឋមន្រ្តី</mark> y"),
        ("ប្រាស់", "បា្រស់ក", "<mark>បា្រស់</mark>ក"),
        ("ဝန်ကြီးဌာန", "၀န်ကြီးဌာန", "<mark>၀န်ကြီးဌာန</mark>"),
        ("และ", "เเละท่ี", "<mark>เเละ</mark>ท่ี"),
        ("人民检察院", "人⺠检察院", "<mark>人⺠检察院</mark>"),
        ("", "as it is", "as it is"),
    ],
)
def test_hits_are_marked(query, text, expected):
    assert highlight_html(find_matches(text, parse_query(query).terms)) == expected


@given(
    st.text("abesy-", min_size=1, max_size=6), st.sampled_from(["", "s", "es", "ies"])
)
def test_word_forms_share_prefix(word, ending):
    inflected = word.replace("-", "").removesuffix("y") + ending

    if normalize_word(word) == normalize_word(inflected):
        assert word_prefix(word) in remove_hyphens(inflected)
        assert word_prefix(inflected) in remove_hyphens(word)


def test_found_in_reports_matching_terms():
    matches = find_matches(
        "Joint statement 检察", parse_query("statement absent 检察").terms
    )

    assert matches.terms == {0, 2}


def test_words_of_a_text_are_normalised_once_for_all_terms(monkeypatch):
    words = [f"{letter}{letter}word" for letter in "abcdefghij"]
    terms = parse_query(" ".join(words)).terms
    normalised = []

    def count(word):
        normalised.append(word)
        return normalize_word(word)

    monkeypatch.setattr(highlighting, "normalize_word", count)
    matches = find_matches(" ".join(words * 5), terms)

    assert len(matches.terms) == len(terms) == 10
    assert len(normalised) == 50
