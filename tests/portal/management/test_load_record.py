"""``load_record`` with invalid files reports the errors and loads nothing."""

import csv
import shutil
from pathlib import Path

import pytest
from django.contrib.admin import site
from django.core.management import CommandError, call_command

from portal.content.catalogue.models import Entry
from portal.management.commands.load_record import RECORD, RESOURCES
from portal.management.progress import ProgressBar
from portal.reference.directory.models import Topic
from tests.factories.publishing import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return a copy of the public record's files, which a test may change."""
    return shutil.copytree(RECORD, tmp_path / "record")


def spoil(folder: Path, file: str, number: int, column: str, value: str) -> None:
    """Write ``value`` into one cell; row 1 is the heading."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    lines[number - 1][lines[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)


def test_cell_error_names_file_row_column_value_and_fix(folder, capsys):
    spoil(folder, "seminars.csv", 3, "participants_count", "four")

    with pytest.raises(
        CommandError, match=r"^1 errors\. Nothing was loaded\.$"
    ) as info:
        call_command("load_record", folder=folder)

    assert info.value.returncode == 1
    assert capsys.readouterr().err == (
        "seminars.csv, row 3, column participants_count, “four”: Enter a whole "
        "number, or leave blank.\n"
    )
    assert not Topic.objects.exists()
    assert not Entry.objects.exists()


def test_error_report_counts_invalid_rows_per_file(folder, capsys):
    spoil(folder, "countries.csv", 4, "joined_asean_on", "1967")
    spoil(folder, "documents.csv", 2, "kind", "letter")
    spoil(folder, "documents.csv", 2, "signed_on", "1993")

    with pytest.raises(CommandError, match=r"^3 errors\."):
        call_command("load_record", folder=folder)

    table = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert table[0] == ["file", "created", "updated", "unchanged", "kept", "rejected"]
    assert {row[0]: row[1:] for row in table[1:] if row[-1] != "0"} == {
        "countries.csv": ["0", "0", "0", "0", "1"],
        "documents.csv": ["0", "0", "0", "0", "1"],
    }


def test_all_invalid_cells_are_reported_together(folder, capsys):
    spoil(folder, "countries.csv", 4, "joined_asean_on", "1967")
    spoil(folder, "documents.csv", 2, "kind", "letter")

    with pytest.raises(CommandError, match=r"^2 errors\."):
        call_command("load_record", folder=folder)

    cells = [line.split(", “")[0] for line in capsys.readouterr().err.splitlines()]
    assert cells == [
        "countries.csv, row 4, column joined_asean_on",
        "documents.csv, row 2, column kind",
    ]


def test_keys_of_stored_rows_are_read_only_in_the_admin(rf):
    """A load finds a row by its key, and would add it again under the key of the file.

    Delegations have no admin of their own; their form is tested with them.
    """
    request = rf.get("/")
    request.user = staff(is_superuser=True)
    changeable = []
    for resource in RESOURCES:
        model_admin = site._registry.get(resource.model)
        if model_admin is None:
            assert resource.owner
            continue
        stored = resource.model(pk=1)
        fields = {resource.key, *resource.changeable_key}
        fields -= set(model_admin.get_readonly_fields(request, stored))
        changeable += [f"{resource.file}: {name}" for name in fields]
    assert changeable == []


def test_missing_file_error_names_file(folder, capsys):
    (folder / "topics.csv").unlink()

    with pytest.raises(CommandError, match=r"^1 errors\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err.startswith("topics.csv, row 1, column -, “”: ")


def test_wrong_headings_are_refused(folder, capsys):
    spoil(folder, "topics.csv", 1, "name_en", "name")

    with pytest.raises(CommandError, match=r"^2 errors\."):
        call_command("load_record", folder=folder)

    added, renamed = capsys.readouterr().err.splitlines()
    assert added == (
        "topics.csv, row 1, column name_en, “”: Add this column, or rename the column "
        "“name”."
    )
    assert renamed == (
        "topics.csv, row 1, column name, “”: This column was not "
        "recognised. If it is the column “name_en” of another "
        "release, rename it to “name_en”. Otherwise remove it."
    )


def test_row_with_too_few_cells_is_refused(folder, capsys):
    with (folder / "topics.csv").open("a", encoding="utf-8") as stream:
        stream.write("visits,Visits\n")

    with pytest.raises(CommandError, match=r"^1 errors\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err == (
        "topics.csv, row 34, column -, “visits,Visits”: "
        "The number of cells differs from the number of headings (15).\n"
    )


def test_file_that_is_not_utf_8_is_refused(folder, capsys):
    (folder / "topics.csv").write_bytes("key,name_en\nx,Übersicht\n".encode("latin-1"))

    with pytest.raises(CommandError, match=r"^1 errors\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err.startswith("topics.csv, row 1, column -, “”: ")


class Terminal:
    """A stream that claims to be a terminal."""

    def __init__(self):
        self.written = []

    def isatty(self):
        return True

    def write(self, text, ending="\n"):
        self.written.append(text + ending)


def test_progress_bar_fills_on_a_terminal():
    stream = Terminal()
    bar = ProgressBar(stream, 4)

    bar.advance(1)
    bar.advance(3)
    bar.finish()

    assert stream.written == [
        "\r[" + "#" * 10 + "." * 30 + "] 1/4",
        "\r[" + "#" * 40 + "] 4/4",
        "\n",
    ]


def test_progress_bar_is_silent_without_terminal(capsys):
    class Pipe(Terminal):
        def isatty(self):
            return False

    stream = Pipe()

    ProgressBar(stream, 4).advance(4)

    assert stream.written == []
