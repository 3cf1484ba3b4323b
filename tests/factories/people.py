from portal.reference.people.models import Person
from tests.factories import made
from tests.factories.directory import any_country


def person(name_latin="Sample Person", **values) -> Person:
    if "country" not in values:
        values["country"] = any_country()
    return made(Person, **{"name_latin": name_latin, **values})
