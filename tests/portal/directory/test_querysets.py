import pytest

from portal.directory.models import Place
from tests.factories.directory import place

pytestmark = pytest.mark.django_db


def test_zone_is_that_of_the_first_place():
    place("hong-kong", time_zone="Asia/Hong_Kong")
    place("bangkok", time_zone="Asia/Bangkok")

    assert Place.objects.zone_of(["bangkok", "hong-kong"]) == "Asia/Bangkok"
    assert Place.objects.zone_of([]) == ""
