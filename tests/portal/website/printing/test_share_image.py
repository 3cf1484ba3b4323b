"""``<record URL>/card.png``: the image shown when a link to the record is shared."""

import datetime as dt
import io
import struct
from itertools import cycle

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from PIL import Image

from portal.content.catalogue.registry import all_kinds, get_kind
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.printing import share_image
from tests.factories import publishing as states
from tests.factories.directory import place
from tests.factories.publishing import published_together, withdrawn_together
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.project.kind_factories import sample

pytestmark = pytest.mark.django_db

KINDS = [kind.code for kind in all_kinds() if hasattr(kind.model, "get_absolute_url")]
PAIRS = list(zip(LANGUAGES_BY_CODE, cycle(reversed(KINDS)), strict=False))
LONG_TEXTS = {
    "en": "Extraordinary meetings of prosecutors " * 13,
    "zh_hans": "中国与东盟成员国总检察长会议打击电信网络诈骗合作机制联合声明" * 16,
    "km": "សន្និសីទអគ្គព្រះរាជអាជ្ញាចិនអាស៊ាន" * 14,
    "my": "တရုတ်အာဆီယံရှေ့နေချုပ်များညီလာခံ" * 15,
    "th": "การประชุมอัยการสูงสุดจีนอาเซียน" * 16,
}
# Colours of pixels. The template has #c9d7e6 for facts; it is rendered slightly darker.
GROUND, TITLE_INK, FACT_INK = (10, 38, 68), (255, 255, 255), (200, 214, 229)


def _address(record, language: str = "en") -> str:
    with override(language):
        return f"{record.get_absolute_url()}card.png"


def _is_card(response) -> bool:
    return (
        response.status_code == 200
        and response["Content-Type"] == "image/png"
        and struct.unpack(">II", response.content[16:24]) == (1200, 630)
    )


@pytest.fixture
def compiler_inputs(monkeypatch) -> list[dict]:
    """Return a list that collects the compiler's inputs; images are still compiled."""
    inputs, to_press = [], share_image.compile_png
    monkeypatch.setattr(
        share_image, "compile_png", lambda data: inputs.append(data) or to_press(data)
    )
    return inputs


def test_every_kind_has_share_image_in_every_language(client):
    records = {kind: sample(get_kind(kind)) for kind in KINDS}
    published_together(*records.values())

    with collect_failures() as failures:
        for language, kind in PAIRS:
            with failures.case(language, kind):
                response = client.get(_address(records[kind], language))

                assert _is_card(response)
                assert len(response.content) <= 150_000


def test_unpublished_record_has_no_share_image(client):
    drafts = {kind: sample(get_kind(kind)) for kind in KINDS}
    addresses = {kind: _address(draft) for kind, draft in drafts.items()}
    before = {kind: client.get(addresses[kind]).status_code for kind in KINDS}
    withdrawn_together(*drafts.values())
    after = {kind: client.get(addresses[kind]).status_code for kind in KINDS}

    assert before == dict.fromkeys(KINDS, 404)
    assert after == dict.fromkeys(KINDS, 410)


def test_share_image_shows_kind_title_period_and_place(client, compiler_inputs):
    nanning = place("nanning", name_en="Nanning", name_zh_hans="南宁")
    record = seminar(
        "SEM-0001",
        title_zh_hans="研修班样本",
        starts_on=dt.date(2024, 9, 1),
        date_precision="month",
    )
    record.places.add(nanning)
    states.published(record)

    client.get("/zh-hans/seminars/SEM-0001/card.png")
    client.get("/en/seminars/SEM-0001/card.png")

    chinese, english = compiler_inputs
    assert "".join(chinese["title"]) == "研修班样本"
    assert chinese["title-lang"] == "zh-Hans"
    # Without a written English title, one is formed from the facts.
    assert "".join(english["title"]) == "Seminar in Nanning (September 2024)"
    assert english["title-lang"] == "en"
    assert english["kind"] == "Seminar"
    assert english["facts"] == [
        {"t": "September 2024", "lang": "en"},
        {"t": "Nanning", "lang": "en"},
    ]


def test_share_image_of_undated_record_has_no_date(client, compiler_inputs):
    states.published(seminar("SEM-0001"))

    client.get("/en/seminars/SEM-0001/card.png")

    assert compiler_inputs[0]["facts"] == []


@pytest.mark.parametrize("language", LONG_TEXTS)
def test_long_title_fits_share_image(client, language):
    title = {f"title_{language}": LONG_TEXTS[language][:490]}
    states.published(seminar("SEM-0001", **title))

    code = language.replace("_", "-")
    response = client.get(f"/{code}/seminars/SEM-0001/card.png")

    assert _is_card(response)
    assert len(response.content) <= 160_000


def _pixels(client, address: str) -> Image.Image:
    response = client.get(address)
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def _columns(picture: Image.Image, first: int, last: int) -> bytes:
    """Return the pixels between two columns, without the line at the bottom."""
    return picture.crop((first, 0, last, 620)).tobytes()


@pytest.fixture(scope="module")
def long_cards(rows_of_module):
    """Cards whose title and places are long, by language, and one with a short title.

    The key of the title that is one long word is ``word``, the one of the short title
    is ``short``. Each value is a picture and the facts that the compiler got.
    """
    with rows_of_module(_make_long_cards) as cards:
        pass  # other tests of this module must not find the records
    return cards


def _make_long_cards() -> dict[str, tuple[Image.Image, list]]:
    titles = {code: (text * 9)[:490] for code, text in LONG_TEXTS.items()}
    texts = {code: {f"title_{code}": title} for code, title in titles.items()}
    texts["word"] = {"title_en": "W" * 490}
    places = [place(f"p{n}", name_en=f"{n} Long name " * 5) for n in range(3)]
    days = {"starts_on": dt.date(2024, 9, 1), "date_precision": "month"}
    rows = {code: seminar(places=places, **row, **days) for code, row in texts.items()}
    rows["short"] = seminar(title_en=".")
    published_together(*rows.values())
    inputs, compile_png = [], share_image.compile_png
    cards = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            share_image,
            "compile_png",
            lambda data: inputs.append(data) or compile_png(data),
        )
        for code, record in rows.items():
            language = "en" if code in ("word", "short") else code.replace("_", "-")
            picture = _pixels(Client(), f"/{language}/seminars/{record.code}/card.png")
            cards[code] = picture, inputs.pop()["facts"]
    return cards


@pytest.mark.parametrize("language", [*LONG_TEXTS, "word"])
def test_long_texts_do_not_reach_the_ornament(long_cards, language):
    """The columns between text and drum are empty, and the drum is unchanged."""
    full, _facts = long_cards[language]
    empty, _facts = long_cards["short"]

    assert _columns(full, 72, 824) != _columns(empty, 72, 824)
    assert set(full.crop((828, 0, 850, 620)).get_flattened_data()) == {GROUND}
    assert _columns(full, 850, 1200) == _columns(empty, 850, 1200)
    assert len(set(empty.crop((850, 0, 1200, 620)).get_flattened_data())) > 1


@pytest.mark.parametrize("language", LONG_TEXTS)
def test_long_title_does_not_reach_the_facts(long_cards, language):
    """With facts of several lines the title gets less space, not the facts."""
    full, written_facts = long_cards[language]
    white = {y for y in range(620) if TITLE_INK in _row(full, y)}
    facts = {y for y in range(620) if FACT_INK in _row(full, y)}

    assert len(written_facts) == 4
    assert max(white) < min(facts)


def _row(picture: Image.Image, y: int) -> set:
    return set(picture.crop((72, y, 824, y + 1)).get_flattened_data())


@pytest.mark.parametrize(
    "title", ["#let x = $y$ @z \\ [", "😀 عربي", "x" * 490, "a" + "\u0301" * 480]
)
def test_unusual_characters_do_not_break_share_image(client, title):
    states.published(seminar("SEM-0001", title_en=title))

    assert _is_card(client.get("/en/seminars/SEM-0001/card.png"))


@pytest.mark.parametrize("language", LANGUAGES_BY_CODE)
def test_site_has_share_image(client, language, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(f"/{language}/card.png")

    assert _is_card(response)
    assert len(response.content) <= 150_000


def test_noncanonical_code_redirects(client):
    states.published(sample(get_kind("edition"), number=15))

    response = client.get("/en/conference/015/card.png")

    assert (response.status_code, response["Location"]) == (
        301,
        "/en/conference/15/card.png",
    )


def test_list_has_no_share_image(client):
    assert client.get("/en/seminars/card.png").status_code == 404


def test_share_image_needs_fewer_queries_than_page(client):
    states.published(seminar("SEM-0001"))
    with CaptureQueriesContext(connection) as page:
        client.get("/en/seminars/SEM-0001/")
    with CaptureQueriesContext(connection) as pictured:
        client.get("/en/seminars/SEM-0001/card.png")

    assert len(pictured) < len(page)


def test_share_image_is_identical_for_every_reader(client):
    states.published(seminar("SEM-0001"))
    first = client.get("/en/seminars/SEM-0001/card.png")
    etag = first["ETag"]

    known = client.get(
        "/en/seminars/SEM-0001/card.png",
        headers={"if-none-match": etag, "accept-encoding": "br"},
    )

    assert known.status_code == 304
    assert not first.cookies
    assert "public" in first["Cache-Control"]
