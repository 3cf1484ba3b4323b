"""Helpers that build spreadsheet files and import them as the import page does."""

import io
import zipfile

from openpyxl import Workbook

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets import operations
from portal.content.spreadsheets.progress import ImportProgress
from portal.content.spreadsheets.registry import get_resource
from tests.factories.publishing import AT, staff

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def staff_user():
    """Return the staff user who runs the imports; create the user on first use."""
    from portal.core.accounts.models import User

    return User.objects.filter(username="sample.clerk").first() or staff()


# Columns of sheets refer to these models; importing and exporting such sheets needs
# the permission to view them.
NAMED_ROWS = [
    f"directory.view_{name}"
    for name in ("country", "namedparty", "organ", "place", "topic")
]


def permitted(*names: str, username="sample.clerk"):
    """Create a staff user with the given permissions ("seminars.add_seminar").

    The user may also view the records that sheets refer to.
    """
    from django.contrib.auth.models import Permission

    permissions = [
        Permission.objects.get(
            content_type__app_label=name.split(".")[0], codename=name.split(".")[1]
        )
        for name in (*names, *NAMED_ROWS)
    ]
    return staff(username, permissions=permissions)


def csv_of(*rows: tuple[str, ...]) -> bytes:
    """Encode rows as CSV; the cells must not need quoting."""
    return "".join(",".join(row) + "\n" for row in rows).encode()


def xlsx_of(*rows: tuple, change=lambda sheet: None) -> bytes:
    """Build a workbook with openpyxl; ``change`` may modify its sheet before saving."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package_of(
    parts: dict[str, str] | None = None,
    *,
    sheet: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Build a minimal workbook from XML parts.

    ``parts`` (XML by path in the package) replace or extend the default parts;
    ``sheet`` is the XML of the rows.
    """
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    all_parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1"'
        f' Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}'
        "</sheetData></worksheet>",
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for path, text in all_parts.items():
            package.writestr(path, text)
    return out.getvalue()


def received(content: bytes, code="seminars", *, by=None, name="rows.csv"):
    resource = get_resource(code)
    return operations.create_import(
        resource, content=content, name=name, by=by or staff_user(), at=AT
    )


def checked(content: bytes, code="seminars", *, by=None, at=AT) -> ImportBatch:
    """Receive an import and run its check (the dry run)."""
    batch = received(content, code, by=by)
    operations.check_import(batch, at=at, progress=ImportProgress(batch.pk))
    return batch


def written(content: bytes, code="seminars", *, by=None, at=AT) -> ImportBatch:
    """Receive, check and write an import; fail the test if there are errors."""
    batch = checked(content, code, by=by, at=at)
    assert (batch.problem, batch.errors) == ("", [])
    operations.write_import(
        batch, by=by or staff_user(), at=at, progress=ImportProgress(batch.pk)
    )
    assert batch.state == "written", batch.errors
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int]:
    """Return the numbers of created, changed and unchanged rows."""
    counts_by_action = batch.counts
    return (
        counts_by_action["created"],
        counts_by_action["updated"],
        counts_by_action["unchanged"],
    )


def why_not_undone(batch: ImportBatch, *, by=None, at=AT) -> str:
    """Undo the import; return the reason of a refusal, or "" after success."""
    try:
        operations.undo_import(batch, by=by or staff_user(), at=at)
    except operations.InvalidImportStateError as error:
        return str(error)
    return ""
