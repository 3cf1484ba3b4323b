"""Parsing of a search text into terms with readings."""

from portal.content.catalogue.search.dates import date_token
from portal.content.catalogue.search.query_terms import parse_query


def kinds(text: str) -> list[tuple[str, str]]:
    return [(term.kind, term.text) for term in parse_query(text).terms]


def readings(text: str) -> list[str]:
    """Return the readings of the only term besides the typed one."""
    [term] = parse_query(text).terms
    return [
        reading.marker or " ".join(literal.text for literal in reading.terms)
        for reading in term.readings[1:]
    ]


def test_text_is_split_into_terms_of_each_kind():
    assert kinds('"joint statement" Burma 2019年 第九届 检察') == [
        ("phrase", '"joint statement"'),
        ("synonym", "burma"),
        ("date", "2019年"),
        ("ordinal", "第九届"),
        ("text", "检察"),
    ]


def test_synonyms_are_readings():
    assert readings("Burma") == ["myanmar"]
    assert readings("MoU") == ["memorandum of understanding"]
    assert readings("MoUs") == ["memorandum of understanding"]
    assert "timor leste" in readings("east timor")
    assert readings("2568") == [date_token("2025")]


def test_abbreviation_is_searched_for_only_if_typed():
    assert readings("memorandum of understanding") == []
    assert readings("Myanmar") == []


def test_chinese_run_is_split_at_known_words():
    assert [text for _kind, text in kinds("打击贩卖人口犯罪")] == [
        "打击",
        "贩卖人口",
        "犯罪",
    ]


def test_stop_words_are_left_out_unless_quoted():
    assert kinds("the treaty of peace") == [("text", "treaty"), ("text", "peace")]
    assert kinds('"of the"') == [("phrase", '"of the"')]
    assert parse_query("the of").has_only_stop_words
    assert not parse_query("").has_only_stop_words


def test_marked_word_is_not_an_unmarked_stop_word():
    assert kinds("thể với") == [("text", "the")]


def test_unmatched_quotation_mark_is_ignored():
    assert kinds('"joint statement') == [("text", "joint"), ("text", "statement")]


def test_repeated_word_is_one_term():
    assert kinds("fraud fraud Fraud") == [("text", "fraud")]


def test_titles_have_synonyms_replaced():
    titles = {
        " ".join(literal.text for literal in title)
        for title in parse_query("prosecutors of Burma").titles
    }

    assert {"prosecutors of burma", "prosecutors of myanmar"} <= titles
    assert "prosecutors myanmar" in titles


def test_number_of_titles_is_limited():
    assert len(parse_query("Burma Laos Macau Vietnam MoU SPP OAG").titles) <= 32
