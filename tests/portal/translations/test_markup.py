"""Rich text: a small closed vocabulary on the way in, on the way out, and as words."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.translations.markup import (
    clean_markup,
    is_marked_up,
    markup_shown,
    words_without_markup,
)

_ALLOWED = {
    *("p", "h2", "h3", "ul", "ol", "li", "blockquote"),
    *("br", "a", "strong", "em"),
}
_PIECES = [
    *("<p>", "</p>", "<ul>", "<li>", "</ul>", "<a href='/en/'>", "</a>", "<b>", "<br>"),
    *("<script>", "</script>", "<svg onload=x>", "<style>", "<!--", "-->", "<p", '"'),
    *("<a href='javascript:x'>", "<table>", "<td>", "&lt;", "&amp", "<math>", "\n\n"),
    *("<template>", "<h2 id=x>", "text", "会议", "<", ">", "&", "<https://a.b>", " "),
]
MARKUP = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "One line",
        "One\n\nTwo & three\n",
        "R&D, 1 < 2, 3 > 2, a<b",
        "See <https://example.org/> and <name@example.org>",
        "&lt;p&gt; and &amp;",
        "",
    ],
)
def test_plain_text_is_kept_to_the_letter(text):
    assert clean_markup(text) == text
    assert words_without_markup(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            '<h2 class="a" id="b">Head</h2><p style="x">A <strong>b</strong><br>c</p>',
            "<h2>Head</h2><p>A <strong>b</strong><br>c</p>",
        ),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", None),
        ("<blockquote><p>a <em>b</em></p></blockquote>", None),
        ("a <b>b</b>\n\nc & d", "<p>a b</p>\n<p>c &amp; d</p>"),
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ("<p>a</p><style>p{}</style><!-- b -->", "<p>a</p>"),
        ("<p onclick='x()'>a<img src=x onerror=y></p>", "<p>a</p>"),
        ("<svg><script>x</script></svg><iframe src='//x'></iframe>", ""),
        ("<p>open", "<p>open</p>"),
        ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        (
            "<table><tr><td>a </td> <td>b</td></tr><tr><th>c</th><td>d</td></tr>",
            "<p>a · b</p>\n<p>c · d</p>",
        ),
        ("<h1>a</h1><p>b</p>", "a\n\n<p>b</p>"),
    ],
)
def test_html_is_cleaned_to_the_vocabulary(text, kept):
    assert clean_markup(text) == (text if kept is None else kept)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c&amp;d", "https://example.org/a?b=c&amp;d"),
        ("http://example.org", "http://example.org"),
        ("/en/about/office/", "/en/about/office/"),
        ("#part", "#part"),
        ("/zh-hans/关于/", "/zh-hans/%E5%85%B3%E4%BA%8E/"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.org", None),
        ("//elsewhere.example/", None),
        ("/\\elsewhere.example/", None),
        ("\\\\elsewhere.example/", None),
    ],
)
def test_link_leads_to_a_page_and_nowhere_else(address, kept):
    cleaned = clean_markup(f'<p><a href="{address}">x</a></p>')

    told = f' href="{kept}"' if kept else ""
    assert cleaned == f"<p><a{told}>x</a></p>"


def test_what_is_shown_is_marked_with_its_language():
    shown = markup_shown("<h2>a</h2><ul><li>b</li></ul>", "vi")

    assert shown == '<h2 lang="vi">a</h2><ul lang="vi"><li>b</li></ul>'


def test_what_is_shown_was_cleaned_even_if_it_was_kept_otherwise():
    shown = markup_shown('<p onclick="x">a</p><script>b</script><a href="/en/">c</a>')

    assert shown == '<p>a</p><a href="/en/" rel="noopener noreferrer">c</a>'


def test_words_have_lines_and_no_tags():
    text = (
        "<h2>Head</h2><p>a &amp; <a href='/x'>b</a><br>c</p>"
        "<ul><li>d</li><li><em>e</em></li></ul><blockquote><p>f</p></blockquote>"
    )

    assert words_without_markup(text) == "Head\n\na & b\nc\n\nd\ne\n\nf"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_markup(text)

    assert clean_markup(once) == once


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_nothing_else_is_ever_shown(text):
    if not is_marked_up(text):
        return
    shown = markup_shown(text)

    tags = re.findall(r"<\s*/?\s*([^\s>]*)([^>]*)>", shown)
    assert {name for name, _rest in tags} <= _ALLOWED
    assert {rest for _name, rest in tags} <= {
        "",
        ' href="/en/" rel="noopener noreferrer"',
        ' rel="noopener noreferrer"',
    }
    assert "<" not in re.sub(r"</?[a-z0-9]+[^<>]*>", "", shown)
