import pytest

from portal.reference.directory.models import Place
from tests.factories.directory import place

pytestmark = pytest.mark.django_db


def test_time_zone_is_taken_from_first_place():
    place("hong-kong", time_zone="Asia/Hong_Kong")
    place("bangkok", time_zone="Asia/Bangkok")

    assert Place.objects.time_zone_of(["bangkok", "hong-kong"]) == "Asia/Bangkok"
    assert Place.objects.time_zone_of([]) == ""
