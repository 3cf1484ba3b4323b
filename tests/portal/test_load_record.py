"""``manage.py load_record`` on files that a test spoils; nothing of them is loaded."""

import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.catalogue.models import Entry
from portal.directory.models import Topic
from portal.management.commands.load_record import RECORD
from portal.management.progress import ProgressBar

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the record that a test may spoil."""
    return shutil.copytree(RECORD, tmp_path / "record")


def spoil(folder: Path, file: str, number: int, column: str, value: str) -> None:
    """Write ``value`` into one cell; rows are counted with the heading as 1."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    lines[number - 1][lines[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)


def test_bad_cell_is_refused_with_file_row_column_value_and_remedy(folder, capsys):
    spoil(folder, "seminars.csv", 3, "participants_count", "four")

    with pytest.raises(
        CommandError, match=r"^1 rejected\. Nothing was loaded\.$"
    ) as info:
        call_command("load_record", folder=folder)

    assert info.value.returncode == 1
    assert capsys.readouterr().err == (
        "seminars.csv, row 3, column participants_count, “four”: "
        "Write a whole number in digits, or leave it empty.\n"
    )
    assert not Topic.objects.exists()
    assert not Entry.objects.exists()


def test_refusal_counts_the_bad_rows_of_each_file(folder, capsys):
    spoil(folder, "countries.csv", 4, "joined_asean_on", "1967")
    spoil(folder, "documents.csv", 2, "kind", "letter")
    spoil(folder, "documents.csv", 2, "signed_on", "1993")

    with pytest.raises(CommandError, match=r"^3 rejected\."):
        call_command("load_record", folder=folder)

    table = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert table[0] == ["file", "created", "updated", "unchanged", "kept", "rejected"]
    assert {row[0]: row[1:] for row in table[1:] if row[-1] != "0"} == {
        "countries.csv": ["0", "0", "0", "0", "1"],
        "documents.csv": ["0", "0", "0", "0", "1"],
    }


def test_all_bad_cells_are_told_at_once(folder, capsys):
    spoil(folder, "countries.csv", 4, "joined_asean_on", "1967")
    spoil(folder, "documents.csv", 2, "kind", "letter")

    with pytest.raises(CommandError, match=r"^2 rejected\."):
        call_command("load_record", folder=folder)

    told = [line.split(", “")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [
        "countries.csv, row 4, column joined_asean_on",
        "documents.csv, row 2, column kind",
    ]


def test_missing_file_is_refused_by_name(folder, capsys):
    (folder / "topics.csv").unlink()

    with pytest.raises(CommandError, match=r"^1 rejected\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err.startswith("topics.csv, row 1, column -, “”: ")


def test_wrong_headings_are_refused(folder, capsys):
    spoil(folder, "topics.csv", 1, "name_en", "name")

    with pytest.raises(CommandError, match=r"^2 rejected\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err.splitlines() == [
        "topics.csv, row 1, column name_en, “”: Add this column.",
        "topics.csv, row 1, column name, “”: Remove this column: it is unknown.",
    ]


def test_row_with_too_few_cells_is_refused(folder, capsys):
    with (folder / "topics.csv").open("a", encoding="utf-8") as stream:
        stream.write("visits,Visits\n")

    with pytest.raises(CommandError, match=r"^1 rejected\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err == (
        "topics.csv, row 34, column -, “visits,Visits”: "
        "The row has not as many cells as the heading (3).\n"
    )


def test_file_that_is_not_utf_8_is_refused(folder, capsys):
    (folder / "topics.csv").write_bytes("key,name_en\nx,Übersicht\n".encode("latin-1"))

    with pytest.raises(CommandError, match=r"^1 rejected\."):
        call_command("load_record", folder=folder)

    assert capsys.readouterr().err.startswith("topics.csv, row 1, column -, “”: ")


class Terminal:
    """A stream that somebody watches."""

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
    bar.end()

    assert stream.written == [
        "\r[" + "#" * 10 + "." * 30 + "] 1/4",
        "\r[" + "#" * 40 + "] 4/4",
        "\n",
    ]


def test_progress_bar_is_silent_where_nobody_watches(capsys):
    class Pipe(Terminal):
        def isatty(self):
            return False

    stream = Pipe()

    ProgressBar(stream, 4).advance(4)

    assert stream.written == []
