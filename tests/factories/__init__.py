"""Factories for tests: functions that save a valid draft with default values.

Keyword arguments override the defaults, as in ``country(iso2="LA")``; to-many relations
are given as lists of rows. For a required relation an existing row is used, or a new
one is created. A record becomes public with ``publishing.make_published``.
"""

from django.db import models


def made(model: type[models.Model], **values) -> models.Model:
    """Save and return a row of ``model``; to-many ``values`` are set after the save."""
    many_to_many = {field.name for field in model._meta.many_to_many}
    row = model(
        **{name: value for name, value in values.items() if name not in many_to_many}
    )
    row.save()
    for name in many_to_many & set(values):
        # One by one, because Django adds several rows in arbitrary order.
        for target in values[name]:
            getattr(row, name).add(target)
    return row


def numbered(model: type[models.Model]) -> int:
    """Return a number that no row of ``model`` has in its key or code yet."""
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1
