"""Each address of a record, in another letter case, leads to the record."""

import pytest

from tests.house.addresses import PUBLIC

pytestmark = pytest.mark.django_db
RECORDS = [
    route
    for route, one in PUBLIC.items()
    if one.kind and not one.is_list and route.startswith("<lang>/")
]


@pytest.mark.parametrize("route", RECORDS)
def test_record_is_found_in_another_letter_case(route, address, client):
    correct = address(PUBLIC[route].example)
    endings = [""] if "<path:page>" in route else ["", "print/", "card.png"]

    for ending in endings:
        target = correct + ending
        for path in (target.upper(), target.swapcase(), f"{target}。", f"{target}）/"):
            answer = client.get(f"{path}?a=b")

            assert (answer.status_code, answer["Location"]) == (301, f"{target}?a=b")
