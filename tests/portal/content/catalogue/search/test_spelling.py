"""Correction of one typing error."""

import pytest

from portal.content.catalogue.models import SearchRow, SearchWord
from portal.content.catalogue.search.engine import (
    correct_query,
    search_entries,
    terms_with_matches,
)
from portal.content.catalogue.search.spelling import (
    _is_single_error,
    delete_stale_words,
)
from portal.content.catalogue.tasks import clean_words
from tests import reviewing
from tests.factories.conference import article
from tests.factories.publishing import AT, actor, published

pytestmark = pytest.mark.django_db


def corrected(text: str) -> str:
    query = search_entries(text).query
    return correct_query(query, terms_with_matches(query.terms))


ERRORS = {
    "a letter is missing": "extraditon",
    "the first letter is missing": "xtradition",
    "the last letter is missing": "extraditio",
    "a letter is added": "extraddition",
    "a letter is added at the end": "extraditionn",
    "a letter is wrong": "extrodition",
    "the first letter is wrong": "axtradition",
    "two letters are swapped": "extradiiton",
    "the letters in the middle are swapped": "extrdaition",
    "the first letters are swapped": "xetradition",
}


def test_one_error_anywhere_is_corrected():
    published(article("one", title_en="Extradition of fugitives"))

    assert {why: corrected(word) for why, word in ERRORS.items()} == dict.fromkeys(
        ERRORS, "extradition"
    )
    assert corrected("fugitives extraditon") == "fugitives extradition"
    assert corrected("fugitvies extraditon") == "fugitives extradition"


def test_swapped_letters_are_found_for_any_length():
    words = ["fraud", "letter", "sergeant", "extradition", "international"]
    published(article("one", title_en=" ".join(words)))
    for word in words:
        for at in range(len(word) - 1):
            if word[at] == word[at + 1]:
                continue
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            assert corrected(swapped) == word, swapped


def test_words_with_two_errors_and_short_words_are_not_corrected():
    published(article("one", title_en="Extradition law"))

    assert corrected("extrodiiton") == ""
    assert corrected("laq") == ""
    assert corrected("extraditon zzzzzz") == ""
    assert corrected("extradition") == ""


def test_more_frequent_word_is_chosen():
    published(article("one", title_en="A cart", body_en="x"))
    published(article("two", title_en="The court"))
    published(article("three", title_en="The court again"))

    assert corrected("couart") == "court"


def test_words_of_unpublished_records_are_never_offered():
    article("draft", title_en="Embezzlement")
    published(article("one", title_en="Extradition"))
    gone = published(article("gone", title_en="Smuggling"))
    assert corrected("smugling") == "smuggling"
    reviewing.withdraw(gone, by=actor(), at=AT)

    assert not SearchWord.objects.filter(word="embezzlement").exists()
    assert corrected("embezlement") == ""
    assert SearchWord.objects.filter(word="smuggling").exists()
    assert corrected("smugling") == ""


def test_stale_and_repeated_words_are_deleted():
    gone = published(article("gone", title_en="Smuggling"))
    published(article("one", title_en="Extradition"))
    reviewing.withdraw(gone, by=actor(), at=AT)
    word = SearchWord.objects.get(word="extradition")
    SearchWord.objects.create(
        word=word.word, length=word.length, start=word.start, end=word.end
    )
    payload = {}
    while payload is not None:
        payload = clean_words(**payload)

    assert not SearchWord.objects.filter(word="smuggling").exists()
    assert SearchWord.objects.filter(word="extradition").count() == 1
    assert delete_stale_words(after=10**9) is None


def test_known_words_are_stored_once():
    published(article("one", title_en="Extradition"))
    count = SearchWord.objects.count()
    published(article("two", title_en="Extradition"))

    assert SearchWord.objects.count() == count
    assert SearchRow.objects.count() == 2


def test_one_error_is_one_letter_or_two_neighbours():
    assert _is_single_error("abcde", "abcd")
    assert _is_single_error("abcde", "abxde")
    assert _is_single_error("abcde", "abdce")
    assert not _is_single_error("abcde", "abcde")
    assert not _is_single_error("abcde", "abc")
    assert not _is_single_error("abcde", "edcba")
