"""The way in for an office whose only administrator has lost everything."""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.factors import has_second_factor
from portal.history.models import Deed
from tests.factories import publishing as states
from tests.signing_in import with_app

pytestmark = pytest.mark.django_db


def _reset(name: str) -> None:
    call_command("reset_second_factor", name, stdout=io.StringIO())


def test_command_takes_the_factor_away_and_says_so():
    chief = with_app(states.staff("sample.chief"))

    _reset("sample.chief")

    assert not has_second_factor(chief)
    (deed,) = Deed.objects.about(chief)
    assert (deed.verb, deed.by.username) == ("reset", "system:operator")


@pytest.mark.parametrize("name", ["nobody", "system:tests"])
def test_command_knows_people_only(name):
    states.actor()

    with pytest.raises(CommandError):
        _reset(name)
