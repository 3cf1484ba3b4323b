import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue.search.highlighting import found_in, marked
from portal.catalogue.search.tokens import terms_of
from portal.catalogue.search.words import beginning, same_word, without_hyphens

# Letters of every script of the portal, and what has a meaning in HTML.
LETTERS = st.text(alphabet="aAsé '&<>\"-检檢察ยาเสพติดនិងប្រការໄອຍະການရှေ့နေđ\u0323\n ")


@settings(deadline=None)
@given(st.text(), LETTERS)
def test_marking_changes_no_text(text, query):
    shown = marked(found_in(text, terms_of(query)))

    assert html.unescape(re.sub("</?mark>", "", shown)) == text


@settings(deadline=None)
@given(LETTERS, LETTERS)
def test_marking_changes_no_text_of_like_letters(text, query):
    shown = marked(found_in(text, terms_of(query)))

    assert html.unescape(re.sub("</?mark>", "", shown)) == text
    assert "<mark><mark>" not in shown


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("viet nam", "Việt Nam", "<mark>Việt</mark> <mark>Nam</mark>"),
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
        ("", "as it is", "as it is"),
    ],
)
def test_hits_are_marked(query, text, shown):
    assert marked(found_in(text, terms_of(query))) == shown


@given(
    st.text("abesy-", min_size=1, max_size=6), st.sampled_from(["", "s", "es", "ies"])
)
def test_all_forms_of_a_word_begin_alike(word, ending):
    other = word.replace("-", "").removesuffix("y") + ending

    if same_word(word) == same_word(other):
        assert beginning(word) in without_hyphens(other)
        assert beginning(other) in without_hyphens(word)


def test_found_tells_which_terms_are_there():
    found = found_in("Joint statement 检察", terms_of("statement absent 检察"))

    assert found.terms == {0, 2}
