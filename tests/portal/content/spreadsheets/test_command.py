"""The import job, and the command ``import_sheet`` for imports in a terminal."""

import io

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from portal.content.publishing.models import ImportBatch, ImportedFile
from portal.content.spreadsheets.progress import get_progress
from portal.content.spreadsheets.tasks import import_rows
from seminars.models import Seminar
from tests.factories import publishing as states
from tests.portal.content.spreadsheets.import_helpers import csv_of, received

pytestmark = pytest.mark.django_db
GOOD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related"))
BAD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "外交"))


@pytest.fixture
def editor():
    return states.staff(is_superuser=True)


def test_repeated_or_unknown_import_job_is_no_op(editor):
    batch = received(GOOD, by=editor)
    for _ in range(2):
        import_rows(batch=batch.pk, verb="check", language="en")

    import_rows(batch=0, verb="check", language="en")

    batch.refresh_from_db()
    assert batch.state == "checked"


def test_unexpected_error_is_shown_on_import(editor, caplog):
    batch = received(GOOD, by=editor)
    ImportBatch.objects.update(resource="gone")

    import_rows(batch=batch.pk, verb="check", language="en")

    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (
        "failed",
        "There is a problem with the system. Contact the system administrator.",
    )
    assert "failed" in caplog.text


def test_progress_is_unknown_without_cache():
    cache.clear()

    assert get_progress(1) is None


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_sheet", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_command_is_dry_run_unless_write_is_requested(editor, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes(GOOD)
    arguments = (str(file), "--resource", "seminars", "--by", editor.username)

    dry = run(*arguments)
    assert "created 2" in dry
    assert not Seminar.objects.exists()

    assert run(*arguments, "--write").endswith("Imported.\n")
    assert Seminar.objects.count() == 2
    assert not ImportedFile.objects.filter(batch__state="written").exists()


@pytest.mark.parametrize(
    ("content", "by", "message"),
    [
        (BAD, "sample.clerk", "1 cells have errors. Nothing was imported."),
        (
            b"%PDF-1.7",
            "sample.clerk",
            ("The file must be xlsx or csv. Save it in one of these formats."),
        ),
        (b"", "sample.clerk", "The selected file is empty. Choose another file."),
        (GOOD, "nobody", "There is no user nobody."),
        (GOOD, "sample.other", "has no permission to add and change seminars"),
    ],
)
def test_command_fails_with_reason(editor, tmp_path, content, by, message):
    states.staff("sample.other")
    file = tmp_path / "rows.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        run(str(file), "--resource", "seminars", "--by", by, "--write")

    assert not Seminar.objects.exists()
