"""Columns of people.csv, and knowing a person again by their names and organ."""

from collections import defaultdict

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.people.models import Person
from portal.publishing.columns import BadCell, Column, Number, Reference
from portal.publishing.columns.cells import model_of
from portal.publishing.columns.names import folded
from portal.publishing.resources import AT_ONCE, Resource
from portal.publishing.spreadsheets.finding import BadRow, Finder
from portal.publishing.spreadsheets.registry import spreadsheet
from portal.publishing.spreadsheets.rows import Rows, Told

_NAMES = ("name_own", "name_latin")
# No database has as many rows.
_BEYOND = 2**63


class People:
    """Who may be meant in a sheet: each a subject and the values that name it.

    A person is known again by the number, where the sheet has it, or by names and
    organ; of two names one is enough where sheet or record does not give the other.
    """

    def __init__(self):
        self._by_number: dict[int, tuple[object, dict]] = {}
        self._by_name: dict[str, list[tuple[object, dict]]] = defaultdict(list)

    @classmethod
    def of(cls, resource: Resource, told: list[dict]) -> "People":
        """The persons on record who may be those of ``told``, read at once."""
        people = cls()
        numbers = [values["id"] for values in told if values.get("id")]
        numbers = [number for number in numbers if number < _BEYOND]
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            people._read(resource, Q(pk__in=some))
        organs = list({values.get("organ") or "" for values in told})
        names = list({values.get(name) or "" for values in told for name in _NAMES})
        for start in range(0, len(organs), AT_ONCE):
            some = organs[start : start + AT_ONCE]
            people._read(resource, Q(organ__key__in=some))
        if "" in organs:
            for start in range(0, len(names), AT_ONCE):
                some = names[start : start + AT_ONCE]
                asked = Q(name_own__in=some) | Q(name_latin__in=some)
                people._read(resource, Q(organ=None) & asked)
        return people

    def add(self, subject, values: dict) -> None:
        """``subject`` is found by these values from now on."""
        for name in {folded(values.get(name) or "") for name in _NAMES} - {""}:
            self._by_name[name].append((subject, values))

    def find(self, values: dict) -> tuple[object, dict] | None:
        """Whom ``values`` name, None when nobody yet.

        Raises BadRow when there is no such number, no name, or several persons have it.
        """
        if values.get("id"):
            return self._numbered(values["id"])
        given = _given(values)
        if not any(given.values()):
            raise BadRow(_("Write the person's name."), "name_own")
        named = [one for name in given.values() if name for one in self._by_name[name]]
        found = {_identity(one[0]): one for one in named if _is_same(one[1], values)}
        if len(found) > 1:
            raise BadRow(
                _("Several people have this name. Write both names."), "name_own"
            )
        return next(iter(found.values()), None)

    def _numbered(self, number: int) -> tuple[object, dict]:
        if number not in self._by_number:
            raise BadRow(_("There is no person with this number."), "id")
        return self._by_number[number]

    def _read(self, resource: Resource, asked: Q) -> None:
        found = list(resource.records().filter(asked).order_by("pk"))
        for person, values in zip(found, resource.tell(found), strict=True):
            self._by_number[person.pk] = person, values
            self.add(person, values)


def _identity(subject):
    return getattr(subject, "pk", None) or id(subject)


def _given(values: dict) -> dict[str, str]:
    return {name: folded(values.get(name) or "") for name in _NAMES}


def _is_same(one: dict, other: dict) -> bool:
    if (one.get("organ") or "") != (other.get("organ") or ""):
        return False
    names, given = _given(one), _given(other)
    return all(names[n] == given[n] for n in _NAMES if names[n] and given[n])


# By these a row says which person it means.
TOLD_APART_BY = frozenset({"id", "organ", *_NAMES})


class PersonFinder(Finder):
    """By names and organ. A sheet says nothing of what it leaves empty."""

    def __init__(self, rows: Rows, tolds: list[Told]):
        self.plans = []
        self.people = People.of(rows.resource, [told.values for told in tolds])
        self._seen: dict[int, int] = {}
        self._countries = _countries_of_organs()

    says_blanks = False

    def told_apart_by(self, told):
        return TOLD_APART_BY

    def find(self, told):
        found = self.people.find(told.values)
        for name in [name for name, cell in told.cells.items() if not cell]:
            told.values.pop(name, None)
        if found is None:
            self._complete(told)
            self.people.add(told, told.values)
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
