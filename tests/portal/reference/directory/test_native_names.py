"""The name of an organ or place in its own language is the one its readers see."""

import json

import pytest
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue import operations
from portal.content.catalogue.models import Entry
from portal.content.publishing.links import build_link, load_links
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.localized_text import (
    get_loaded_name,
    localized,
    with_native_text,
)
from portal.reference.directory.localized_names import load_display_names
from portal.reference.directory.models import Organ
from portal.reference.directory.search_names import public_names
from tests.factories.conference import edition
from tests.factories.directory import country, organ, place
from tests.factories.publishing import AT, published

pytestmark = pytest.mark.django_db
NATIVE = "Viện kiểm sát nhân dân tối cao"
VI, TH, EN, ZH_HANT = (
    LANGUAGES_BY_CODE[code] for code in ("vi", "th", "en", "zh-hant")
)


@pytest.fixture
def procuracy() -> Organ:
    row = organ(
        "vn-spp",
        country=published(country("VN")),
        name_en="Supreme Procuracy",
        name_native=NATIVE,
        native_language="vi",
    )
    return published(row)


@pytest.mark.parametrize(
    ("texts", "tag", "expected"),
    [
        ({"en": "A"}, "vi", {"en": "A", "vi": "N"}),
        ({"en": "A"}, "vi-VN", {"en": "A", "vi": "N"}),
        ({"en": "A", "vi": ""}, "vi", {"en": "A", "vi": "N"}),
        ({"en": "A", "vi": "B"}, "vi", {"en": "A", "vi": "B"}),
        ({"en": "A"}, "zh", {"en": "A", "zh-hans": "N"}),
        ({"en": "A"}, "zh-Hant", {"en": "A", "zh-hant": "N"}),
        ({"en": "A"}, "tet", {"en": "A"}),
        ({"en": "A"}, "", {"en": "A"}),
    ],
)
def test_native_text_counts_in_its_language_unless_one_is_written(texts, tag, expected):
    assert with_native_text(texts, "N", tag) == expected
    assert with_native_text(texts, "", tag) == texts


def test_native_name_is_shown_to_its_own_readers_only(procuracy):
    names = {language: localized(procuracy, "name", language) for language in (VI, TH)}

    assert (names[VI].text, names[VI].is_fallback) == (NATIVE, False)
    assert (names[TH].text, names[TH].tag) == ("Supreme Procuracy", "en")


def test_native_name_in_chinese_is_converted_for_readers_of_traditional_chinese():
    row = organ(name_en="Office", name_native="检察院", native_language="zh")

    assert localized(row, "name", ZH_HANT).text == "檢察院"
    assert localized(row, "name", TH).text == "Office"


def test_links_and_loaded_names_use_the_native_name(procuracy):
    record = edition(1, host_organs=[procuracy])

    links = load_links([record], VI)[record.pk]["host_organs"]

    assert [link.name.text for link in links] == [NATIVE]
    assert build_link(procuracy, VI).name.text == NATIVE
    assert build_link(procuracy, TH).name.text == "Supreme Procuracy"
    loaded = Organ.objects.only_language(VI).get(pk=procuracy.pk)
    assert get_loaded_name(loaded, "name") == "Supreme Procuracy"  # active: English


def test_catalogue_and_search_have_the_native_name_in_its_language(procuracy):
    entry = Entry.objects.get(kind="organ")
    names = public_names({"organ": ["vn-spp"]})["organ"]["vn-spp"]

    assert entry.languages == ["en", "vi"]
    assert set(entry.texts.values_list("language", "title")) == {
        ("en", "Supreme Procuracy"),
        ("vi", NATIVE),
    }
    assert names == {"en": "Supreme Procuracy", "vi": NATIVE}
    assert operations.rebuild(at=AT)[:2] == (0, 0)


def test_native_name_beside_another_name_or_in_another_language_has_no_code():
    published(country("CN"))
    published(
        organ(
            "cn-spp",
            name_zh_hans="中国检察院",
            name_native="检察院",
            native_language="zh",
        )
    )
    published(organ("tl-pgr", name_native="Prokuradoria", native_language="tet"))

    names = public_names({"organ": ["cn-spp", "tl-pgr"]})["organ"]

    assert names["cn-spp"]["zh-hans"] == "中国检察院"
    assert names["cn-spp"][""] == "检察院"
    assert names["tl-pgr"][""] == "Prokuradoria"


def test_pages_feeds_and_api_show_the_native_name(client, procuracy):
    published(edition(1, host_organs=[procuracy]))

    page = client.get("/vi/organs/vn-spp/").content.decode()
    assert f"<h1>{NATIVE}</h1>" in page
    # The heading is not repeated as the name in the organ's own language.
    assert page.count(f">{NATIVE}</p>") == 0
    data = page.partition('<script type="application/ld+json">')[2]
    nodes = json.loads(data.partition("</script>")[0])["@graph"]
    assert NATIVE in [node.get("name") for node in nodes]
    english = client.get("/en/organs/vn-spp/").content.decode()
    assert "<h1>Supreme Procuracy</h1>" in english
    assert f'lang="vi">{NATIVE}</p>' in english
    for path in ("/vi/conference/1/", "/vi/countries/vn/"):
        text = client.get(path).content.decode()
        assert NATIVE in text
        assert "Supreme Procuracy" not in text
    data = client.get("/api/v1/organs/vn-spp/?lang=vi").json()
    assert (data["name"], data["fallback"]) == (NATIVE, {})
    assert data["languages"] == ["en", "vi"]
    link = client.get("/api/v1/editions/1/?lang=vi").json()["host_organs"][0]
    assert (link["name"], link["language"]) == (NATIVE, "vi")


def test_local_name_of_a_place_is_shown_to_its_own_readers():
    row = place(
        "bangkok",
        country=country("TH"),
        name_en="Bangkok",
        name_local="กรุงเทพมหานคร",
        local_language="th",
    )
    record = edition(1, places=[row])

    for language, name in ((TH, "กรุงเทพมหานคร"), (EN, "Bangkok")):
        links = load_links([record], language)[record.pk]["places"]
        assert [link.name.text for link in links] == [name]
        names = load_display_names(language, places=["bangkok"])
        assert names.places["bangkok"].text == name


def test_written_name_comes_before_the_native_one(procuracy):
    column = build_localized_fieldname("name", "vi")
    Organ.objects.filter(pk=procuracy.pk).update(**{column: "VKSND tối cao"})
    procuracy.refresh_from_db()

    assert localized(procuracy, "name", VI).text == "VKSND tối cao"
