"""Conversion to traditional characters: set words and protected names."""

import csv

import opencc
from django.conf import settings

from portal.core.translations.conversion import (
    TERMS_FILE,
    convert_if_terms_matter,
    load_characters,
    load_terms,
    to_traditional,
)
from portal.core.translations.normal_form import fold

RECORD = settings.BASE_DIR / "portal" / "record"


def test_words_that_opencc_reads_wrongly_are_converted():
    for simplified, traditional in (
        ("时长须大于0", "時長須大於0"),
        ("检察长须于会前会签", "檢察長須於會前會簽"),
        ("双方交换签署文本", "雙方交換簽署文本"),
        ("贴有标签，经抽签", "貼有標籤，經抽籤"),
        ("死刑复核程序，答复与重复", "死刑覆核程序，答覆與重複"),
        ("启动日期", "啟動日期"),
        ("名称系推定，体系由各国组成", "名稱係推定，體系由各國組成"),
        ("已公布和发布说明，峰会群众可订阅", "已公布和發布說明，峰會群眾可訂閱"),
        ("税收征管", "稅收徵管"),
        ("脱离、锐意、喜悦、兑现", "脫離、銳意、喜悅、兌現"),
        ("事实说明了问题，案例说明了道理", "事實說明了問題，案例說明了道理"),
        ("颁布法律，调整开发布局，峰回路转", "頒布法律，調整開發佈局，峰迴路轉"),
    ):
        assert to_traditional(simplified) == traditional


def test_names_that_look_like_words_are_kept():
    for simplified, traditional in (
        ("越南总理范明政的讲话范围", "越南總理范明政的講話範圍"),
        ("规范文件，示范文本", "規範文件，示範文本"),
        ("余检察长与其余检察长", "余檢察長與其餘檢察長"),
        ("20余名检察官", "20餘名檢察官"),
        ("被告人于某于2019年", "被告人于某於2019年"),
        ("关于先生的去向", "關於先生的去向"),
        ("广西靖西岳圩口岸与山岳", "廣西靖西岳圩口岸與山嶽"),
        ("老挝丰沙里省、占巴塞省", "老撾豐沙里省、占巴塞省"),
        ("泰国春武里府三十里外", "泰國春武里府三十里外"),
    ):
        assert to_traditional(simplified) == traditional


def test_each_term_is_needed():
    """OpenCC alone converts it wrongly, or it is an exception to another term."""
    converter = opencc.OpenCC("s2hk")
    terms = load_terms()
    needed = [term for term in terms if converter.convert(term) != terms[term]]

    for term in set(terms) - set(needed):
        assert any(_overlap(term, other) for other in needed), term
    for simplified, form in load_characters().items():
        assert converter.convert(simplified) != form


def _overlap(term: str, other: str) -> bool:
    return other in term or any(
        term.endswith(other[:length]) for length in range(1, len(other))
    )


def test_terms_are_complete_and_listed_once():
    with TERMS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == len(load_terms()) + len(load_characters()) > 50
    for row in rows:
        assert all(row.values()), row
        assert row["kind"] in ("word", "name", "character"), row
        assert len(row["simplified"]) == len(row["traditional"]), row


def test_converted_terms_are_found_by_the_simplified_ones():
    for simplified, traditional in (load_terms() | load_characters()).items():
        assert fold(simplified) == fold(traditional)


def test_names_on_record_are_converted_as_they_are_recorded():
    """A name within a sentence is the same as the name alone.

    If this fails, add the name to data/traditional_terms.csv.
    """
    compared = 0
    for path in sorted(RECORD.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                simplified = row.get("name_zh_hans") or row.get("name_zh")
                if simplified and (traditional := row.get("name_zh_hant")):
                    assert to_traditional(simplified) == traditional
                    compared += 1
    assert compared > 10


def test_only_texts_that_the_terms_change_depend_on_them():
    assert convert_if_terms_matter("检察长须于会前签署") == "檢察長須於會前簽署"
    for text in ("", "abc", "检察长会议", "签署谅解备忘录", "规范文件的范围"):
        assert convert_if_terms_matter(text) == ""
