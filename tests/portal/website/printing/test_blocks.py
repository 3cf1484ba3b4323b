from portal.website.printing.blocks import MAX_CHARACTERS
from portal.website.printing.html_tree import find_article
from tests.portal.website.printing.pdf_documents import blocks


def text_run(text: str, **style) -> dict:
    return {"lang": "en", "t": text, **style}


def paragraph(*runs: dict, style: str = "") -> dict:
    return {"k": "p", "style": style, "runs": list(runs)}


def test_paragraph_keeps_text_and_inline_marks():
    html = (
        '<p data-print="lead">One  <b>two</b>\n <span lang="km">បី</span>.<br> Four </p>'
    )

    assert blocks(html) == [
        paragraph(
            text_run("One "),
            text_run("two", b=True),
            text_run(" "),
            {"lang": "km", "t": "បី"},
            text_run("."),
            {"br": True},
            text_run("Four"),
            style="lead",
        )
    ]


def test_language_is_inherited_from_nearest_element():
    html = '<div lang="th"><p>หนึ่ง <span lang="">?</span></p></div>'

    assert blocks(html) == [
        paragraph({"lang": "th", "t": "หนึ่ง "}, {"lang": "", "t": "?"})
    ]


def test_heading_levels_have_no_gaps():
    headings = blocks("<h1>A</h1><h4>B</h4><h2>C</h2><h3>D</h3>")

    assert [block["level"] for block in headings] == [1, 2, 2, 3]


def test_definition_list_becomes_terms_and_values():
    html = """<dl lang="en"><div><dt>Place</dt><dd>Nanning</dd></div><dt>Topics</dt>
      <dd><ul data-print="inline"><li>One</li><li>Two</li></ul></dd></dl>"""

    assert blocks(html) == [
        {
            "k": "dl",
            "items": [
                {"term": [text_run("Place")], "body": [paragraph(text_run("Nanning"))]},
                {
                    "term": [text_run("Topics")],
                    "body": [
                        paragraph(
                            text_run("One"),
                            {"t": " · ", "muted": True},
                            text_run("Two"),
                        )
                    ],
                },
            ],
        }
    ]


def test_lists_keep_numbering():
    html = """<ol start="3"><li>A<p data-print="muted">b</p></li><li hidden>C</li></ol>
      <ul></ul>"""

    assert blocks(html) == [
        {
            "k": "ol",
            "start": 3,
            "items": [
                [paragraph(text_run("A")), paragraph(text_run("b"), style="muted")]
            ],
        }
    ]


def test_document_paragraphs_keep_numbers():
    html = """<ol data-print="paragraphs"><li id="p-7">
      <a class="paragraphs__number" href="#p-7">7</a>
      <div><p>One.</p><p>Two.</p></div><div><p lang="vi">Một.</p></div></li></ol>"""

    assert blocks(html) == [
        {
            "k": "n",
            "runs": [text_run("7")],
            "columns": [
                [paragraph(text_run("One.")), paragraph(text_run("Two."))],
                [paragraph({"lang": "vi", "t": "Một."})],
            ],
        }
    ]


def test_table_keeps_caption_headers_and_spans():
    html = """<table><caption>Counted</caption><thead><tr><th>Year</th><th>N</th></tr>
      </thead><tbody><tr><td colspan="2">None</td></tr></tbody></table>"""

    caption, table = blocks(html)

    assert caption == paragraph(text_run("Counted"), style="title")
    assert table["width"] == 2
    assert [[cell["head"] for cell in row] for row in table["rows"]] == [
        [True, True],
        [False],
    ]
    assert table["rows"][1][0]["span"] == 2


def test_link_becomes_absolute_url():
    html = """<p><a href="/en/organs/cn-spp/">Organ</a> <a href="#text">Text</a>
      <a href="https://example.org/?a=1&amp;b=2">Out</a>
      <a href="javascript:alert(1)">Bad</a> <a href="http://[broken">Worse</a></p>"""

    links = [run.get("href") for run in blocks(html)[0]["runs"] if run["t"].strip()]

    assert links == [
        "https://portal.example/en/organs/cn-spp/",
        None,
        "https://example.org/?a=1&b=2",
        None,
    ]


def test_elements_marked_not_printable_are_omitted():
    html = """<nav>menu</nav><form><button>send</button></form><svg>x</svg>
      <p data-print="no">report</p><p hidden>hidden</p><script>let a</script>
      <p>Kept<span data-print="no">aloud</span></p>
      <details><summary>More</summary><p>Inside</p></details>"""

    assert blocks(html) == [paragraph(text_run("Kept")), paragraph(text_run("Inside"))]


def test_cards_omit_placeholders():
    html = """<ul data-print="cards"><li><h3 data-print="title">T</h3>
      <p data-print="inline muted"><span>Nanning</span><span>China</span></p></li>
      </ul>"""

    assert blocks(html) == [
        {
            "k": "cards",
            "items": [
                [
                    paragraph(text_run("T"), style="title"),
                    paragraph(
                        text_run("Nanning"),
                        {"t": " · ", "muted": True},
                        text_run("China"),
                        style="muted",
                    ),
                ]
            ],
        }
    ]


def test_notice_becomes_box():
    box = {"k": "box", "body": [paragraph(text_run("Shown in English."))]}

    assert blocks('<div data-print="box"><p>Shown in English.</p></div>') == [box]
    assert blocks('<p data-print="box">Shown in English.</p>') == [box]


def test_too_long_page_is_truncated_with_notice():
    page_blocks = blocks("<p>word </p>" * 12_000)

    assert page_blocks[-1] == {"k": "cut"}
    assert len(page_blocks) < MAX_CHARACTERS / 40


def test_page_without_article_element_yields_no_blocks():
    assert find_article("<main><p>Nothing</p></main>") is None
