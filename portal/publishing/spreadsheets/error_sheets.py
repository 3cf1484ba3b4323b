"""The file that was brought in, with what is wrong written beside each row."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import get_language

from portal.publishing.models import ImportBatch
from portal.publishing.spreadsheets.headings import (
    ERRORS_EN,
    ERRORS_ZH,
    count_headings,
    table_of,
)
from portal.publishing.spreadsheets.reading import read_sheet
from portal.publishing.spreadsheets.registry import resource_named


def rows_with_errors(batch: ImportBatch) -> Iterator[list[str]]:
    """The headings and rows of the file, each with its errors in the first cell.

    Raises ``Unreadable`` and ``ImportedFile.DoesNotExist``.
    """
    resource = resource_named(batch.resource)
    content = bytes(batch.file.content)
    sheet = read_sheet(
        content, lambda sheet: count_headings(resource, sheet), batch.answers
    )
    table = table_of(resource, sheet, batch.file_name)
    told: dict[int, list[str]] = defaultdict(list)
    for number, column, _value, remedy in batch.errors:
        told[number].append(f"{column}: {remedy}" if column != "-" else remedy)
    is_chinese = (get_language() or "").startswith("zh")
    yield [ERRORS_ZH if is_chinese else ERRORS_EN, *table.headings]
    for number, cells in table.rows:
        yield ["\n".join(told.get(number, [])), *cells]
