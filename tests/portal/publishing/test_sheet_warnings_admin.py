"""What the page of values warns of, and imports that have waited too long for it."""

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command
from openpyxl.styles import Font

from portal.people.models import Person
from portal.publishing.models import ImportBatch
from seminars.models import Participant, Seminar
from tests.adminforms import write_button
from tests.factories import directory, seminars
from tests.factories.publishing import AT
from tests.portal.publishing.office_sheets import csv_of, received, xlsx_of
from tests.portal.publishing.test_sheet_admin import ADD, upload
from tests.portal.publishing.test_sheet_admin import send as send
from tests.portal.publishing.test_sheet_questions_admin import clerk as clerk
from tests.portal.publishing.test_sheet_questions_admin import hong as hong
from tests.portal.publishing.test_sheet_questions_admin import names
from tests.portal.publishing.test_sheet_questions_admin import reply as reply
from tests.portal.publishing.test_sheet_questions_admin import uploaded as uploaded
from tests.portal.publishing.test_sheet_questions_admin import write as write

pytestmark = pytest.mark.django_db
HEAD = ("seminar_code", "name_latin", "organ_key")
ROWS = csv_of(("title_zh", "scope"), ("A", "related"))


def page_of(client, batch: ImportBatch) -> tuple[str, str]:
    address = f"/admin/publishing/importbatch/{batch.pk}/change/"
    return address, client.get(address).text


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
    sent = send(ADD, **upload(content, "rows.xlsx", "seminar_participants"))

    page = client.get(sent["Location"]).text
    for row, warning in (
        (3, "Row 3 is hidden in the workbook and was read."),
        (5, "Row 5 is struck out in the workbook and was read."),
    ):
        cells = page[: page.index(warning)].rpartition("<tr>")[2]
        assert f"<td>{row}</td>" in cells
    assert not Participant.objects.exists()

    send(sent["Location"], **write_button(client, sent["Location"]))
    assert Participant.objects.count() == 4


def test_name_with_an_invisible_character_is_that_of_the_person_on_record(
    client, hong, uploaded, write
):
    for name in (f"{hong.name_latin}\u200b", hong.name_latin.upper(), "Lê\u2060 Hoa"):
        content = csv_of(HEAD[1:], (name, "vn-\u200bspp"))
        batch, address = uploaded(content, "people")
        assert (batch.state, batch.errors) == ("checked", [])
        if batch.counts["created"]:
            write(batch, address)

    assert names() == [(hong.name_latin, "检察官"), ("Lê Hoa", "")]


def test_checked_import_of_an_earlier_version_shows_its_values_before_it_is_written(
    client, send, uploaded, write
):
    batch, address = uploaded(ROWS, "seminars")
    ImportBatch.objects.update(preview={}, plan_sha256="")

    page = write(batch, address)
    assert "The file was checked again. Read the values, then write them." in page
    assert "The first row as it will be saved" in page
    assert not Seminar.objects.exists()

    write(batch, address)
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize("is_asking", [True, False])
def test_page_of_a_file_that_is_not_kept_any_more_says_so(
    client, hong, uploaded, is_asking
):
    name = "Nguyễn Thị Hòng" if is_asking else "Lê Hoa"
    batch, address = uploaded(csv_of(HEAD[1:], (name, "vn-spp")), "people")
    assert batch.state == ("asking" if is_asking else "checked")

    ImportBatch.objects.update(received_at=AT - dt.timedelta(days=31))
    received(ROWS)

    page = client.get(address).text
    assert "The file is not kept any more. Bring it in once more." in page
    assert "_answer" not in page
    assert "Write all rows" not in page


def test_command_takes_the_answers_that_it_prints(hong, clerk, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(csv_of(HEAD[1:], ("Nguyễn Thị Hòng", "vn-spp")))

    def run(*answers: str) -> str:
        printed = io.StringIO()
        arguments = [str(file), "--resource", "people", "--by", clerk.username]
        try:
            call_command(
                *("import_sheet", *arguments, "--write"),
                *(part for answer in answers for part in ("--answer", answer)),
                stdout=printed,
                stderr=printed,
            )
        except CommandError as problem:
            return f"{printed.getvalue()}{problem}"
        return printed.getvalue()

    (key,) = re.findall(r"--answer (\S+)=new  No, a different person", run())
    assert "Write --answer new as KEY=VALUE." in run("new")
    assert "Answer the questions with --answer." in run(f"{key}=0")
    assert Person.objects.count() == 1

    assert run(f"{key}=new").endswith("Written.\n")
    assert Person.objects.count() == 2
