"""Workbooks are read in a subprocess whose time and memory are limited."""

import zipfile

import pytest
from django.utils import translation

from portal.content.publishing.import_choices import ImportState
from portal.content.spreadsheets import reading
from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.sheet import NumberText, UnreadableSpreadsheetError
from portal.content.spreadsheets.tasks import import_rows
from portal.content.spreadsheets.xlsx_reading import read_xlsx
from portal.core.files import sandbox
from seminars.models import Seminar
from tests.portal.content.spreadsheets.import_helpers import (
    package_of,
    received,
    xlsx_of,
)

TOO_MUCH = (
    "The file is too large or complex to read. Copy the rows "
    "that you need to a new workbook."
)


@pytest.fixture(autouse=True)
def no_subprocess(monkeypatch):
    """Replace the fixture of the other modules: use the real subprocess."""
    monkeypatch.setattr(reading, "run_sandboxed", sandbox.run_sandboxed)


def limit(monkeypatch, **limits) -> None:
    monkeypatch.setattr(
        reading,
        "run_sandboxed",
        lambda *arguments, **usual: sandbox.run_sandboxed(
            *arguments, **(usual | limits)
        ),
    )


def read(content: bytes):
    return read_sheet(content, lambda sheet: 0)


def slow_workbook() -> bytes:
    """Build a workbook that takes seconds to read; stored, hence not a ZIP bomb."""
    return package_of(
        sheet="<row>" + "<c/>" * 4_000_000, compression=zipfile.ZIP_STORED
    )


def large_workbook() -> bytes:
    """Build a workbook of 15 MB that takes several times as much memory to read."""
    text = f'<c t="inlineStr"><is><t>{"x" * 15_000_000}</t></is></c>'
    return package_of(sheet=f"<row>{text}</row>", compression=zipfile.ZIP_STORED)


def test_sheet_is_the_same_as_without_the_subprocess():
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet["C2"] = "=1/0"

    content = xlsx_of(
        ("title_zh", "hours", "venue"),
        ("研修班\n一", 12.5, None),
        ("12.5", 12.5, "𠮷_x000D_"),
        change=change,
    )

    sheet, expected = read(content), read_xlsx(content)

    assert sheet == expected
    assert sheet.rows[1][1][:2] == ["研修班\n一", "12.5"]
    assert [
        isinstance(cell, NumberText) for _number, cells in sheet.rows for cell in cells
    ] == [
        isinstance(cell, NumberText)
        for _number, cells in expected.rows
        for cell in cells
    ]
    assert sheet.broken_cells
    assert sheet.warnings
    assert sheet.decisions


@pytest.mark.parametrize("language", ["en", "zh-hans", "th"])
def test_messages_are_in_the_language_of_the_user(language):
    content = xlsx_of(("title_zh",), ("A",))
    macros = package_of({"xl/vbaProject.bin": "x"})

    with translation.override(language):
        assert read(content).decisions == read_xlsx(content).decisions
        messages = []
        for read_content in (read, read_xlsx):
            with pytest.raises(UnreadableSpreadsheetError) as error:
                read_content(macros)
            messages.append(str(error.value))

    assert messages[0] == messages[1]
    if language == "zh-hans":
        assert "宏" in messages[0]


@pytest.mark.parametrize(
    ("build", "limits"),
    [
        (slow_workbook, {"cpu_seconds": 1}),
        (slow_workbook, {"timeout_seconds": 0.5}),
        (large_workbook, {"memory_bytes": 80_000_000}),
    ],
)
def test_exceeded_limit_is_a_readable_error(monkeypatch, build, limits):
    limit(monkeypatch, **limits)

    with pytest.raises(UnreadableSpreadsheetError) as error:
        read(build())

    assert str(error.value) == TOO_MUCH


@pytest.mark.django_db
def test_exceeded_limit_fails_the_import_and_writes_nothing(monkeypatch):
    batch = received(slow_workbook(), name="rows.xlsx")
    limit(monkeypatch, cpu_seconds=1)

    import_rows(batch=batch.pk, verb="check", language="en")

    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (ImportState.FAILED, TOO_MUCH)
    assert (batch.counts, batch.preview, batch.errors) == ({}, {}, [])
    assert not Seminar.objects.exists()

    next_batch = received(xlsx_of(("title_zh", "scope"), ("A", "related")))
    import_rows(batch=next_batch.pk, verb="check", language="en")

    next_batch.refresh_from_db()
    assert (next_batch.state, next_batch.counts["created"]) == (ImportState.CHECKED, 1)


@pytest.mark.django_db
def test_fault_of_the_reader_fails_the_import_as_a_fault_of_the_portal(monkeypatch):
    batch = received(xlsx_of(("title_zh", "scope"), ("A", "related")))
    monkeypatch.setattr(
        reading,
        "run_sandboxed",
        lambda function, *arguments, **limits: sandbox.run_sandboxed(
            f"{function}_unknown", *arguments, **limits
        ),
    )

    import_rows(batch=batch.pk, verb="check", language="en")

    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED
    assert batch.problem.startswith("There is a problem with the system.")
