"""Copy of an imported file with an error column."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import get_language

from portal.content.publishing.models import ImportBatch
from portal.content.spreadsheets.heading_mappings import load_heading_choices
from portal.content.spreadsheets.headings import (
    ERRORS_HEADING_EN,
    ERRORS_HEADING_ZH,
    count_headings,
    find_table,
)
from portal.content.spreadsheets.reading import read_sheet
from portal.content.spreadsheets.registry import get_resource


def iterate_rows_with_errors(batch: ImportBatch) -> Iterator[list[str]]:
    """Yield the headings and rows of the file, with errors in the first cell.

    Raises UnreadableSpreadsheetError, NeedsAnswer and ``ImportedFile.DoesNotExist``.
    """
    resource = get_resource(batch.resource)
    content = bytes(batch.file.content)
    choices = load_heading_choices(batch.resource, batch.answers)
    sheet = read_sheet(
        content, lambda sheet: count_headings(resource, sheet, choices), batch.answers
    )
    table = find_table(resource, sheet, batch.file_name, choices)
    messages: dict[int, list[str]] = defaultdict(list)
    for number, column, _value, remedy in batch.errors:
        messages[number].append(f"{column}: {remedy}" if column != "-" else remedy)
    is_chinese = (get_language() or "").startswith("zh")
    yield [ERRORS_HEADING_ZH if is_chinese else ERRORS_HEADING_EN, *table.headings]
    for number, cells in table.rows:
        yield ["\n".join(messages.get(number, [])), *cells]
