"""Sheets as a clerk has them, and bringing one in as the page for it does."""

import io
import zipfile

from openpyxl import Workbook

from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets import operations
from portal.publishing.spreadsheets.progress import Progress
from portal.publishing.spreadsheets.registry import resource_named
from tests.factories.publishing import AT, staff

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def clerk():
    """The member of staff who brings files in; made once."""
    from portal.accounts.models import User

    return User.objects.filter(username="sample.clerk").first() or staff()


# What lists of every sort name: whoever brings one in, or takes one out, sees these.
NAMED = [
    f"directory.view_{name}"
    for name in ("country", "namedparty", "organ", "place", "topic")
]


def permitted(*names: str, username="sample.clerk"):
    """Staff who may do this to these models (``seminars.add_seminar``), and see what
    their sheets name."""
    from django.contrib.auth.models import Permission

    found = [
        Permission.objects.get(
            content_type__app_label=name.split(".")[0], codename=name.split(".")[1]
        )
        for name in (*names, *NAMED)
    ]
    return staff(username, permissions=found)


def csv_of(*rows: tuple[str, ...]) -> bytes:
    """Rows of plain cells as csv."""
    return "".join(",".join(row) + "\n" for row in rows).encode()


def xlsx_of(*rows: tuple, change=lambda sheet: None) -> bytes:
    """A workbook as openpyxl writes it; ``change`` is done to its sheet first."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package_of(parts: dict[str, str] | None = None, *, sheet: str = "") -> bytes:
    """The least that is a workbook, with these ``parts`` instead or beside, by path.

    ``sheet`` is the XML of its rows.
    """
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    whole = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1"'
        f' Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}'
        "</sheetData></worksheet>",
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, text in whole.items():
            package.writestr(path, text)
    return out.getvalue()


def received(content: bytes, code="seminars", *, by=None, name="rows.csv"):
    resource = resource_named(code)
    return operations.receive(
        resource, content=content, name=name, by=by or clerk(), at=AT
    )


def checked(content: bytes, code="seminars", *, by=None, at=AT) -> ImportBatch:
    """An import after its dry run."""
    batch = received(content, code, by=by)
    operations.check(batch, at=at, progress=Progress(batch.pk))
    return batch


def written(content: bytes, code="seminars", *, by=None, at=AT) -> ImportBatch:
    """An import that is written; fails with what is bad when it cannot be."""
    batch = checked(content, code, by=by, at=at)
    assert (batch.problem, batch.errors) == ("", [])
    operations.write(batch, by=by or clerk(), at=at, progress=Progress(batch.pk))
    assert batch.state == "written", batch.errors
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int]:
    """How many rows are created, changed, unchanged."""
    told = batch.counts
    return told["created"], told["updated"], told["unchanged"]


def why_not_undone(batch: ImportBatch, *, by=None, at=AT) -> str:
    """Undo; the reason why it cannot be, "" when it is done."""
    try:
        operations.undo(batch, by=by or clerk(), at=at)
    except operations.WrongStep as problem:
        return str(problem)
    return ""
