"""Assignment of public record codes, which are never reused.

Each series has two ranges, so that a release never brings a code that an installation
has given to another record: lower numbers are those of the record files, and numbers
from ``FIRST_ASSIGNED_NUMBER`` on are assigned here.
"""

from collections.abc import Iterable

from django.db import transaction

from portal.content.publishing.models import Counter

FIRST_ASSIGNED_NUMBER = 5001


def next_code(prefix: str) -> str:
    """Return the next code of a series (``SEM-5005``).

    The counter is locked until the transaction ends.
    """
    return next_codes(prefix, count=1)[0]


@transaction.atomic
def next_codes(prefix: str, *, count: int) -> list[str]:
    """Return the next ``count`` codes of a series in order.

    The counter is locked until the transaction ends.
    """
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    counter.last_number = max(counter.last_number, FIRST_ASSIGNED_NUMBER - 1)
    codes = []
    for _number in range(count):
        counter.last_number += 1
        codes.append(str(counter))
    counter.save(update_fields=["last_number"])
    return codes


def reserve_codes(codes: Iterable[str]) -> None:
    """Reserve codes of one series that were assigned elsewhere, as
    :func:`reserve_code`."""
    reserve_code(max(codes, key=lambda code: int(code.rpartition("-")[2])))


@transaction.atomic
def reserve_code(code: str) -> None:
    """Reserve a code (``SEM-0004``) that was assigned elsewhere, so that it is not
    assigned again.

    All codes of the series with a smaller number are skipped as well.
    """
    prefix, _dash, number = code.rpartition("-")
    Counter.objects.get_or_create(prefix=prefix)
    counter = Counter.objects.select_for_update().get(prefix=prefix)
    if int(number) > counter.last_number:
        counter.last_number = int(number)
        counter.save(update_fields=["last_number"])
