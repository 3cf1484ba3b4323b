"""Column headings in Chinese and English, and their detection in a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import pairwise

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from portal.content.publishing.models.heading_mappings import normalize_heading
from portal.content.spreadsheets.columns import ChildTextsColumn, Column
from portal.content.spreadsheets.columns.related_field import get_model_field
from portal.content.spreadsheets.former_field_names import FORMER_FIELD_NAMES
from portal.content.spreadsheets.heading_mappings import (
    MAX_HEADING_LENGTH,
    HeadingChoices,
    UnknownColumn,
    get_samples,
    resolve_headings,
)
from portal.content.spreadsheets.import_plan import RowError
from portal.content.spreadsheets.questions import Question
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.sheet import Sheet, UnreadableSpreadsheetError
from portal.content.spreadsheets.xlsx_writing import column_letters
from portal.core.translations.language_names import get_language_name
from portal.core.translations.localized_text import get_active_language

# Number of rows that are searched for headings; titles and notes may precede them.
_MAX_HEADING_ROWS = 20
# Least resemblance (from 0 to 1) of the headings of a column that was renamed.
_MIN_RESEMBLANCE = 0.6
# Headings of columns that are ignored: serial numbers that users add, and the error
# column of an error file.
_IGNORED_HEADINGS = ("序号", "no.", "no", "#", "№")
ERRORS_HEADING_EN, ERRORS_HEADING_ZH = (
    "errors (this column is not read)",
    "错误（此列不读入）",
)
# Headings of lists exported by earlier releases, by the name of the column.
_FORMER_HEADINGS = {
    "edition_number": ("会议届次", "conference edition"),
    "mechanism_key": ("机制",),
    "organ_key": ("organ",),
    "organ_keys": ("organs",),
}


@dataclass(frozen=True)
class PlacedColumn:
    """Column of a resource with its index and heading in the sheet."""

    column: Column
    index: int
    heading: str


@dataclass
class SheetTable:
    """Part of a sheet that belongs to a resource: its columns and data rows.

    ``rows`` are (row number in the file, cells) below the headings. ``headings`` are
    all headings of the sheet, including columns that are ignored. ``decisions`` are
    sentences for the user about the position of the headings and about ignored columns.
    ``questions`` are questions about columns with unknown headings; a column is placed
    only if ``is_complete``, that is, if none of them is open.
    """

    columns: list[PlacedColumn]
    rows: list[tuple[int, list[str]]]
    headings: list[str]
    errors: list[RowError] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    is_complete: bool = True


def get_heading(resource: Resource, column: Column) -> str:
    """Return the heading of ``column`` in the active language, Chinese or English."""
    if (get_language() or "").startswith("zh"):
        return get_chinese_heading(resource, column)
    return column.header


def get_chinese_heading(resource: Resource, column: Column) -> str:
    if column.heading_zh:
        return column.heading_zh
    with translation.override("zh-hans"):
        return _verbose_name(resource.model, column)


def get_heading_for_readers(resource: Resource, column: Column) -> str:
    """Return the name of ``column`` for readers, in the active language.

    English headings such as ``venue_organ_keys`` are names of columns in files; readers
    get the name of the field.
    """
    if (get_language() or "").startswith("zh"):
        return get_chinese_heading(resource, column)
    if isinstance(column, ChildTextsColumn):
        return capfirst(
            _add_language(_verbose_name(resource.model, column), column.language)
        )
    if isinstance(get_model_field(resource.model, column), models.AutoField):
        return capfirst(column.header.replace("_", " "))
    return capfirst(_verbose_name(resource.model, column))


def get_column_labels(resource: Resource) -> dict[str, str]:
    """Return the names of all columns for readers, by field name."""
    return {
        column.field: get_heading_for_readers(resource, column)
        for column in resource.columns
    }


def _verbose_name(model: type[models.Model], column: Column) -> str:
    model_field = get_model_field(model, column)
    if isinstance(model_field, TranslationField):
        name = model_field.translated_field.verbose_name
        return _add_language(str(name), model_field.language)
    if isinstance(model_field, GenericRelation) or model_field.auto_created:
        return str(model_field.related_model._meta.verbose_name_plural)
    return str(model_field.verbose_name)


def _add_language(name: str, code: str) -> str:
    """Return ``name`` with the name of the language ``code`` in brackets."""
    language = get_active_language()
    # No message: imports recognise this heading, so it must not change.
    heading = "{}（{}）" if language.code.startswith("zh") else "{} ({})"
    return heading.format(name, get_language_name(code, language))


def map_headings(resource: Resource) -> dict[str, Column]:
    """Return the columns by accepted heading, in normalised form.

    English and Chinese headings come first, then verbose names of the field and
    headings of earlier releases, then headings of office sheets. A name that two
    columns share is left out. A verbose name without a language, such as Title, means
    Chinese if it is Chinese and English if it is English.
    """
    office_names = _index_names(
        (normalize_heading(name), column)
        for column in resource.columns
        for name in column.other_headings
    )
    columns = office_names | _index_names(
        (name, column)
        for column in resource.columns
        for name in _extra_names(resource.model, column)
    )
    for column in resource.columns:
        columns[normalize_heading(get_chinese_heading(resource, column))] = column
    for column in resource.columns:
        columns[normalize_heading(column.header)] = column
    return {name: column for name, column in columns.items() if column}


def _index_names(pairs: Iterable[tuple[str, Column]]) -> dict[str, Column | None]:
    """Return the columns by name, None for a name that two columns share."""
    columns: dict[str, Column | None] = {}
    for name, column in pairs:
        columns[name] = None if name in columns else column
    return columns


def _extra_names(model: type[models.Model], column: Column) -> set[str]:
    model_field = get_model_field(model, column)
    languages = ("zh-hans", "en")
    if isinstance(model_field, TranslationField):
        languages = [code for code in languages if code == model_field.language]
        model_field = model_field.translated_field
    names = set(map(normalize_heading, _FORMER_HEADINGS.get(column.header, ())))
    for code in languages:
        with translation.override(code):
            names.add(normalize_heading(str(getattr(model_field, "verbose_name", ""))))
    field_name = column.field.rpartition(".")[2]
    former_names = FORMER_FIELD_NAMES.get(field_name, ())
    return names.union(map(normalize_heading, former_names)) - {""}


def _map_remembered_headings(
    resource: Resource, choices: HeadingChoices
) -> dict[str, Column | None]:
    """Return the columns of earlier choices by heading, None for ignored ones.

    Only known headings tell where the headings of a sheet are.
    """
    columns = {column.field: column for column in resource.columns}
    return {
        heading: columns.get(mapping.field)
        for heading, mapping in choices.remembered.items()
    }


def count_headings(
    resource: Resource, sheet: Sheet, choices: HeadingChoices | None = None
) -> int:
    """Return the number of known headings in the row of ``sheet`` with most of them.

    Headings of earlier ``choices`` are known too.
    """
    columns_by_heading = map_headings(resource)
    if choices:
        remembered = _map_remembered_headings(resource, choices)
        columns_by_heading = remembered | columns_by_heading
    return max(
        (
            len(_find_columns(row, columns_by_heading))
            for row in _get_heading_candidates(sheet)
        ),
        default=0,
    )


def _find_columns(
    cells: list[str], columns_by_heading: dict[str, Column]
) -> dict[int, Column]:
    columns = {
        index: columns_by_heading.get(normalize_heading(cell))
        for index, cell in enumerate(cells)
    }
    return {index: column for index, column in columns.items() if column}


def _get_heading_candidates(sheet: Sheet) -> list[list[str]]:
    """Return candidate heading rows: each row, and each pair of rows merged."""
    first_rows = [cells for _number, cells in sheet.rows[:_MAX_HEADING_ROWS]]
    return [*first_rows, *[_merge_heading_rows(*pair) for pair in pairwise(first_rows)]]


def _merge_heading_rows(upper: list[str], lower: list[str]) -> list[str]:
    """Merge two heading rows; an empty lower cell takes the upper heading."""
    width = max(len(upper), len(lower))
    upper, lower = (row + [""] * (width - len(row)) for row in (upper, lower))
    return [low or up for up, low in zip(upper, lower, strict=True)]


def find_table(
    resource: Resource, sheet: Sheet, file: str, choices: HeadingChoices | None = None
) -> SheetTable:
    """Return the columns and data rows of ``resource`` in ``sheet``.

    Columns with unknown headings are read as ``choices`` say; the table has a question
    about each of them. Duplicate columns and filled columns without a heading are added
    to the errors of the table. Raises UnreadableSpreadsheetError if no row contains
    known headings.
    """
    choices = choices or HeadingChoices()
    columns_by_heading = map_headings(resource)
    remembered = _map_remembered_headings(resource, choices)
    known = {
        name: column
        for name, column in (remembered | columns_by_heading).items()
        if column
    }
    first_rows = sheet.rows[:_MAX_HEADING_ROWS]
    candidates = _get_heading_candidates(sheet)
    best = max(
        candidates,
        key=lambda cells: len(_find_columns(cells, known)),
        default=[],
    )
    if not _find_columns(best, known):
        names = ", ".join(
            get_heading(resource, column) for column in resource.columns[:5]
        )
        raise UnreadableSpreadsheetError(
            _(
                "No row has the headings of the columns, such as these: %(names)s. "
                "Download the template to see all of them."
            )
            % {"names": names}
        )
    candidate_index = candidates.index(best)
    # The data rows follow the lower of two heading rows.
    last = (
        candidate_index
        if candidate_index < len(first_rows)
        else candidate_index - len(first_rows) + 1
    )
    table = SheetTable([], sheet.rows[last + 1 :], best)
    table.decisions = _decisions(first_rows, last, best)
    columns = _find_columns(best, columns_by_heading)
    number, ignored = first_rows[last][0], _get_ignored_headings()
    unknown = _get_unknown_columns(table, columns, ignored)
    resolved = resolve_headings(
        unknown,
        labels=get_column_labels(resource),
        placed={column.field for column in columns.values()},
        choices=choices,
    )
    columns_by_field = {column.field: column for column in resource.columns}
    columns |= {
        index: columns_by_field[name] for index, name in resolved.fields.items()
    }
    table.questions, table.is_complete = resolved.questions, resolved.is_complete
    table.decisions += resolved.decisions
    # Also columns that are ignored.
    ignored = ignored | {column.key for column in unknown}
    _place_columns(table, dict(sorted(columns.items())), file, number, ignored)
    return table


def _get_unknown_columns(
    table: SheetTable, columns: dict[int, Column], ignored: set[str]
) -> list[UnknownColumn]:
    """Return the columns with unknown headings.

    Headings that are too long to be remembered are left out.
    """
    return [
        UnknownColumn(index, heading.strip(), get_samples(table.rows, index))
        for index, heading in enumerate(table.headings)
        if index not in columns
        and normalize_heading(heading) not in {"", *ignored}
        # The normal form of a character can be many characters.
        and max(len(heading.strip()), len(normalize_heading(heading)))
        <= MAX_HEADING_LENGTH
    ]


def find_strict_table(resource: Resource, sheet: Sheet, file: str) -> SheetTable:
    """Return the columns and data rows of a file of the public record.

    Its first row has exactly the headings of ``resource``, in any order. Missing,
    unknown and duplicate columns are added to the errors of the table. An unknown
    column that resembles a missing one was probably renamed; the error says so.
    """
    headings = sheet.rows[0][1] if sheet.rows else []
    columns_by_heading = {column.header: column for column in resource.columns}
    table = SheetTable([], sheet.rows[1:], headings)
    missing = [name for name in columns_by_heading if name not in headings]
    renamed = _match_renamed(
        [name for name in headings if name not in columns_by_heading], missing
    )
    columns = {
        index: columns_by_heading[heading]
        for index, heading in enumerate(headings)
        if heading in columns_by_heading
    }
    _place_columns(table, columns, file, 1, ignored=set())
    new_names = {old.strip(): new for new, old in renamed.items()}
    table.errors = [
        *(
            RowError(file, 1, heading, "", _get_missing_remedy(heading, renamed))
            for heading in missing
        ),
        *(
            replace(error, remedy=_get_rename_remedy(new_names[error.column]))
            if error.column in new_names
            else error
            for error in table.errors
        ),
    ]
    return table


def _match_renamed(unknown: list[str], missing: list[str]) -> dict[str, str]:
    """Return the unknown heading that resembles a missing one most, by missing one."""
    pairs = [
        (SequenceMatcher(None, old, new).ratio(), new, old)
        for old in dict.fromkeys(unknown)
        for new in missing
        if old.strip()
    ]
    renamed: dict[str, str] = {}
    for ratio, new, old in sorted(pairs, reverse=True):
        is_free = new not in renamed and old not in renamed.values()
        if ratio >= _MIN_RESEMBLANCE and is_free:
            renamed[new] = old
    return renamed


def _get_rename_remedy(heading: str) -> str:
    return _(
        "This column was not recognised. If it is the column "
        "“%(new)s” of another release, rename it to “%(new)s”. "
        "Otherwise remove it."
    ) % {"new": heading}


def _get_missing_remedy(heading: str, renamed: dict[str, str]) -> str:
    if heading in renamed:
        return _("Add this column, or rename the column “%(old)s”.") % {
            "old": renamed[heading]
        }
    return _(
        "Add this column. If the file is from an earlier release, "
        "use the data files supplied with the installed release."
    )


def _place_columns(
    table: SheetTable,
    columns: dict[int, Column],
    file: str,
    number: int,
    ignored: set[str],
) -> None:
    """Add ``columns`` by index to ``table``, and an error for each invalid heading.

    ``number`` is the row number of the headings. Columns with the normalised headings
    ``ignored`` are not read.
    """
    for index, column in columns.items():
        heading = table.headings[index]
        if column in [placed.column for placed in table.columns]:
            remedy = _("Use this column only once.")
            table.errors.append(RowError(file, number, heading, "", remedy))
        else:
            table.columns.append(PlacedColumn(column, index, heading.strip()))
    table.errors += _find_unknown_columns(table, columns, file, number, ignored)


def _decisions(first_rows: list[tuple[int, list[str]]], last: int, best: list[str]):
    """Return sentences about the heading row and about ignored columns."""
    sentences = [
        _("The headings are in row %(row)s. The rows above them are not imported.")
        % {"row": first_rows[last][0]}
        if first_rows[last][0] > 1
        else _("The headings are in row 1.")
    ]
    ignored = [
        name.strip()
        for name in best
        if normalize_heading(name) in _get_ignored_headings()
    ]
    if ignored:
        sentences.append(
            _("These columns are not imported: %(names)s.")
            % {"names": ", ".join(ignored)}
        )
    return sentences


def _get_ignored_headings() -> set[str]:
    return {
        normalize_heading(name)
        for name in (*_IGNORED_HEADINGS, ERRORS_HEADING_EN, ERRORS_HEADING_ZH)
    }


def _find_unknown_columns(table, columns, file, number, ignored) -> list[RowError]:
    """Return an error for each unknown heading and each filled column without one."""
    errors = []
    cells = table.headings
    width = max((len(row) for _number, row in table.rows), default=0)
    for index in range(max(width, len(cells))):
        name = cells[index].strip() if index < len(cells) else ""
        if index in columns or normalize_heading(name) in ignored:
            continue
        is_filled = any(row[index : index + 1] > [""] for _n, row in table.rows)
        if name:
            remedy = _("This column was not recognised. Remove it.")
            errors.append(RowError(file, number, name, "", remedy))
        elif is_filled:
            remedy = _("Enter a heading for this column, or clear the column.")
            errors.append(RowError(file, number, column_letters(index), "", remedy))
    return errors
