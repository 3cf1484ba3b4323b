"""Warnings in the preview of an import, and imports that are out of date."""

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command
from openpyxl.styles import Font

from portal.content.publishing.models import ImportBatch
from portal.reference.people.models import Person
from seminars.models import Participant, Seminar
from tests.admin_forms import write_button
from tests.factories import directory, seminars
from tests.factories.publishing import AT
from tests.portal.content.spreadsheets.import_helpers import csv_of, received, xlsx_of
from tests.portal.content.spreadsheets.test_admin import ADD, upload
from tests.portal.content.spreadsheets.test_admin import send as send
from tests.portal.content.spreadsheets.test_questions_admin import hong as hong
from tests.portal.content.spreadsheets.test_questions_admin import names
from tests.portal.content.spreadsheets.test_questions_admin import reply as reply
from tests.portal.content.spreadsheets.test_questions_admin import (
    staff_user as staff_user,
)
from tests.portal.content.spreadsheets.test_questions_admin import uploaded as uploaded
from tests.portal.content.spreadsheets.test_questions_admin import write as write

pytestmark = pytest.mark.django_db
HEAD = ("seminar_code", "name_latin", "organ_key")
ROWS = csv_of(("title_zh", "scope"), ("A", "related"))


def page_of(client, batch: ImportBatch) -> tuple[str, str]:
    url = f"/admin/publishing/importbatch/{batch.pk}/change/"
    return url, client.get(url).text


def test_participants_that_are_hidden_or_struck_out_are_named_before_they_are_written(
    client, send
):
    seminars.seminar("SEM-0001")
    directory.organ("vn-spp")
    rows = [("SEM-0001", name, "vn-spp") for name in ("A", "B", "C", "D")]

    def cancel(sheet):
        sheet.row_dimensions[3].hidden = True
        for cell in sheet[5]:
            cell.font = Font(strike=True)

    content = xlsx_of(HEAD, *rows, change=cancel)
    response = send(ADD, **upload(content, "rows.xlsx", "seminar_participants"))

    page = client.get(response["Location"]).text
    for row, warning in (
        (3, "Row 3 is hidden in the workbook. It has been included."),
        (5, ("Row 5 is crossed out in the workbook. It has been included.")),
    ):
        cells = page[: page.index(warning)].rpartition("<tr>")[2]
        assert f"<td>{row}</td>" in cells
    assert not Participant.objects.exists()

    send(response["Location"], **write_button(client, response["Location"]))
    assert Participant.objects.count() == 4


def test_name_with_an_invisible_character_is_that_of_the_person_on_record(
    client, hong, uploaded, write
):
    for name in (f"{hong.name_latin}\u200b", hong.name_latin.upper(), "Lê\u2060 Hoa"):
        content = csv_of(HEAD[1:], (name, "vn-\u200bspp"))
        batch, url = uploaded(content, "people")
        assert (batch.state, batch.errors) == ("checked", [])
        if batch.counts["created"]:
            write(batch, url)

    assert names() == [(hong.name_latin, "检察官"), ("Lê Hoa", "")]


def test_checked_import_of_an_earlier_version_shows_its_values_before_it_is_written(
    client, send, uploaded, write
):
    batch, url = uploaded(ROWS, "seminars")
    ImportBatch.objects.update(preview={}, plan_sha256="")

    page = write(batch, url)
    assert (
        "The file has been checked again. Check the values before you import them."
    ) in page
    assert "The first row as it will be saved" in page
    assert not Seminar.objects.exists()

    write(batch, url)
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize("has_questions", [True, False])
def test_page_of_a_deleted_file_says_so(client, hong, uploaded, has_questions):
    name = "Nguyễn Thị Hòng" if has_questions else "Lê Hoa"
    batch, url = uploaded(csv_of(HEAD[1:], (name, "vn-spp")), "people")
    assert batch.state == ("asking" if has_questions else "checked")

    ImportBatch.objects.update(received_at=AT - dt.timedelta(days=31))
    received(ROWS)

    page = client.get(url).text
    assert "The file is no longer stored. Import it again." in page
    assert "_answer" not in page
    assert "Import all rows" not in page


def test_command_takes_the_answers_that_it_prints(hong, staff_user, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(csv_of(HEAD[1:], ("Nguyễn Thị Hòng", "vn-spp")))

    def run(*answers: str) -> str:
        printed = io.StringIO()
        arguments = [str(file), "--resource", "people", "--by", staff_user.username]
        try:
            call_command(
                *("import_sheet", *arguments, "--write"),
                *(part for answer in answers for part in ("--answer", answer)),
                stdout=printed,
                stderr=printed,
            )
        except CommandError as error:
            return f"{printed.getvalue()}{error}"
        return printed.getvalue()

    (key,) = re.findall(r"--answer (\S+)=new  No, a different person", run())
    assert "Write --answer new as KEY=VALUE." in run("new")
    assert "Answer the questions with --answer." in run(f"{key}=0")
    assert Person.objects.count() == 1

    assert run(f"{key}=new").endswith("Imported.\n")
    assert Person.objects.count() == 2


def test_zawgyi_cell_is_imported_with_a_warning_that_has_it_in_unicode(client, send):
    content = csv_of(
        ("title_en", "scope"),
        ("Training (ျမန္မာ)", "related"),
        ("Training (မြန်မာ)", "related"),
    )
    response = send(ADD, **upload(content, "rows.csv", "seminars"))

    page = client.get(response["Location"]).text

    assert (
        page.count(
            "This Burmese text seems to use the Zawgyi encoding, which "
            "most readers cannot display. The same text in Unicode:"
        )
        == 1
    )
    assert "The same text in Unicode: Training (မြန်မာ)" in page
