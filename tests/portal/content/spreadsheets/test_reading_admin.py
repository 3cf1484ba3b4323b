"""Files of office programs are imported in the admin with the text that they show."""

import pytest

from portal.content.publishing.models import ImportBatch
from seminars.models import Seminar
from tests.admin_forms import write_button
from tests.portal.content.spreadsheets.import_helpers import package_of, xlsx_of
from tests.portal.content.spreadsheets.test_admin import ADD, editor, send, upload
from tests.portal.content.spreadsheets.test_xlsx_package import renamed, zip_of

pytestmark = pytest.mark.django_db

__all__ = ["editor", "send"]

ROWS = "title_zh,scope\r\n陳大文,related\r\n"


@pytest.fixture
def saved(client, send, editor):
    """Return a function that uploads a file and submits its write form.

    The function returns the titles that were saved and the text of the page, and
    deletes the saved records.
    """

    def saved(content: bytes, name="rows.csv") -> tuple[list[str], str]:
        response = send(ADD, **upload(content, name=name))
        send(response["Location"], **write_button(client, response["Location"]))
        page = client.get(response["Location"]).text
        seminars = Seminar.objects.order_by("pk")
        titles = list(seminars.values_list("title_zh_hans", flat=True))
        Seminar.objects.all().delete()
        return titles, page

    return saved


def test_names_are_saved_as_their_code_page_has_them(saved):
    for code_page, decision in (
        ("big5", ("The file was read with the encoding Big5 (Traditional Chinese).")),
        (
            "gb18030",
            ("The file was read with the encoding GB18030 (Simplified Chinese)."),
        ),
        ("utf-8", "The file was read with the encoding UTF-8."),
    ):
        titles, page = saved(ROWS.encode(code_page))

        assert titles == ["陳大文"]
        assert decision in page


def test_end_of_file_sign_gives_no_bad_row(saved):
    assert saved(ROWS.encode() + b"\x1a")[0] == ["陳大文"]


def test_escaped_characters_of_a_workbook_are_saved_joined(saved):
    cells = '<c t="inlineStr"><is><t>{}</t></is></c>' * 2
    rows = "".join(
        f"<row>{cells.format(*texts)}</row>"
        for texts in (("title_zh", "scope"), ("李_xD842__xDFB7_", "related"))
    )

    assert saved(package_of(sheet=rows), "rows.xlsx")[0] == ["李𠮷"]


def test_half_a_character_is_an_error_that_names_row_and_column(saved):
    cells = '<c t="inlineStr"><is><t>{}</t></is></c>' * 2
    rows = "".join(
        f"<row>{cells.format(*texts)}</row>"
        for texts in (("title_zh", "scope"), ("李_xD842_", "related"))
    )

    titles, page = saved(package_of(sheet=rows), "rows.xlsx")

    assert titles == []
    assert "contains a character that cannot be displayed: U+FFFD" in page
    errors = ImportBatch.objects.latest("pk").errors
    assert [error[:2] for error in errors] == [[2, "title_zh"]]


def test_workbook_of_a_program_that_writes_backslashes_is_read(saved):
    workbook = xlsx_of(("title_zh", "scope"), ("研修班", "related"))

    for rename in (
        lambda name: name.replace("/", "\\"),
        lambda name: name.replace("sharedStrings", "SharedStrings"),
    ):
        assert saved(renamed(workbook, rename), "rows.xlsx")[0] == ["研修班"]


def test_csv_with_the_name_of_a_workbook_is_read(saved):
    assert saved(ROWS.encode("big5"), "rows.xlsx")[0] == ["陳大文"]


def test_file_of_another_kind_is_refused_with_its_kind(saved):
    for content, reason in (
        (zip_of(xl__workbook_dot_bin="x"), "The file is a binary workbook (xlsb)."),
        (zip_of(list_dot_xlsx="x"), "The file is a zip archive."),
        (b"<table><tr><td>A</td></tr></table>", "The file is a web page"),
    ):
        titles, page = saved(content, "rows.xlsx")

        assert titles == []
        assert reason in page
