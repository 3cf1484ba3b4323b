"""Detection of the encoding (code page) of CSV files of office programs."""

import codecs
import re
import unicodedata

import pytest

from portal.content.spreadsheets.encoding_likelihood import is_vietnamese_syllable
from portal.content.spreadsheets.encodings import _CODE_PAGES
from portal.content.spreadsheets.headings import count_headings
from portal.content.spreadsheets.questions import CODE_PAGE, NeedsAnswer
from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.sheet import Sheet, UnreadableSpreadsheetError

GB18030 = "The file was read with the encoding GB18030 (Simplified Chinese)."
BIG5 = "The file was read with the encoding Big5 (Traditional Chinese)."
UTF8 = "The file was read with the encoding UTF-8."
THAI = "The file was read with the encoding Windows-874 (Thai)."
VIETNAMESE = "The file was read with the encoding Windows-1258 (Vietnamese)."
LATIN = "The file was read with the encoding Windows-1252 (Western European)."


def read_seminars(content: bytes, answers=None) -> Sheet:
    seminars = get_resource("seminars")
    return read_sheet(content, lambda sheet: count_headings(seminars, sheet), answers)


def names_in(content: bytes, answers=None) -> list[str]:
    return [cells[0] for _number, cells in read_seminars(content, answers).rows[1:]]


def listed(*names: str, code_page="utf-8", heading="title_zh") -> bytes:
    rows = "".join(f"{name},related\r\n" for name in names)
    return f"{heading},scope\r\n{rows}".encode(code_page)


def vietnamese(text: str) -> bytes:
    """Encode ``text`` in Windows-1258, where tone marks are combining characters."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", text)
    vowels = re.sub(f"([{tones}])([\u0302\u0306\u031b])", r"\2\1", parts)
    pieces = re.split(f"([{tones}])", vowels)
    return "".join(unicodedata.normalize("NFC", piece) for piece in pieces).encode(
        "cp1258"
    )


def test_file_with_ascii_headings_is_read_in_the_code_page_of_a_name():
    cases = (
        ("陳大文", "big5", BIG5),
        ("陳大文", "gb18030", GB18030),
        ("陈大文", "gb18030", GB18030),
        ("王小明", "gb18030", GB18030),
        ("王小明", "big5", BIG5),
        ("李國強", "big5hkscs", BIG5),
        ("黃啟文", "big5hkscs", BIG5),
        ("สมชาย ใจดี", "cp874", THAI),
        ("João Conceição", "cp1252", LATIN),
        ("José", "utf-8", UTF8),
        ("李四", "utf-8", UTF8),
        ("A", "ascii", UTF8),
    )
    for name, code_page, decision in cases:
        sheet = read_seminars(listed(name, code_page=code_page))

        assert sheet.rows[1][1][0] == name, (name, code_page)
        assert sheet.decisions == [decision], (name, code_page)


def test_vietnamese_names_are_read_with_their_tone_marks_composed():
    content = b"title_zh,scope\n" + vietnamese(
        "Nguyễn Thị Hồng,related\nPhạm Trần Đức\n"
    )

    assert names_in(content) == ["Nguyễn Thị Hồng", "Phạm Trần Đức"]
    assert read_seminars(content).decisions == [VIETNAMESE]


def test_known_heading_decides_what_names_alone_would_not():
    # The bytes of these rare characters are text in the other code page, too.
    for heading, name, code_page in (
        ("标题（简体中文）", "冯国", "gb18030"),
        ("标题（简体中文）", "袁荷宾", "gb18030"),
        ("標題", "翟隸", "big5"),
    ):
        content = listed(name, code_page=code_page, heading=heading)

        assert names_in(content) == [name]


def test_every_unicode_form_is_read():
    text = "title_zh,scope\n研修班,related\n"
    cases = (
        (text.encode("utf-8-sig"), UTF8),
        (text.encode(), UTF8),
        (codecs.BOM_UTF16_LE + text.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + text.encode("utf-16-be"), None),
        (text.encode("utf-16-le"), None),
        (text.encode("utf-16-be"), None),
    )
    for content, decision in cases:
        sheet = read_seminars(content)

        assert sheet.rows[1][1] == ["研修班", "related"]
        assert sheet.decisions == [
            decision or "The file was read with the encoding UTF-16."
        ]


def test_languages_that_only_gb18030_has_are_read_from_it():
    names = ("ສະຖາບັນໄອຍະການ", "ក្រសួងយុត្តិធម៌", "အစည်းအဝေး", "Nguyễn Thị Hồng")

    assert names_in(listed(*names, code_page="gb18030")) == list(names)


def test_two_fitting_code_pages_are_asked_and_the_answer_is_used():
    content = "title_zh,scope\n冯国,related\n".encode("gb18030")
    content = content.replace("冯国".encode("gb18030"), "霸翟".encode("gb18030"))

    with pytest.raises(NeedsAnswer) as error:
        read_seminars(content)
    [question] = error.value.questions
    labels = {option.value: option.label for option in question.options}

    assert question.key == CODE_PAGE
    assert labels["gb18030"] == "GB18030 (Simplified Chinese): 霸翟"
    assert labels["cp874"] == "Windows-874 (Thai): ฐิติ"
    assert names_in(content, {CODE_PAGE: "gb18030"}) == ["霸翟"]
    assert names_in(content, {CODE_PAGE: "cp874"}) == ["ฐิติ"]


def test_answer_that_does_not_fit_the_file_is_not_used():
    content = listed("陈大文", code_page="gb18030")

    for answer in ("utf-8", "rot13", ""):
        assert names_in(content, {CODE_PAGE: answer}) == ["陈大文"]


def test_private_use_characters_are_kept_where_no_code_page_has_others():
    """``check_readable`` rejects such cells when the import is checked."""
    content = listed("陈大文", "李", "王国", code_page="gb18030")
    private = content.replace("李".encode("gb18030"), b"\xc0\xee\xaa\xa1")

    assert names_in(private) == ["陈大文", "李\ue000", "王国"]


def test_damaged_file_is_not_read_in_another_code_page():
    names = ["陳大文", "林國棟", "黃志強", "張美玲"] * 40
    damaged = listed(*names, code_page="big5") + b"\xa4\xff\r\n"

    with pytest.raises(
        UnreadableSpreadsheetError,
        match=("The file is not xlsx, and its text encoding was not recognised"),
    ):
        read_seminars(damaged)


def test_code_page_is_decided_by_a_sample_and_holds_for_the_whole_file():
    latin = b"A,related\r\n" * 10_000
    content = b"title_zh,scope\r\n" + latin + "陳大文,related\r\n".encode("big5")

    assert names_in(content)[-1] == "陳大文"


def test_long_texts_in_ascii_do_not_hide_what_decides():
    long_text = b"An English text. " * 5_000
    name = "陳大文".encode("big5")
    thai = "อัยการสูงสุด".encode("cp874")
    for content, last in (
        (b"title_zh,scope\nA," + long_text + name + b"\n", "陳大文"),
        # A dash is the same byte in three code pages.
        (b"title_zh,scope\nA,a \x96 b" + long_text + b"\nA," + thai, "อัยการสูงสุด"),
        (b"title_zh,scope\n" + b"A,a \x96 b\n" * 900 + b"A," + thai, "อัยการสูงสุด"),
    ):
        assert read_seminars(content).rows[-1][1][1].endswith(last)


def test_lines_without_end_are_sampled_in_bounded_time():
    content = b"title_zh,scope\n" + ("陳大文" * 100_000).encode("big5") + b",related\n"

    assert names_in(content) == ["陳大文" * 100_000]


def test_separator_that_is_no_comma_is_named():
    content = listed("研修班").replace(b",", b";")

    assert read_seminars(content).decisions == [
        UTF8,
        "Cells are separated by semicolons.",
    ]
    content = content.replace(b";", b"\t")
    assert read_seminars(content).decisions == [UTF8, "Cells are separated by tabs."]


def test_code_pages_are_offered_by_values_that_stay_the_same():
    assert [page.value for page in _CODE_PAGES] == [
        *("utf-8", "gb18030", "big5", "cp1252", "cp1258", "cp874")
    ]


def test_vietnamese_syllables_are_distinguished_from_other_words():
    syllables = "Nguyễn Thị Hồng Phạm ĐỨC Việt ƯƠNG quyết nghiêng khuỷu oăn uống y"
    other_words = "Conceição NguyÔn Nguyêt! căo Camơes tḥ Phaạm ă hộc̀ phạmm tạp̉"

    assert [
        word for word in syllables.split() if not is_vietnamese_syllable(word)
    ] == []
    assert [word for word in other_words.split() if is_vietnamese_syllable(word)] == []


# ------------------------------------------------------------- end-of-file character


def test_end_of_file_sign_is_no_row_and_no_character_of_the_last_cell():
    for end in (
        b"\x1a",
        b"\r\n\x1a",
        b"\r\n\x1a\r\n",
        b'\r\n"\x1a",,\r\n',
        b"\x1a\0\0",
    ):
        sheet = read_seminars(b"title_zh,scope\r\nA,related" + end)

        assert sheet.rows == [(1, ["title_zh", "scope"]), (2, ["A", "related"])], end
    utf16 = codecs.BOM_UTF16_LE + "title_zh,scope\nA,x\n\x1a".encode("utf-16-le")
    assert read_seminars(utf16).rows[1:] == [(2, ["A", "x"])]
