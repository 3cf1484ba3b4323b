"""The job that does an import, and the command that does one in a terminal."""

import io

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from portal.publishing.models import ImportBatch, ImportedFile
from portal.publishing.spreadsheets.progress import progress_of
from portal.publishing.tasks import import_rows
from seminars.models import Seminar
from tests.factories import publishing as states
from tests.portal.publishing.office_sheets import csv_of, received

pytestmark = pytest.mark.django_db
GOOD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "related"))
BAD = csv_of(("title_zh", "scope"), ("A", "related"), ("B", "外交"))


@pytest.fixture
def editor():
    return states.staff(is_superuser=True)


def test_job_done_twice_and_job_of_nothing_do_nothing(editor):
    batch = received(GOOD, by=editor)
    for _ in range(2):
        import_rows(batch=batch.pk, verb="check", language="en")

    import_rows(batch=0, verb="check", language="en")

    batch.refresh_from_db()
    assert batch.state == "checked"


def test_fault_is_told_to_the_clerk(editor, caplog):
    batch = received(GOOD, by=editor)
    ImportBatch.objects.update(resource="gone")

    import_rows(batch=batch.pk, verb="check", language="en")

    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (
        "failed",
        "A fault of the portal. Tell whoever looks after it.",
    )
    assert "failed" in caplog.text


def test_progress_without_a_cache_is_not_known():
    cache.clear()

    assert progress_of(1) is None


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_sheet", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_command_checks_and_writes_only_when_asked(editor, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes(GOOD)
    arguments = (str(file), "--resource", "seminars", "--by", editor.username)

    dry = run(*arguments)
    assert "created 2" in dry
    assert not Seminar.objects.exists()

    assert run(*arguments, "--write").endswith("Written.\n")
    assert Seminar.objects.count() == 2
    assert not ImportedFile.objects.filter(batch__state="written").exists()


@pytest.mark.parametrize(
    ("content", "by", "told"),
    [
        (BAD, "sample.clerk", "1 cells are bad. Nothing was written."),
        (b"%PDF-1.7", "sample.clerk", "neither xlsx nor csv"),
        (b"", "sample.clerk", "The file is empty."),
        (GOOD, "nobody", "There is no user nobody."),
        (GOOD, "sample.other", "may not add and change seminars"),
    ],
)
def test_command_refuses_with_the_reason(editor, tmp_path, content, by, told):
    states.staff("sample.other")
    file = tmp_path / "rows.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=told):
        run(str(file), "--resource", "seminars", "--by", by, "--write")

    assert not Seminar.objects.exists()
