"""Public codes of records, given out once and never again."""

from collections.abc import Iterable

from django.db import transaction

from portal.publishing.models import Counter


def next_code(prefix: str) -> str:
    """The next code of a series (``SEM-0005``), given out under a lock."""
    return next_codes(prefix, count=1)[0]


@transaction.atomic
def next_codes(prefix: str, *, count: int) -> list[str]:
    """The next ``count`` codes of a series, in their order."""
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    codes = []
    for _number in range(count):
        counter.last_number += 1
        codes.append(str(counter))
    counter.save(update_fields=["last_number"])
    return codes


def reserve_codes(codes: Iterable[str]) -> None:
    """Reserve codes of one series that came from outside, as :func:`reserve_code`."""
    reserve_code(max(codes, key=lambda code: int(code.rpartition("-")[2])))


@transaction.atomic
def reserve_code(code: str) -> None:
    """Say that a code (``SEM-0004``) came from outside, never to be given out again."""
    prefix, _dash, number = code.rpartition("-")
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    if int(number) > counter.last_number:
        counter.last_number = int(number)
        counter.save(update_fields=["last_number"])
