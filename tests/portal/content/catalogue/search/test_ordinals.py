"""Ordinal numbers in titles and queries."""

from portal.content.catalogue.search.ordinals import find_ordinals
from portal.core.translations.normal_form import fold
from tests.failures import collect_failures

FOURTEEN = (
    "fourteenth",
    "14th",
    "第十四届",
    "第14届",
    "第十四屆",
    "第14次",
    "ke-14",
    "keempat belas",
    "lần thứ 14",
    "lan thu 14",
    "lần thứ mười bốn",
    "ครั้งที่ 14",
    "ครั้งที่ ๑๔",
    "ครั้งที่สิบสี่",
    "ຄັ້ງທີ 14",
    "ຄັ້ງທີສິບສີ່",
    "លើកទី១៤",
    "លើកទីដប់បួន",
    "၁၄ ကြိမ်မြောက်",
    "(၁၄) ကြိမ်မြောက်",
    "ဆယ့်လေးကြိမ်မြောက်",
    "14.ª",
    "14ª",
    "décima quarta",
    "decimo quarto",
    "ika-14",
    "ika-labing-apat",
    "ikalabing-apat",
)


def numbers(text: str) -> list[int]:
    return [ordinal.number for ordinal in find_ordinals(fold(text))]


def test_ordinals_are_found_in_every_language():
    with collect_failures() as failures:
        for text in FOURTEEN:
            with failures.case(text):
                assert numbers(text) == [14]


def test_words_of_several_numbers_are_told_apart():
    assert numbers("fourth, twenty-first and 第二十一届") == [4, 21, 21]
    assert numbers("lần thứ mười") == [10]
    assert numbers("第一百零二次") == [102]


def test_other_numbers_are_no_ordinals():
    for text in ("14", "DOC-0014", "2014", "firsthand", "第十四", "thursday"):
        assert numbers(text) == [], text
