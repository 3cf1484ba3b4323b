"""Differences by words: what is marked, and that nothing is lost or unescaped."""

import re

from django.utils.safestring import mark_safe

from portal.core.audit.word_differences import mark_differences
from tests.failures import collect_failures

CASES = [
    # old, new, old with marks, new with marks
    ("Old title", "New title", "<del>Old</del> title", "<ins>New</ins> title"),
    # Chinese has no spaces: characters are compared.
    (
        "中国—东盟检察官研修班",
        "中国—东盟检察官数字检察研修班",
        "中国—东盟检察官研修班",
        "中国—东盟检察官<ins>数字检察</ins>研修班",
    ),
    # A vowel sign stays with its consonant.
    ("ကြည့်ရှု", "ကြည့်မှု", "ကြည့်<del>ရှု</del>", "ကြည့်<ins>မှု</ins>"),
    ("Hồng", "Hòng", "<del>Hồng</del>", "<ins>Hòng</ins>"),
    # A text that was empty is new as a whole.
    ("", "New", "", "New"),
    ("a < b", "a < c", "a &lt; <del>b</del>", "a &lt; <ins>c</ins>"),
    ("one\ntwo", "one\nthree", "one<br><del>two</del>", "one<br><ins>three</ins>"),
    # Rich text is compared as text; the address of a link is part of it.
    (
        '<p>See <a href="https://one.example/">it</a></p>',
        '<p>See <a href="https://two.example/">it</a></p>',
        "See it (https://<del>one</del>.example/)",
        "See it (https://<ins>two</ins>.example/)",
    ),
    # Only the formatting differs: the source is compared.
    (
        "<p><em>a</em></p>",
        "<p><strong>a</strong></p>",
        "&lt;p&gt;&lt;<del>em</del>&gt;a&lt;/<del>em</del>&gt;&lt;/p&gt;",
        "&lt;p&gt;&lt;<ins>strong</ins>&gt;a&lt;/<ins>strong</ins>&gt;&lt;/p&gt;",
    ),
]


def test_differences_are_marked_by_words():
    with collect_failures() as failures:
        for old, new, marked_old, marked_new in CASES:
            with failures.case(new):
                assert mark_differences(old, new) == (marked_old, marked_new)


def test_safe_html_is_not_escaped_again():
    link = mark_safe('<a href="/x">file</a>')

    assert mark_differences("", link) == ("", link)


def test_long_texts_are_shown_without_marks():
    old, new = "word " * 3000, "other " * 3000

    marked_old, marked_new = mark_differences(old, new)

    assert (marked_old, marked_new) == (old, new)
    assert not re.search("<(ins|del)>", marked_old + marked_new)
