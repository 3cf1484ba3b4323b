"""Columns of people.csv, and the records of its rows."""

from django.db import models
from django.utils.translation import gettext as _

from portal.people.models import Person
from portal.people.recognition import TOLD_APART_BY, People
from portal.publishing.columns import BadCell, Column, Number, Reference
from portal.publishing.columns.cells import model_of
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.finding import Finder
from portal.publishing.spreadsheets.registry import spreadsheet
from portal.publishing.spreadsheets.rows import Rows, Told


class PersonFinder(Finder):
    """By names and organ. A sheet says nothing of what it leaves empty."""

    def __init__(self, rows: Rows, tolds: list[Told]):
        self.plans = []
        self.people = People(rows, tolds)
        self._seen: dict[int, int] = {}
        self._countries = _countries_of_organs()

    says_blanks = False

    def told_apart_by(self, told):
        return TOLD_APART_BY

    def find(self, told):
        found = self.people.find(told)
        for name in [name for name, cell in told.cells.items() if not cell]:
            told.values.pop(name, None)
        if found is None:
            self._complete(told)
            self.people.add(told)
            return None
        first = (
            found[0].number if isinstance(found[0], Told) else self._first(found, told)
        )
        if first != told.number:
            raise BadCell(
                _("The row says the same as row %(row)s. Remove one of them.")
                % {"row": first}
            )
        return found

    def fresh(self, told):
        return Person()

    def _first(self, found, told: Told) -> int:
        return self._seen.setdefault(found[0].pk, told.number)

    def _complete(self, told: Told) -> None:
        """A person is of the country of their organ, where none is written."""
        country = self._countries.get(told.values.get("organ", ""), "")
        if country and not told.values.get("country"):
            told.values["country"] = told.cells["country"] = country


def _countries_of_organs() -> dict[str, str]:
    organs = models.QuerySet(model_of("directory.Organ"))
    return dict(organs.values_list("key", "country__iso2"))


@spreadsheet
class PersonResource(Resource):
    file = "people.csv"
    model = Person
    key = ""
    finder = PersonFinder
    columns = [
        Number("person_number", "id", heading_zh="人员编号"),
        Column("name_own", "name_own", heading_zh="姓名"),
        Column("name_latin", "name_latin", heading_zh="拉丁字母姓名"),
        Column("rank", "rank"),
        Reference("organ_key", "organ", "directory.Organ", "key"),
        Reference("country_iso2", "country", "directory.Country", "iso2"),
    ]
