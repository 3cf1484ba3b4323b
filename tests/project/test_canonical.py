"""The address of a record in another letter case redirects to the record."""

import pytest

from tests.failures import collect_failures
from tests.project.url_table import PUBLIC

pytestmark = pytest.mark.django_db
RECORDS = [
    route
    for route, row in PUBLIC.items()
    if row.kind and not row.is_list and route.startswith("<lang>/")
]


def test_record_is_found_in_another_letter_case(address, client):
    with collect_failures() as failures:
        for route in RECORDS:
            correct = address(PUBLIC[route].example)
            endings = [""] if "<path:page>" in route else ["", "print/", "card.png"]
            for target in (correct + ending for ending in endings):
                for path in _spellings(target):
                    with failures.isolated_case(path):
                        answer = client.get(f"{path}?a=b")
                        assert answer.status_code == 301
                        assert answer["Location"] == f"{target}?a=b"


def _spellings(path: str) -> tuple[str, ...]:
    return path.upper(), path.swapcase(), f"{path}。", f"{path}）/"
