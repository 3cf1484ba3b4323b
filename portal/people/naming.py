"""What the history calls people of the register, for those who may see them."""

from collections.abc import Iterator

from django.db import models

from portal.history.naming import register_namer
from portal.people.models import Person


@register_namer(Person)
def _registered(rows: models.QuerySet, reader) -> Iterator[tuple[models.Model, str]]:
    """As they are called now: nothing is told of who was erased since."""
    yield from ((row, str(row)) for row in rows)
