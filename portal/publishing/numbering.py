"""Public codes of records, given out once and never again."""

from django.db import transaction

from portal.publishing.models import Counter


@transaction.atomic
def next_code(prefix: str) -> str:
    """The next code of a series (``SEM-0005``), given out under a lock."""
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return str(counter)


@transaction.atomic
def reserve_code(code: str) -> None:
    """Say that a code (``SEM-0004``) came from outside, never to be given out again."""
    prefix, _dash, number = code.rpartition("-")
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    if int(number) > counter.last_number:
        counter.last_number = int(number)
        counter.save(update_fields=["last_number"])
