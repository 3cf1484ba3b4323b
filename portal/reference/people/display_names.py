"""Names of people in the audit log, for users with permission to view people."""

from collections.abc import Iterator

from django.db import models

from portal.core.audit.display_names import register_display_name_provider
from portal.core.audit.past_names import NameFormat, register_name_format
from portal.reference.people.models import Person


@register_display_name_provider(Person)
def _get_person_names(
    rows: models.QuerySet, reader
) -> Iterator[tuple[models.Model, str]]:
    """Yield each person with their current name, "erased person N" after erasure."""
    yield from ((row, str(row)) for row in rows)


@register_name_format(Person)
def _get_person_name_format(model: type[Person]) -> NameFormat:
    return NameFormat(("name_own", "name_latin"), str)
