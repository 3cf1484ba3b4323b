"""Order of the results, and what is found beyond the words as typed."""

import datetime as dt

import pytest

from portal.content.catalogue.search.engine import search_entries
from tests.factories.conference import article, document, edition
from tests.factories.directory import country, organ, topic
from tests.factories.publishing import published

pytestmark = pytest.mark.django_db


def codes(q: str, **options) -> list[str]:
    return [code for _kind, code in search_entries(q, **options).codes]


def dated(slug: str, year: int = 2024, **values):
    day = {"reported_on": dt.date(year, 5, 6), "date_precision": "day"}
    return published(article(slug, **{"title_en": slug, **day, **values}))


def test_organ_is_first_by_the_name_in_its_own_language():
    laos = published(country("LA", name_en="Laos"))
    own = "ອົງການໄອຍະການປະຊາຊົນສູງສຸດ"
    procuracy = published(
        organ("la-opsp", country=laos, name_native=own, native_language="lo")
    )
    for number in range(3):
        dated(f"newer-{number}", title_lo=f"ຂ່າວ {own}", organs=[procuracy])

    assert codes(own)[0] == "la-opsp"
    assert len(codes(own)) == 4


def test_each_of_several_own_names_is_a_name():
    timor = published(country("TL"))
    names = "Ministério Público; Procuradoria-Geral da República"
    published(organ("tl-pgr", country=timor, name_native=names, native_language="pt"))
    dated("newer", title_pt="Ministério Público hoje")

    assert codes("ministerio publico") == ["tl-pgr", "newer"]
    assert codes("Procuradoria-Geral da República") == ["tl-pgr"]


def test_shorter_name_precedes_longer():
    china = published(country("CN"))
    published(organ("base", country=china, name_en="Guangxi procuratorate office"))
    published(organ("main", country=china, name_en="Guangxi procuratorate"))
    published(organ("long", country=china, name_en="Base of Guangxi procuratorate A B"))

    assert codes("procuratorate guangxi") == ["main", "base", "long"]


def test_exact_form_precedes_other_forms():
    dated("inflected", 2025, title_en="Extraditing fugitives")
    dated("exact", 2020, title_en="On extradition of fugitives")

    assert codes("extradition fugitives") == ["exact", "inflected"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("extradite", "Extradition"),
        ("extradition", "Extradited"),
        ("combatting", "Combating crime"),
        ("combating", "To combat crime"),
        ("traffic", "Trafficking"),
        ("trafficking", "Traffic in persons"),
        ("organised", "Organized crime"),
        ("organisation", "Organizations"),
        ("labour", "Labor"),
    ],
)
def test_english_words_are_found_in_other_forms(query, title):
    dated("one", title_en=title)

    assert codes(query) == ["one"]


def test_only_english_texts_are_stemmed():
    dated("one", title_pt="Organizar", title_ind="Universal")

    assert codes("organize") == []
    assert codes("universities") == []


def test_records_are_found_by_the_names_of_their_kind():
    published(document("DOC-0001", document_kind="treaty", title_en="First"))
    published(document("DOC-0002", document_kind="declaration", title_en="Second"))
    dated("one")

    assert codes("联合宣言") == ["DOC-0002"]
    assert codes("條約") == ["DOC-0001"]
    assert codes("tratado") == ["DOC-0001"]
    assert codes("สนธิสัญญา") == ["DOC-0001"]
    assert sorted(codes("documents")) == ["DOC-0001", "DOC-0002"]


def test_records_are_found_by_the_names_of_their_topics():
    laundering = topic("money-laundering", name_en="Money laundering")
    type(laundering).objects.filter(pk=laundering.pk).update(name_vi="Rửa tiền")
    dated("one", topics=[laundering])

    assert codes("rửa tiền") == ["one"]
    assert codes("rua tien") == ["one"]


def test_records_are_found_by_their_dates():
    period = {"starts_on": dt.date(2025, 9, 22), "ends_on": dt.date(2025, 9, 24)}
    published(edition(15, date_precision="day", **period))
    published(edition(1, starts_on=dt.date(2025, 9, 1), date_precision="month"))
    published(edition(2, starts_on=dt.date(2025, 1, 1), date_precision="year"))

    assert codes("23 September 2025") == ["15"]
    assert codes("2025年9月") == ["15", "1"]
    assert codes("2568") == ["15", "1", "2"]
    assert codes("25 September 2025") == []


def test_edition_is_first_by_its_number_in_words():
    for number in (4, 14):
        published(edition(number))
    published(document("DOC-0001", title_en="Statement of the 14th Conference"))
    published(document("DOC-0002", title_zh_hans="第十四届会议声明"))

    for query in (
        "fourteenth conference",
        "14th",
        "第十四届",
        "ke-14",
        "décima quarta",
    ):
        assert codes(query)[0] == "14", query
        assert "DOC-0001" in codes(query), query
    assert "DOC-0002" in codes("fourteenth")
    assert "14" not in codes("fourth")


def test_quoted_words_follow_each_other():
    dated("apart", title_en="A joint and final statement")
    dated("phrase", 2020, body_en="They signed the joint statement.")

    assert codes("joint statement") == ["apart", "phrase"]
    assert codes('"joint statement"') == ["phrase"]
    assert codes("“statement joint”") == []


def test_synonyms_find_each_other():
    myanmar = published(country("MM", name_en="Myanmar"))
    dated("one", countries=[myanmar])
    dated("two", title_zh_hans="打击人口贩运")

    assert codes("Burma") == ["MM", "one"]
    assert codes("贩卖人口") == ["two"]


def test_name_of_a_kind_precedes_other_texts():
    published(edition(15, theme_en="Talks in Hanoi."))
    dated("newer", summary_en="A conference in Hanoi.")

    assert codes("conference hanoi") == ["15", "newer"]


def test_common_words_do_not_hide_an_old_exact_title(monkeypatch):
    from portal.content.catalogue.search import engine, index

    for module in (engine, index):
        monkeypatch.setattr(module, "MAX_RESULTS", 3)
    dated("exact", 2001, title_en="Common words")
    for number in range(5):
        dated(f"newer-{number}", 2020 + number, title_en=f"Common words {number}")

    assert codes("common words", limit=3)[0] == "exact"
