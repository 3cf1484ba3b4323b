import pytest
from django.contrib.auth import authenticate

from portal.core.accounts.models import User
from tests.sign_in import give_password, is_signed_in

pytestmark = pytest.mark.django_db


def test_system_actor_is_created_once():
    first, second = (
        User.objects.get_system_user("record"),
        User.objects.get_system_user("record"),
    )

    assert first == second
    assert first.username == "system:record"
    assert (first.is_actor, first.is_active, first.is_staff) == (True, False, False)


@pytest.mark.parametrize("password", ["", "!", "system:record"])
def test_actor_cannot_sign_in(client, password):
    actor = User.objects.get_system_user("record")

    response = give_password(client, actor.username, password)

    assert not actor.has_usable_password()
    assert authenticate(username=actor.username, password=password) is None
    assert response.status_code == 200
    assert not is_signed_in(client)


def test_actor_with_a_password_cannot_sign_in_either(client):
    actor = User.objects.get_system_user("record")
    actor.set_password("sample-password")
    actor.save()

    response = give_password(client, actor.username)

    assert authenticate(username=actor.username, password="sample-password") is None
    assert response.status_code == 200
    assert not is_signed_in(client)
