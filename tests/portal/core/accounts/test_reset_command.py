"""Command reset_second_factor, for a sole administrator who lost all factors."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from portal.core.accounts.models import User
from portal.core.accounts.second_factors import has_second_factor
from portal.core.audit.models import Deed
from tests.factories import publishing as states
from tests.sign_in import with_app

pytestmark = pytest.mark.django_db


def _reset(*arguments: str) -> str:
    printed = io.StringIO()
    call_command("reset_second_factor", *arguments, stdout=printed)
    return printed.getvalue()


def test_command_removes_second_factor_and_reports_it():
    chief = with_app(states.staff("sample.chief"))

    _reset("sample.chief")

    assert not has_second_factor(chief)
    entries = Deed.objects.for_record(chief).order_by("position")
    assert list(entries.values_list("verb", "by__username")) == [
        ("reset", "system:operator"),
        ("enrolment_link", "system:operator"),
    ]


def test_command_prints_a_link_by_which_a_new_factor_is_set_up(client):
    with_app(states.staff("sample.chief"))

    printed = _reset("sample.chief")

    path = re.search(r"http://localhost:8000(/accounts/enrolment/\S+/)", printed)[1]
    assert client.get(path).status_code == 200


def test_reset_of_a_closed_account_prints_no_link():
    closed_user = with_app(states.staff("sample.gone"))
    User.objects.filter(pk=closed_user.pk).update(is_active=False)

    printed = _reset("sample.gone")

    assert not has_second_factor(closed_user)
    assert "No one-time link was created" in printed


def test_host_that_cannot_be_used_stops_the_reset():
    chief = with_app(states.staff("sample.chief"))

    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        _reset("sample.chief", "--host=elsewhere.example")

    assert has_second_factor(chief)


@pytest.mark.parametrize("name", ["nobody", "system:tests"])
def test_command_rejects_unknown_and_system_users(name):
    states.actor()

    with pytest.raises(CommandError):
        _reset(name)
