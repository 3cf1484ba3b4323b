"""Headings of columns in Chinese and English, and finding them in a sheet."""

from dataclasses import dataclass, field
from itertools import pairwise

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from portal.languages import BY_CODE
from portal.publishing.columns import Column
from portal.publishing.columns.names import folded
from portal.publishing.columns.others import Of
from portal.publishing.plans import RowError
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.sheets import Sheet, Unreadable
from portal.publishing.spreadsheets.xlsx_writing import letters
from portal.translations.names import language_name

# Titles and explanations may stand above the headings, in so many rows at most.
_ABOVE = 20
# Columns that clerks add and that say nothing of the record; ours with the errors.
_SERIALS = ("序号", "no.", "no", "#", "№")
ERRORS_EN, ERRORS_ZH = "errors (this column is not read)", "错误（此列不读入）"


@dataclass(frozen=True)
class Placed:
    """A column of the resource, where it stands in the sheet, and its heading there."""

    column: Column
    position: int
    heading: str


@dataclass
class Table:
    """The columns that a sheet has of a resource, and the rows below their headings.

    ``headings`` are all of its headings as they are written there. ``decisions`` are
    sentences on where the headings are and what is not read.
    """

    columns: list[Placed]
    rows: list[tuple[int, list[str]]]
    headings: list[str]
    errors: list[RowError] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)


def heading(resource: Resource, column: Column) -> str:
    """What the column is called in a sheet for a reader of the active language."""
    if (get_language() or "").startswith("zh"):
        return chinese_heading(resource, column)
    return column.header


def chinese_heading(resource: Resource, column: Column) -> str:
    if column.heading_zh:
        return column.heading_zh
    with translation.override("zh-hans"):
        return _verbose_name(resource.model, column)


def _verbose_name(model: type[models.Model], column: Column) -> str:
    if isinstance(column, Of):
        of = model._meta.get_field(column.relation).related_model
        return _verbose_name(of, column.column)
    named = model._meta.get_field(column.field)
    if isinstance(named, TranslationField):
        name = named.translated_field.verbose_name
        language = language_name(named.language, BY_CODE["zh-hans"])
        return f"{name}（{language}）"
    if isinstance(named, GenericRelation) or named.auto_created:
        return str(named.related_model._meta.verbose_name_plural)
    return str(named.verbose_name)


def known_headings(resource: Resource) -> dict[str, Column]:
    """Every heading that a sheet may have, folded; what two columns have is neither's.

    A title without its language is the Chinese one under a Chinese heading, and the
    English one under an English heading.
    """
    found: dict[str, Column | None] = {}
    for column in resource.columns:
        for name in _extra_names(resource.model, column):
            found[name] = None if name in found else column
    for column in resource.columns:
        found[folded_heading(chinese_heading(resource, column))] = column
    for column in resource.columns:
        found[folded_heading(column.header)] = column
    return {name: column for name, column in found.items() if column}


def _extra_names(model: type[models.Model], column: Column) -> set[str]:
    while isinstance(column, Of):
        model = model._meta.get_field(column.relation).related_model
        column = column.column
    named = model._meta.get_field(column.field)
    languages = ("zh-hans", "en")
    if isinstance(named, TranslationField):
        languages = [code for code in languages if code == named.language]
        named = named.translated_field
    found = set()
    for code in languages:
        with translation.override(code):
            found.add(folded_heading(str(getattr(named, "verbose_name", ""))))
    return found - {""}


def folded_heading(written: str) -> str:
    return folded(written).replace("_", "").replace("\n", "").strip("*:")


def count_headings(resource: Resource, sheet: Sheet) -> int:
    """How many headings of ``resource`` the sheet has in its best row."""
    known = known_headings(resource)
    return max((len(_columns(row, known)) for row in _heads(sheet)), default=0)


def _columns(cells: list[str], known: dict[str, Column]) -> dict[int, Column]:
    found = {
        position: known.get(folded_heading(cell)) for position, cell in enumerate(cells)
    }
    return {position: column for position, column in found.items() if column}


def _heads(sheet: Sheet) -> list[list[str]]:
    """What may be the headings: each row, and each row with the one above it."""
    first = [cells for _number, cells in sheet.rows[:_ABOVE]]
    return [*first, *[_under(*pair) for pair in pairwise(first)]]


def _under(upper: list[str], lower: list[str]) -> list[str]:
    """Headings in two rows: where the lower has none, the upper is merged down."""
    width = max(len(upper), len(lower))
    upper, lower = (row + [""] * (width - len(row)) for row in (upper, lower))
    return [low or up for up, low in zip(upper, lower, strict=True)]


def table_of(resource: Resource, sheet: Sheet, file: str) -> Table:
    """The rows of ``sheet`` below its headings; raises :class:`Unreadable`.

    Columns that are unknown, there twice, or without a heading are errors of the table.
    """
    known, first = known_headings(resource), sheet.rows[:_ABOVE]
    heads = _heads(sheet)
    best = max(heads, key=lambda cells: len(_columns(cells, known)), default=[])
    if not _columns(best, known):
        names = ", ".join(heading(resource, column) for column in resource.columns[:5])
        raise Unreadable(
            _("No row has the headings of the columns, such as these: %(names)s.")
            % {"names": names}
        )
    index = heads.index(best)
    # Of two rows of headings the lower is the last before the rows that follow.
    last = index if index < len(first) else index - len(first) + 1
    table = Table([], sheet.rows[last + 1 :], best)
    table.decisions = _decisions(first, last, best)
    columns = _columns(best, known)
    for position, column in columns.items():
        if column in [placed.column for placed in table.columns]:
            remedy = _("Give this column once.")
            table.errors.append(
                RowError(file, first[last][0], best[position], "", remedy)
            )
        else:
            table.columns.append(Placed(column, position, best[position].strip()))
    table.errors += _strangers(table, best, columns, file, first[last][0])
    return table


def _decisions(first: list[tuple[int, list[str]]], last: int, best: list[str]):
    """Sentences on the row of the headings, and on the columns that are not read."""
    sentences = [
        _("The headings are in row %(row)s; nothing above them is read.")
        % {"row": first[last][0]}
        if first[last][0] > 1
        else _("The headings are in row 1.")
    ]
    ignored = [name.strip() for name in best if folded_heading(name) in _ignored()]
    if ignored:
        sentences.append(
            _("These columns are not read: %(names)s.") % {"names": ", ".join(ignored)}
        )
    return sentences


def _ignored() -> set[str]:
    return {folded_heading(name) for name in (*_SERIALS, ERRORS_EN, ERRORS_ZH)}


def _strangers(table, cells, columns, file, number) -> list[RowError]:
    """An error for each column that is not known and holds anything."""
    errors = []
    ignored = _ignored()
    width = max((len(row) for _number, row in table.rows), default=0)
    for position in range(max(width, len(cells))):
        name = cells[position].strip() if position < len(cells) else ""
        if position in columns or folded_heading(name) in ignored:
            continue
        is_filled = any(row[position : position + 1] > [""] for _n, row in table.rows)
        if name:
            remedy = _("Remove this column: it is unknown.")
            errors.append(RowError(file, number, name, "", remedy))
        elif is_filled:
            remedy = _("Give this column a heading, or empty it.")
            errors.append(RowError(file, number, letters(position), "", remedy))
    return errors
