import pytest

from portal.content.catalogue.search.tokens import (
    Term,
    grapheme_clusters,
    parse_terms,
    tokenize,
)


def finds(query: str, text: str) -> bool:
    have = set(tokenize(text))
    return all(token in have for term in parse_terms(query) for token in term.tokens)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("检", [Term("han", "检", ("检",))]),
        ("檢察長", [Term("han", "检察长", ("检察", "察长"))]),
        ("SEM-0001", [Term("word", "sem", ("sem",)), Term("word", "0001", ("0001",))]),
        ("นี้", [Term("thai", "นี้", ("นี้",))]),
        ("ចោទ", [Term("thai", "ចោទ", ("ចោទ",))]),
        ("ยาเสพ", [Term("thai", "ยาเสพ", ("ยาเ", "าเส", "เสพ"))]),
        ("…— ! ฿", []),
    ],
)
def test_query_is_split_into_terms(query, terms):
    assert parse_terms(query) == terms


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("seminars", "A Seminar was held"),
        ("seminar", "two seminars’ papers"),
        ("prosecutor", "the Prosecutor's office"),
        ("prosecutors", "the Prosecutor’s office"),
        ("countries", "a country"),
        ("processes", "a process"),
        ("co-operation", "cooperation"),
        ("cooperation", "Co-operation"),
        ("operation", "co-operation"),
        ("e-mails", "by email"),
        ("kiem sat", "Viện kiểm sát nhân dân"),
        ("Kiểm sát", "vien kiem sat"),
        ("检察", "最高人民检察院"),
        ("權", "检察权"),
        ("会议", "总检察长\n会\n议"),
        ("15届", "第15届会议"),
        ("สูงสุด", "อัยการสูงสุดมีอำนาจ"),
        ("ອຍະການ", "ອົງການໄອຍະການປະຊາຊົນ"),
        ("ໄອຍະການ", "ອົງການ ໄອ ຍະ ການ ປະຊາຊົນ"),
        ("អន្តរជាតិ", "សហប្រតិបត្តិការអន្តរជាតិ"),
        ("សហប្រតិបត្តិការ", "សហប្រតិបត្តិ\u200bការអន្តរជាតិ"),
        ("ရှေ့နေ", "ပြည်ထောင်စုရှေ့နေချုပ်ရုံး"),
        ("၏", "ရုံး၏"),
        ("2025", "วันที่ ๒๐๒๕"),
    ],
)
def test_text_is_found(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("semi", "A seminar was held"),
        ("the seminar", "A seminar was held"),
        ("ann", "annual"),
        ("察检", "检察"),
        ("长检察", "检察长"),
        ("会议", "会长提议"),
        ("การค้า", "การประชุม ค่า กาค ราย"),
        ("นี้", "สถานีนั้น"),
        ("glass", "glas"),
        ("procuratorate", "procurator-ate"),
        ("kiểm", "kiệt"),
        ("ma", "mẫu"),
    ],
)
def test_text_is_not_found(query, text):
    assert not finds(query, text)


NAMES = [
    "China-ASEAN Prosecutors-General Conference",
    "ASEAN–China Procurators-General Conference",
    "the China - ASEAN Procurator-General Conference",
    "China-ASEAN Member States Prosecutor Generals Conference",
    "Conference of Prosecutors-General of China and the ASEAN member states",
    "CAPGC",
    "中国—东盟成员国总检察长会议",
    "中國－東盟總檢察長會議",
    "东盟-中国总检察长会议",
]


@pytest.mark.parametrize("query", [*NAMES[:4], *NAMES[5:]])
@pytest.mark.parametrize("text", NAMES)
def test_conference_is_found_by_all_of_its_names(query, text):
    assert finds(query, f"The opening of the {text} in Nanning, 南宁.")


def test_other_conference_does_not_match():
    assert not finds("CAPGC", "ASEAN Prosecutors Conference; China; 东盟会议")


def test_clusters_split_text_into_grapheme_clusters():
    assert grapheme_clusters("ស្ត្រី") == ["ស្ត្រី"]
    assert grapheme_clusters("นี้") == ["นี้"]


@pytest.mark.parametrize("marks", ["\u0301", "\u0e48\u0e48", "\u17d2", "\u1039\u0ec8"])
def test_marks_without_a_letter_are_no_term(marks):
    assert parse_terms(f"{marks} ไทย {marks}") == parse_terms("ไทย")
