"""Columns whose value is stored on the row itself.

Steps of an import and export: ``normalize_cell`` converts what users type into the one
spelling that ``parse_cell`` accepts (the record CSV files already use it).
``parse_cell`` returns the value of a cell and raises InvalidCellError with an
explanation. ``set_value`` sets the value on an unsaved record, ``bulk_save_relations``
saves values that need saved records. ``get_value`` reads the value of a record, equal
to the parsed value if nothing changed, and ``format_cell`` converts a value into text.
``format_for_readers`` returns the value of a record as text in the active language.
"""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.period import iso_date
from portal.content.form_fields.characters import plain
from portal.content.publishing.rich_text import RichTextField
from portal.content.publishing.year_validator import (
    check_day,
    check_era,
    check_founding_day,
)
from portal.content.spreadsheets.columns.cell_parsing import (
    InvalidCellError,
    KeyIndex,
    join_list,
    split_list,
    split_loose_list,
)
from portal.content.spreadsheets.columns.choice_labels import (
    describe_choices,
    list_choices,
    parse_choice,
)
from portal.content.spreadsheets.columns.date_parsing import normalize_date
from portal.content.spreadsheets.columns.name_index import NameIndex, fold_name
from portal.content.spreadsheets.columns.number_parsing import (
    is_duration,
    normalize_hours,
    normalize_number,
    number_readings,
)
from portal.content.spreadsheets.sheet import NumberText
from portal.core.translations.dates import format_known_date
from portal.core.translations.invisible_text import is_blank
from portal.core.translations.language_names import get_spoken_language_name
from portal.core.translations.localized_text import get_active_language
from portal.core.translations.markup import strip_markup


@dataclass(frozen=True)
class Column:
    """Column of the text field ``field``; base class of all columns.

    ``header`` is the English heading. ``heading_zh`` is the Chinese heading if the
    verbose name of the field is unsuitable. ``other_headings`` are further headings
    that sheets of offices have; they are accepted in staff spreadsheets. An empty cell
    of a column that ``is_derivable`` is filled from other columns, so that a new record
    needs no value in it. A column with ``is_deferred`` is saved after all rows of the
    import.
    """

    header: str
    field: str
    heading_zh: str = dataclass_field(default="", kw_only=True)
    other_headings: tuple[str, ...] = dataclass_field(default=(), kw_only=True)
    is_derivable: bool = dataclass_field(default=False, kw_only=True)
    is_deferred = False

    @property
    def model_field(self) -> str:
        """Return the name of the model field or relation that holds the value."""
        return self.field

    def normalize_cell(self, cell: str, names: NameIndex) -> str:
        """Return the spelling of ``cell`` that ``parse_cell`` accepts."""
        return cell.strip()

    def parse_cell(self, cell: str, keys: KeyIndex):
        """Return the value of a normalised cell.

        Raises InvalidCellError.
        """
        return "" if is_blank(cell) else cell

    def format_cell(self, value) -> str:
        """Return ``value`` as the text of a cell."""
        return value

    def get_value(self, record: models.Model, links: dict):
        """Return the column's value of ``record``.

        ``links`` are the record's linked rows by the name of the relation.
        """
        return getattr(record, self.field) or ""

    def format_for_readers(
        self, record: models.Model, links: dict, names: NameIndex
    ) -> str:
        """Return the column's value of ``record`` as people read it.

        ``links`` are the record's linked rows with names in the active language.
        ``names`` has the names of rows that are known by key only.
        """
        text = self.format_cell(self.get_value(record, links))
        if isinstance(record._meta.get_field(self.model_field), RichTextField):
            return strip_markup(text)
        return text

    def get_allowed_values(self) -> list[str]:
        """Return the values that a cell can have, in the active language.

        [] means that other rules decide, such as a format.
        """
        return []

    def describe_format(self) -> str:
        """Return a sentence on how to write a cell, "" if any text will do."""
        return ""

    def get_example(self) -> str:
        """Return an example of a cell, "" if none is needed."""
        return ""

    def get_references(self, value) -> list[tuple[str, str]]:
        """Return model label and public key of the rows that ``value`` refers to."""
        return []

    def value_to_json(self, value):
        """Return ``value`` in the form in which it is stored for undo.

        The JSON encoder of the database field converts dates and decimals.
        """
        return value

    def value_from_json(self, stored):
        """Return the value for ``stored``, its form in the JSON stored for undo."""
        return stored

    def get_read_only_reason(self, record: models.Model) -> str:
        """Return why a staff spreadsheet may not change the value, or ""."""
        return ""

    def set_value(self, record: models.Model, value, keys: KeyIndex) -> None:
        """Set ``value`` on an unsaved or loaded record without saving it."""
        setattr(record, self.field, value)

    def create_missing_rows(self, values: list, keys: KeyIndex) -> None:
        """Save the rows that ``values`` refer to and that do not exist yet.

        Does nothing for columns that refer only to existing rows.
        """

    def save_relation(self, record: models.Model, value, keys: KeyIndex) -> None:
        """Save the relation of one saved record."""
        self.bulk_save_relations([(record, value)], keys)

    def bulk_save_relations(
        self, pairs: list[tuple[models.Model, object]], keys: KeyIndex
    ) -> None:
        """Save the relations of saved records, given as (record, value) pairs.

        Does nothing for columns stored on the row itself.
        """


def translated_column(
    header: str, field: str, language: str, *, other_headings: tuple[str, ...] = ()
) -> Column:
    """Return the column of a translated field in one language.

    The field name is built by modeltranslation: the suffix for Indonesian is not
    ``id``.
    """
    name = build_localized_fieldname(field, language)
    return Column(header, name, other_headings=other_headings)


@dataclass(frozen=True)
class IntegerColumn(Column):
    """Column of whole numbers; an empty cell is None."""

    def describe_format(self):
        return _("A whole number in digits.")

    def get_example(self):
        return "25"

    def normalize_cell(self, cell, names):
        return normalize_number(cell)

    def parse_cell(self, cell, keys):
        if not cell:
            return None
        if readings := _get_ambiguous_readings(cell):
            raise InvalidCellError(
                _(
                    "“%(written)s” can mean %(one)s or %(other)s. Enter it "
                    "without a separator, for example %(other)s."
                )
                % readings
            )
        if not re.fullmatch("0|[1-9][0-9]*", cell):
            raise InvalidCellError(_("Enter a whole number, or leave blank."))
        return int(cell)

    def format_cell(self, value):
        return "" if value is None else NumberText(value)

    def get_value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class DecimalColumn(Column):
    """Column of decimal numbers; durations such as ``36:30`` are read as hours."""

    def describe_format(self):
        return _("A number. Hours and minutes can be written as 36:30.")

    def get_example(self):
        return "36.5"

    def normalize_cell(self, cell, names):
        return normalize_hours(cell)

    def parse_cell(self, cell, keys):
        if not cell:
            return None
        if readings := _get_ambiguous_readings(cell):
            raise InvalidCellError(
                _(
                    "“%(written)s” can mean %(one)s or %(other)s. Enter "
                    "%(one)s or %(other)s."
                )
                % readings
            )
        if is_duration(cell):
            raise InvalidCellError(
                _("Enter “%(written)s” as a number of hours, for example 36.5.")
                % {"written": cell}
            )
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", cell):
            raise InvalidCellError(
                _("Enter a number, for example 40 or 7.5, or leave blank.")
            )
        return Decimal(cell)

    def format_cell(self, value):
        return "" if value is None else NumberText(format(value.normalize(), "f"))

    def get_value(self, record, links):
        return getattr(record, self.field)

    def value_from_json(self, stored):
        return None if stored is None else Decimal(stored)


def _get_ambiguous_readings(cell: str) -> dict[str, str]:
    """Return the message values for an ambiguous number, else {}."""
    if isinstance(cell, NumberText):
        return {}
    numbers = number_readings(cell)
    if len(numbers) < 2:
        return {}
    return {"written": cell, "one": numbers[0], "other": numbers[1]}


@dataclass(frozen=True)
class DateColumn(Column):
    """Column of dates.

    ``precision`` names the field with the precision (day, month or year).
    ``is_founding`` marks the founding date of an organ, which may be centuries ago.
    Staff spreadsheets contain a date with its precision (``2008``, ``2008-09``); the
    record CSV files always contain a full date.
    """

    precision: str = ""
    is_founding: bool = False

    def describe_format(self):
        if self.precision:
            return _("A day, a month or a year, beginning with the year.")
        return _("A day, beginning with the year.")

    def get_example(self):
        return "2018-09-03; 2018-09; 2018" if self.precision else "2018-09-03"

    def normalize_cell(self, cell, names):
        return normalize_date(cell)

    def parse_cell(self, cell, keys):
        if not cell:
            return None
        check = check_founding_day if self.is_founding else check_day
        try:
            day = _parse_day(cell)
            check(day)
        except ValidationError as error:
            raise InvalidCellError(error.message) from None
        return day

    def format_cell(self, value, precision=""):
        """Return the date as text.

        ``precision`` is ``year`` or ``month``; any other value formats the full date.
        """
        return iso_date(value, precision) if value else ""

    def format_for_readers(self, record, links, names):
        day = getattr(record, self.field)
        if day is None:
            return ""
        precision = getattr(record, self.precision) if self.precision else ""
        return format_known_date(day, precision or "day")

    def get_value(self, record, links):
        return getattr(record, self.field)

    def value_from_json(self, stored):
        return dt.date.fromisoformat(stored) if stored else None


def _parse_day(cell: str) -> dt.date:
    """Return the date written as ``YYYY-MM-DD``.

    Raises ValidationError with an explanation for any other text.
    """
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        with suppress(ValueError):
            return dt.date.fromisoformat(cell)
    check_era(plain(cell))
    raise ValidationError(_("Enter the date as YYYY-MM-DD, or leave blank."))


@dataclass(frozen=True)
class ChoiceColumn(Column):
    """Column of one stored code of ``choices``, or ""."""

    choices: type[models.TextChoices]

    def get_allowed_values(self):
        return list_choices(self.choices)

    def describe_format(self):
        return _("One of the allowed values.")

    def normalize_cell(self, cell, names):
        return parse_choice(self.choices, cell.strip())

    def parse_cell(self, cell, keys):
        if cell and cell not in self.choices.values:
            allowed = {"allowed": describe_choices(self.choices)}
            raise InvalidCellError(_("Choose one of these: %(allowed)s.") % allowed)
        return cell

    def format_for_readers(self, record, links, names):
        code = self.get_value(record, links)
        return str(dict(self.choices.choices).get(code, code))


_YES = {"yes", "y", "true", "1", "是", "√"}
_NO = {"no", "n", "false", "0", "否", "×"}


@dataclass(frozen=True)
class NullBooleanColumn(Column):
    """Column of a nullable boolean: ``yes``, ``no`` or empty for unknown."""

    def get_allowed_values(self):
        return [_("Yes"), _("No")]

    def describe_format(self):
        return _("One of the allowed values, or empty if it is not known.")

    def normalize_cell(self, cell, names):
        folded = fold_name(cell)
        if folded in _YES:
            return "yes"
        return "no" if folded in _NO else cell.strip()

    def parse_cell(self, cell, keys):
        values = {"yes": True, "no": False, "": None}
        if cell not in values:
            raise InvalidCellError(_("Enter yes or no, or leave blank."))
        return values[cell]

    def format_cell(self, value):
        return {True: "yes", False: "no", None: ""}[value]

    def format_for_readers(self, record, links, names):
        return {True: _("Yes"), False: _("No"), None: ""}[getattr(record, self.field)]

    def get_value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class BooleanColumn(NullBooleanColumn):
    """Column of a boolean: ``yes``; ``no`` or empty for no."""

    def describe_format(self):
        return _("One of the allowed values; empty means no.")

    def parse_cell(self, cell, keys):
        return bool(super().parse_cell(cell, keys))


@dataclass(frozen=True)
class CodeListColumn(Column):
    """Column of a list of language codes, stored as a JSON list."""

    def describe_format(self):
        return _("Codes of languages, separated by semicolons.")

    def get_example(self):
        return "ms;en"

    def normalize_cell(self, cell, names):
        return join_list(split_loose_list(plain(cell), ",、"))

    def parse_cell(self, cell, keys):
        return split_list(cell)

    def format_cell(self, value):
        return join_list(value)

    def format_for_readers(self, record, links, names):
        language = get_active_language()
        return "\n".join(
            str(get_spoken_language_name(code, language))
            for code in getattr(record, self.field) or ()
        )

    def get_value(self, record, links):
        return getattr(record, self.field)


@dataclass(frozen=True)
class TextListColumn(Column):
    """Column of a list of texts, stored as one text with a line per item."""

    def describe_format(self):
        return _("Several texts are separated by semicolons or line ends.")

    def normalize_cell(self, cell, names):
        return join_list(split_loose_list(cell))

    def parse_cell(self, cell, keys):
        return "\n".join(split_list(cell))

    def format_cell(self, value):
        return join_list(value.splitlines())

    def format_for_readers(self, record, links, names):
        return self.get_value(record, links)
