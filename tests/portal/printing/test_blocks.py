from portal.printing.blocks import LONGEST
from portal.printing.tree import article_of
from tests.portal.printing.papers import blocks


def words(text: str, **style) -> dict:
    return {"lang": "en", "t": text, **style}


def paragraph(*runs: dict, style: str = "") -> dict:
    return {"k": "p", "style": style, "runs": list(runs)}


def test_paragraph_keeps_its_words_and_marks():
    html = '<p class="lead">One  <b>two</b>\n <span lang="km">បី</span>.<br> Four </p>'

    assert blocks(html) == [
        paragraph(
            words("One "),
            words("two", b=True),
            words(" "),
            {"lang": "km", "t": "បី"},
            words("."),
            {"br": True},
            words("Four"),
            style="lead",
        )
    ]


def test_language_is_that_of_the_nearest_element():
    html = '<div lang="th"><p>หนึ่ง <span lang="">?</span></p></div>'

    assert blocks(html) == [
        paragraph({"lang": "th", "t": "หนึ่ง "}, {"lang": "", "t": "?"})
    ]


def test_levels_of_headings_follow_one_another():
    found = blocks("<h1>A</h1><h4>B</h4><h2>C</h2><h3>D</h3>")

    assert [block["level"] for block in found] == [1, 2, 2, 3]


def test_facts_are_terms_with_their_values():
    html = """<dl lang="en"><div><dt>Place</dt><dd>Nanning</dd></div><dt>Topics</dt>
      <dd><ul class="inline-links"><li>One</li><li>Two</li></ul></dd></dl>"""

    assert blocks(html) == [
        {
            "k": "dl",
            "items": [
                {"term": [words("Place")], "body": [paragraph(words("Nanning"))]},
                {
                    "term": [words("Topics")],
                    "body": [
                        paragraph(
                            words("One"), {"t": " · ", "soft": True}, words("Two")
                        )
                    ],
                },
            ],
        }
    ]


def test_lists_and_their_numbers():
    html = (
        '<ol start="3"><li>A<p class="hint">b</p></li><li hidden>C</li></ol><ul></ul>'
    )

    assert blocks(html) == [
        {
            "k": "ol",
            "start": 3,
            "items": [[paragraph(words("A")), paragraph(words("b"), style="soft")]],
        }
    ]


def test_paragraphs_of_a_document_keep_their_numbers():
    html = """<ol class="paragraphs"><li id="p-7">
      <a class="paragraphs__number" href="#p-7">7</a>
      <div><p>One.</p><p>Two.</p></div><div><p lang="vi">Một.</p></div></li></ol>"""

    assert blocks(html) == [
        {
            "k": "n",
            "runs": [words("7")],
            "columns": [
                [paragraph(words("One.")), paragraph(words("Two."))],
                [paragraph({"lang": "vi", "t": "Một."})],
            ],
        }
    ]


def test_table_has_its_caption_heads_and_spans():
    html = """<table><caption>Counted</caption><thead><tr><th>Year</th><th>N</th></tr>
      </thead><tbody><tr><td colspan="2">None</td></tr></tbody></table>"""

    caption, table = blocks(html)

    assert caption == paragraph(words("Counted"), style="title")
    assert table["width"] == 2
    assert [[cell["head"] for cell in row] for row in table["rows"]] == [
        [True, True],
        [False],
    ]
    assert table["rows"][1][0]["span"] == 2


def test_link_is_a_whole_address():
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


def test_what_makes_no_sense_on_paper_is_left_out():
    html = """<nav>menu</nav><form><button>send</button></form><svg>x</svg>
      <p data-print="no">report</p><p hidden>hidden</p><script>let a</script>
      <p>Kept<span class="visually-hidden">aloud</span></p>
      <details><summary>More</summary><p>Inside</p></details>"""

    assert blocks(html) == [paragraph(words("Kept")), paragraph(words("Inside"))]


def test_cards_are_shown_without_their_gaps():
    html = """<ul class="cards"><li class="card"><h3 class="card__title">T</h3>
      <p class="card__meta"><span>Nanning</span><span>China</span></p></li></ul>"""

    assert blocks(html) == [
        {
            "k": "cards",
            "items": [
                [
                    paragraph(words("T"), style="title"),
                    paragraph(
                        words("Nanning"),
                        {"t": " · ", "soft": True},
                        words("China"),
                        style="soft",
                    ),
                ]
            ],
        }
    ]


def test_notice_is_a_box():
    box = {"k": "box", "body": [paragraph(words("Shown in English."))]}

    assert blocks('<div class="notice"><p>Shown in English.</p></div>') == [box]
    assert blocks('<p class="notice">Shown in English.</p>') == [box]


def test_endless_page_is_cut_and_says_so():
    found = blocks("<p>word </p>" * 12_000)

    assert found[-1] == {"k": "cut"}
    assert len(found) < LONGEST / 40


def test_page_without_an_article_has_nothing_to_print():
    assert article_of("<main><p>Nothing</p></main>") is None
