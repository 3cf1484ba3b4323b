"""Matching of sheet rows to named parties."""

from django.utils.translation import gettext as _

from portal.content.spreadsheets.columns import InvalidCellError
from portal.content.spreadsheets.record_finders import RecordFinder
from portal.content.spreadsheets.row_parsing import ParsedRow, RowParser
from portal.reference.directory.models import NamedParty


class NamedPartyFinder(RecordFinder):
    """Finds the named party of a row by name and country."""

    def __init__(self, row_parser: RowParser, parsed_rows: list[ParsedRow]):
        self.plans = []
        self._resource = row_parser.resource
        self._first_rows: dict[tuple[str, str], int] = {}
        names = {row.cells.get("name", "") for row in parsed_rows} - {""}
        parties = self._resource.get_queryset().filter(name__in=names)
        records = list(parties)
        self._matches = {
            (record.name, record.country.iso2): (record, values)
            for record, values in zip(
                records, self._resource.get_values(records), strict=True
            )
        }

    def get_identifying_fields(self, parsed_row):
        return {"name", "country"}

    def find(self, parsed_row):
        key = (parsed_row.values.get("name"), parsed_row.values.get("country"))
        if not all(key):
            raise InvalidCellError(_("Enter the name of the party and its country."))
        first_row = self._first_rows.setdefault(key, parsed_row.number)
        if first_row != parsed_row.number:
            raise InvalidCellError(
                _("This row is the same as row %(row)s. Remove one of the rows.")
                % {"row": first_row}
            )
        return self._matches.get(key)

    def get_records(self):
        return [record for record, _values in self._matches.values()]

    def new_instance(self, parsed_row):
        return NamedParty(**self._resource.get_defaults(parsed_row.values))
