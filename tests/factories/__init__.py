"""Records for tests: functions that save a valid draft and take overrides.

``country(iso2="LA")`` saves a row; to-many relations are given as lists of rows. What a
record cannot do without is taken from the table when it is there, and made otherwise.
Nothing here is public before ``publishing.published`` has been said of it.
"""

from django.db import models


def made(model: type[models.Model], **values) -> models.Model:
    """A saved row of ``model``; to-many relations among ``values`` are set after it."""
    many = {field.name for field in model._meta.many_to_many}
    row = model(**{name: value for name, value in values.items() if name not in many})
    row.save()
    for name in many & set(values):
        # One by one: Django adds several as a set, in any order.
        for target in values[name]:
            getattr(row, name).add(target)
    return row


def numbered(model: type[models.Model]) -> int:
    """A number that no row of ``model`` was named by yet, for keys and codes."""
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1
