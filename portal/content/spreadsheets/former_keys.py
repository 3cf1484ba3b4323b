"""Rows of record files whose key on record was changed by a person."""

from collections import defaultdict

from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser
from portal.core.audit.former_keys import load_former_keys


def replace_former_keys(
    row_parser: RowParser, parsed_rows: list[ParsedRow], *, program
) -> None:
    """Replace the keys of normalised rows by the present keys of their records.

    A row is found by the key that it had first, also if another record has this key by
    now. Rows with the present key have precedence. ``former_cells`` of a changed row
    are the cells of the file; columns of other files find the row by an alias.
    """
    resource = row_parser.resource
    fields = resource.changeable_key
    if not fields:
        return
    rows_by_key: dict[tuple[str, ...], list[ParsedRow]] = defaultdict(list)
    for row in parsed_rows:
        rows_by_key[tuple(row.cells[name] for name in fields)].append(row)
    for key in load_former_keys(resource.model, fields, program=program):
        if key.current in rows_by_key:
            continue
        for row in rows_by_key.pop(key.former, []):
            row.former_cells = {name: row.cells[name] for name in fields}
            row.cells |= dict(zip(fields, key.current, strict=True))
            label = resource.model._meta.label
            row_parser.key_index.add_alias(label, key.former, key.current)
