"""Format of reference codes: four digits, or more without a leading zero."""

import pytest
from django.core.exceptions import ValidationError

from tests.factories.conference import document
from tests.factories.delegations import visit
from tests.factories.exchanges import meeting
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db
FACTORIES = {"SEM": seminar, "DOC": document, "VIS": visit, "MTG": meeting}
MESSAGE = "Enter the prefix and at least 4 digits, for example SEM-0001."


@pytest.mark.parametrize("prefix", FACTORIES)
@pytest.mark.parametrize(
    "number",
    [
        "00005",
        "9999999",
        "000001",
        "１２３４",
        "٠٠٠١",
        "0001\n",
        "001",
        "",
        "0001 ",
        "+001",
        "1.00",
    ],
)
def test_noncanonical_code_is_rejected(prefix, number):
    record = FACTORIES[prefix](f"{prefix}-0001")
    record.code = f"{prefix}-{number}"

    with pytest.raises(ValidationError) as error:
        record.full_clean()

    assert error.value.message_dict == {"code": [MESSAGE]}


@pytest.mark.parametrize("prefix", FACTORIES)
@pytest.mark.parametrize("written", ["XXX-0001", "{}0001", " {}-0001", "x{}-0001"])
def test_code_with_other_prefix_is_rejected(prefix, written):
    record = FACTORIES[prefix](f"{prefix}-0001")
    record.code = written.format(prefix)

    with pytest.raises(ValidationError, match="for example SEM-0001"):
        record.full_clean()


@pytest.mark.parametrize("prefix", FACTORIES)
@pytest.mark.parametrize("number", ["0001", "0000", "9999", "12345", "999999"])
def test_canonical_code_is_accepted(prefix, number):
    record = FACTORIES[prefix](f"{prefix}-{number}")

    record.full_clean()

    assert record.code == f"{prefix}-{number}"
