"""``load_sample`` refuses a load without countries, or of an impossible number."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def load(records: int) -> None:
    call_command("load_sample", records=records)


def test_load_requires_countries():
    with pytest.raises(CommandError, match="load_record"):
        load(60)


@pytest.mark.parametrize("records", [0, -1, 300_001])
def test_number_out_of_range_is_refused(records):
    with pytest.raises(
        CommandError, match=r"^--records must be between 1 and 300000\.$"
    ):
        load(records)
