"""A sheet, or why it could not be read, as JSON: the answer of the sandbox process."""

import json

from portal.content.spreadsheets.sheet import (
    BrokenCell,
    NumberText,
    Sheet,
    UnreadableSpreadsheetError,
)


def dump_sheet(sheet: Sheet) -> str:
    """Return ``sheet`` as JSON.

    Equal cells share one text: a file of a few megabytes can repeat a long text in a
    million cells. Texts and NumberText values have separate lists, because JSON would
    lose the difference.
    """
    texts: dict[str, int] = {}
    numbers: dict[str, int] = {}
    rows = [
        [
            number,
            [
                -1 - numbers.setdefault(cell, len(numbers))
                if isinstance(cell, NumberText)
                else texts.setdefault(cell, len(texts))
                for cell in cells
            ],
        ]
        for number, cells in sheet.rows
    ]
    return json.dumps(
        {
            "texts": list(texts),
            "numbers": list(numbers),
            "rows": rows,
            "broken_cells": [
                [cell.row, cell.column, cell.value, cell.remedy]
                for cell in sheet.broken_cells
            ],
            "decisions": sheet.decisions,
            "warnings": sheet.warnings,
        },
        ensure_ascii=False,
    )


def dump_error(error: UnreadableSpreadsheetError) -> str:
    return json.dumps({"error": str(error)}, ensure_ascii=False)


def load_sheet(text: str) -> Sheet:
    """Return the sheet in the JSON ``text``; raise the error that it holds instead."""
    answer = json.loads(text)
    if "error" in answer:
        raise UnreadableSpreadsheetError(answer["error"])
    # Cells are indexes: those of texts are counted from 0, those of numbers from -1
    # downwards.
    values = [*answer["texts"], *map(NumberText, reversed(answer["numbers"]))]
    return Sheet(
        rows=[
            (number, [values[index] for index in cells])
            for number, cells in answer["rows"]
        ],
        broken_cells=[BrokenCell(*cell) for cell in answer["broken_cells"]],
        decisions=answer["decisions"],
        warnings=[(numbers, sentence) for numbers, sentence in answer["warnings"]],
    )
