import pytest
from django.contrib.auth import authenticate

from portal.accounts.models import User
from tests.signing_in import give_password, is_signed_in

pytestmark = pytest.mark.django_db


def test_actor_is_made_once():
    first, second = User.objects.actor("record"), User.objects.actor("record")

    assert first == second
    assert first.username == "system:record"
    assert (first.is_actor, first.is_active, first.is_staff) == (True, False, False)


@pytest.mark.parametrize("password", ["", "!", "system:record"])
def test_actor_cannot_sign_in(client, password):
    actor = User.objects.actor("record")

    answer = give_password(client, actor.username, password)

    assert not actor.has_usable_password()
    assert authenticate(username=actor.username, password=password) is None
    assert answer.status_code == 200
    assert not is_signed_in(client)


def test_actor_with_a_password_cannot_sign_in_either(client):
    actor = User.objects.actor("record")
    actor.set_password("sample-password")
    actor.save()

    answer = give_password(client, actor.username)

    assert authenticate(username=actor.username, password="sample-password") is None
    assert answer.status_code == 200
    assert not is_signed_in(client)
