"""Rich text: allowed elements when saved and when shown, and plain text extraction."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.translations.markup import (
    clean_markup,
    is_html,
    render_markup,
    strip_markup,
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
def test_plain_text_is_unchanged(text):
    assert clean_markup(text) == text
    assert strip_markup(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_html_is_reduced_to_allowed_elements(text, expected):
    assert clean_markup(text) == (text if expected is None else expected)


@pytest.mark.parametrize(
    ("address", "expected"),
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
def test_only_http_and_site_links_are_allowed(address, expected):
    cleaned = clean_markup(f'<p><a href="{address}">x</a></p>')

    attribute = f' href="{expected}"' if expected else ""
    assert cleaned == f"<p><a{attribute}>x</a></p>"


def test_rendered_html_has_lang_attribute():
    rendered = render_markup("<h2>a</h2><ul><li>b</li></ul>", "vi")

    assert rendered == '<h2 lang="vi">a</h2><ul lang="vi"><li>b</li></ul>'


def test_rendering_sanitizes_stored_html():
    rendered = render_markup(
        '<p onclick="x">a</p><script>b</script><a href="/en/">c</a>'
    )

    assert rendered == '<p>a</p><a href="/en/" rel="noopener noreferrer">c</a>'


def test_text_extraction_keeps_lines_without_tags():
    text = (
        "<h2>Head</h2><p>a &amp; <a href='/x'>b</a><br>c</p>"
        "<ul><li>d</li><li><em>e</em></li></ul><blockquote><p>f</p></blockquote>"
    )

    assert strip_markup(text) == "Head\n\na & b\nc\n\nd\ne\n\nf"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_sanitizing_is_idempotent(text):
    cleaned = clean_markup(text)

    assert clean_markup(cleaned) == cleaned


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_sanitized_html_contains_only_allowed_markup(text):
    if not is_html(text):
        return
    rendered = render_markup(text)

    tags = re.findall(r"<\s*/?\s*([^\s>]*)([^>]*)>", rendered)
    assert {name for name, _attributes in tags} <= _ALLOWED
    assert {attributes for _name, attributes in tags} <= {
        "",
        ' href="/en/" rel="noopener noreferrer"',
        ' rel="noopener noreferrer"',
    }
    assert "<" not in re.sub(r"</?[a-z0-9]+[^<>]*>", "", rendered)
