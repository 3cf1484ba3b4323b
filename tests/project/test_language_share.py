"""Pages of the public record are in the language of their reader.

A failure lists the pages below the limit and their largest texts in other languages.
"""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import all_kinds
from portal.core.languages import LANGUAGES_BY_CODE
from tests.failures import collect_failures
from tests.project.language_share import (
    FORMED_KINDS,
    HeldTexts,
    english_headings,
    load_held_texts,
    load_unformed_titles,
    measure,
)

pytestmark = pytest.mark.django_db
LIMIT = 0.9
LANGUAGES = ("zh-hans", "vi", "th", "lo")
# A word that finds records, in each language.
WORDS = {"zh-hans": "检察", "vi": "kiểm sát", "th": "อัยการ", "lo": "ໄອຍະການ"}
# Documents of which a party has no name in some of these languages.
UNNAMED_PARTIES = {"DOC-0030", "DOC-0031"}
LISTS = (
    "",
    "conference/",
    "documents/",
    "news/",
    "seminars/",
    "delegations/",
    "exchanges/",
    "countries/",
    "figures/",
)
# Pages of one kind that are read in each language, in turn; those in simplified Chinese
# are all read.
PAGES_OF_A_KIND = 4


@pytest.fixture(scope="module")
def pages(rows_of_module):
    """HTML of the pages by language code and path, and the texts of the record."""
    with rows_of_module(_load_and_read) as result:
        yield result


def _load_and_read() -> tuple[dict[tuple[str, str], str], HeldTexts]:
    call_command("load_record", stdout=io.StringIO())
    client, html = Client(), {}
    for position, code in enumerate(LANGUAGES):
        for path in [*LISTS, f"search/?q={WORDS[code]}", *_record_paths(position)]:
            response = client.get(f"/{code}/{path}")
            assert response.status_code == 200, path
            html[code, path] = response.content.decode()
    return html, load_held_texts()


def _record_paths(position: int) -> list[str]:
    paths = []
    for kind in all_kinds():
        entries = Entry.objects.of_kind(kind.code).exclude(path="").order_by("code")
        of_kind = list(entries.values_list("path", flat=True))
        step = 1 if position == 0 else max(len(of_kind) // PAGES_OF_A_KIND, 1)
        paths += of_kind[position % step :: step]
    return paths


@pytest.fixture
def held() -> HeldTexts:
    """One title in Chinese and English, one name in English only."""
    texts = HeldTexts()
    texts.add({"en": "Treaty on Extradition", "zh-hans": "引渡条约"})
    texts.add({"en": "Joint Statement"}, held=LANGUAGES_BY_CODE)
    texts.add({"en": "Chambers of Brunei"})
    texts.add({"en": "Singapore", "vi": "Singapore"})
    texts.add({"en": "Meeting"}, held=LANGUAGES_BY_CODE, path="meetings/1/")
    texts.add({"en": "Meeting"}, path="mechanism/")
    return texts


def share_of(language: str, body: str, held: HeldTexts) -> tuple[int, int]:
    """Return the numbers of own and of foreign letters in a page."""
    tag = LANGUAGES_BY_CODE[language].tag
    html = f'<html lang="{tag}"><body><p>English</p><main>{body}</main></body></html>'
    share = measure(html, LANGUAGES_BY_CODE[language], held)
    return share.own, sum(share.foreign.values())


CHINESE = "<p>文件列表</p>"
MEASURED = {
    # An English title in a list, although the record holds it in Chinese.
    "held": ("zh-hans", '<a lang="en">Treaty on Extradition</a>', (4, 19)),
    "held, not marked": ("zh-hans", "<h3>Treaty on Extradition</h3>", (4, 19)),
    "in parts": ("zh-hans", "<li>Treaty <b>on</b> Extradition</li>", (4, 19)),
    "can be formed": ("zh-hans", '<a lang="en">Joint Statement</a>', (4, 14)),
    "not held": ("zh-hans", '<a lang="en">Chambers of Brunei</a>', (4, 0)),
    "held by the linked row": (
        "zh-hans",
        '<li><a href="/zh-hans/meetings/1/"><span lang="en">Meeting</span></a></li>',
        (4, 7),
    ),
    "not held by the linked row": (
        "zh-hans",
        '<a href="/zh-hans/mechanism/" lang="en">Meeting</a>',
        (4, 0),
    ),
    "not held by one of two rows": ("zh-hans", '<p lang="en">Meeting</p>', (4, 0)),
    "not of the record": ("zh-hans", "<p>Menu</p>", (4, 4)),
    "in the page's language": ("zh-hans", "<h3>引渡条约</h3>", (8, 0)),
    "wording of a source": ("zh-hans", '<span lang="">A hall</span>', (4, 0)),
    "source": ("zh-hans", '<ul class="sources"><li>News</li></ul>', (4, 0)),
    "address and code": ("zh-hans", "<p>https://a.example/b DOC-0001</p>", (4, 0)),
    "Vietnamese": ("vi", "<p>Hiệp định</p>", (8, 0)),
    "English in Vietnamese": ("vi", '<p lang="en">Joint Statement</p>', (0, 14)),
    "English, not marked": ("vi", "<p>Joint Statement</p>", (0, 14)),
    "the same name": ("vi", "<p>Singapore</p>", (9, 0)),
    "Thai": ("th", "<p>ที่</p>", (3, 0)),
    "Lao in Thai": ("th", "<p>ລາວ</p>", (0, 3)),
}


def test_measure_counts_letters_by_language(held):
    with collect_failures() as failures:
        for name, (language, body, expected) in MEASURED.items():
            with failures.case(name):
                before = CHINESE if language == "zh-hans" else ""
                assert share_of(language, before + body, held) == expected


def test_english_headings_are_found():
    html = """<html lang="zh-Hans"><main><h1>引渡条约</h1>
        <h2>文件 <span>Treaty</span></h2><h3><a lang="en">Treaty</a></h3>
        <p>Treaty</p></main>"""

    assert english_headings(html) == ["文件 Treaty", "Treaty"]


def test_texts_that_the_record_holds_in_the_page_language_are_shown_in_it(pages):
    html, held = pages
    rows = []
    for (code, path), text in html.items():
        share = measure(text, LANGUAGES_BY_CODE[code], held, path)
        if share.value < LIMIT:
            rows.append(f"{share.value:4.0%}  /{code}/{path}  {share.describe()}")

    assert not rows, f"{len(rows)} of {len(html)} pages\n" + "\n".join(sorted(rows))


def test_few_titles_cannot_be_formed(pages):
    """Only those of documents whose parties have no name in the language."""
    _html, _held = pages
    unformed = {
        (row.public_code, code)
        for kind in FORMED_KINDS
        for row, codes in load_unformed_titles(kind).items()
        for code in codes & set(LANGUAGES)
    }

    assert {code for code, _language in unformed} <= UNNAMED_PARTIES
    assert len(unformed) <= 12


def test_headings_of_pages_in_simplified_chinese_are_not_english(pages):
    html, _held = pages
    chinese = {path: text for (code, path), text in html.items() if code == "zh-hans"}
    rows = {
        path: headings
        for path, text in chinese.items()
        if (headings := english_headings(text))
    }

    assert not rows, f"{len(rows)} of {len(chinese)} pages\n" + "\n".join(
        f"/zh-hans/{path}  {'; '.join(headings)}" for path, headings in rows.items()
    )
