"""Columns of people.csv, and matching of its rows to people."""

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns import (
    Column,
    ForeignKeyColumn,
    IntegerColumn,
    InvalidCellError,
)
from portal.content.spreadsheets.record_finders import RecordFinder
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource
from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser
from portal.reference.people.models import Person
from portal.reference.people.recognition import IDENTIFYING_FIELDS, PersonMatcher


class PersonRecordFinder(RecordFinder):
    """Finds the person of a row by names and organ. Empty cells change nothing."""

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self.plans = []
        self.matcher = PersonMatcher(row_parser, parsed_rows)
        self._seen: dict[int, int] = {}
        self._countries = _load_countries_by_organ()

    treats_blank_as_empty = False

    def get_identifying_fields(self, parsed_row):
        return IDENTIFYING_FIELDS

    def find(self, parsed_row):
        match = self.matcher.match(parsed_row)
        for name in [name for name, cell in parsed_row.cells.items() if not cell]:
            parsed_row.values.pop(name, None)
        if match is None:
            self._fill_country_from_organ(parsed_row)
            self.matcher.add_candidate(parsed_row)
            return None
        first = (
            match[0].number
            if isinstance(match[0], ParsedRow)
            else self._get_first_row(match, parsed_row)
        )
        if first != parsed_row.number:
            raise InvalidCellError(
                _("This row is the same as row %(row)s. Remove one of the rows.")
                % {"row": first}
            )
        return match

    def new_instance(self, parsed_row):
        return Person()

    def _get_first_row(self, match, parsed_row: ParsedRow) -> int:
        return self._seen.setdefault(match[0].pk, parsed_row.number)

    def _fill_country_from_organ(self, parsed_row: ParsedRow) -> None:
        """Fill in the country of the person's organ if the row has no country."""
        country = self._countries.get(parsed_row.values.get("organ", ""), "")
        if country and not parsed_row.values.get("country"):
            parsed_row.values["country"] = parsed_row.cells["country"] = country


def _load_countries_by_organ() -> dict[str, str]:
    organs = models.QuerySet(apps.get_model("directory.Organ"))
    return dict(organs.values_list("key", "country__iso2"))


@register_resource
class PersonResource(Resource):
    file = "people.csv"
    model = Person
    key = ""
    finder_class = PersonRecordFinder
    columns = [
        IntegerColumn("person_number", "id", heading_zh="人员编号"),
        Column(
            "name_own",
            "name_own",
            heading_zh="姓名",
            other_headings=("学员姓名", "人员姓名"),
        ),
        Column(
            "name_latin",
            "name_latin",
            heading_zh="拉丁字母姓名",
            other_headings=("英文姓名", "外文姓名"),
        ),
        Column("rank", "rank", other_headings=("职务", "职级")),
        ForeignKeyColumn(
            "organ_key",
            "organ",
            "directory.Organ",
            "key",
            other_headings=("单位", "工作单位", "所在单位"),
        ),
        ForeignKeyColumn(
            "country_iso2",
            "country",
            "directory.Country",
            "iso2",
            other_headings=("国籍", "国别"),
            is_derivable=True,
        ),
    ]
