"""Login throttle: delays grow with each failure, but no account can be locked out."""

import datetime as dt

import pytest
from django.core.cache import cache

from portal.core.accounts import login_throttle
from portal.core.accounts.models import SignIn
from tests.factories import publishing as states
from tests.sign_in import code, give_code, give_password, is_signed_in, with_app

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


def _fail(client, times, **more):
    for _ in range(times):
        response = give_password(client, password="wrong", **more)
    return response


def _error_message(response) -> str:
    (message,) = response.context["form"].non_field_errors()
    return message


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (2, 0), (3, 5), (4, 10), (5, 20), (9, 320), (11, 900), (1000, 900)],
)
def test_delay_doubles_up_to_15_minutes(failures, seconds):
    delay = login_throttle.FailureCount(failures, AT).delay(
        login_throttle.FREE_FAILURES_PER_ACCOUNT
    )

    assert delay == dt.timedelta(seconds=seconds)


def test_correct_password_is_throttled_too(client):
    states.staff()
    _fail(client, 3)

    response = give_password(client)

    assert "5 seconds" in _error_message(response)
    assert not is_signed_in(client)


def test_throttled_attempt_is_neither_checked_nor_counted(client, clock):
    states.staff()
    _fail(client, 3)

    _fail(client, 10)

    assert SignIn.objects.count() == 3
    clock.shift(5)
    give_password(client)
    assert is_signed_in(client)


def test_next_failure_doubles_delay(client, clock):
    states.staff()
    _fail(client, 3)
    clock.shift(5)

    _fail(client, 1)

    assert "10 seconds" in _error_message(give_password(client))


def test_account_is_not_throttled_from_other_network(client):
    states.staff()
    _fail(client, 20, REMOTE_ADDR="203.0.113.7")

    give_password(client, REMOTE_ADDR="198.51.100.4")

    assert is_signed_in(client)


def test_other_account_is_not_throttled_from_same_network(client):
    states.staff()
    states.staff("sample.other")
    _fail(client, 5)

    give_password(client, "sample.other")

    assert is_signed_in(client)


def test_network_is_throttled_across_accounts(client):
    states.staff()
    for number in range(login_throttle.FREE_FAILURES_PER_NETWORK):
        give_password(client, f"nobody.{number}", "wrong")

    assert "5 seconds" in _error_message(give_password(client))
    give_password(client, REMOTE_ADDR="198.51.100.4")
    assert is_signed_in(client)


def test_successful_login_does_not_reset_network_counter(client):
    states.staff()
    for number in range(login_throttle.FREE_FAILURES_PER_NETWORK - 1):
        give_password(client, f"nobody.{number}", "wrong")
    give_password(client)
    other_client = client.__class__()

    give_password(other_client, "nobody.else", "wrong")

    assert "5 seconds" in _error_message(give_password(other_client))


def test_successful_login_resets_account_network_counter(client):
    states.staff()
    _fail(client, 2)
    give_password(client)
    other_client = client.__class__()

    _fail(other_client, 2)
    give_password(other_client)

    assert is_signed_in(other_client)


def test_failures_expire_after_an_hour(client, clock):
    states.staff()
    _fail(client, 3)

    clock.shift(60 * 60 + 1)
    _fail(client, 2)
    give_password(client)

    assert is_signed_in(client)


def test_throttle_survives_cache_flush(client):
    states.staff()
    _fail(client, 3)
    cache.clear()

    response = give_password(client)

    assert "5 seconds" in _error_message(response)


def test_throttle_works_without_redis(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.core.http.redis_cache.FaultTolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.1},
        }
    }
    states.staff()
    _fail(client, 3)

    response = give_password(client)

    assert "5 seconds" in _error_message(response)
    give_password(client, REMOTE_ADDR="198.51.100.4")
    assert is_signed_in(client)


def test_second_factor_codes_are_throttled_like_passwords(client):
    with_app(states.staff())
    give_password(client)
    for _ in range(3):
        give_code(client, "000000")

    response = give_code(client, code())

    assert "5 seconds" in response.context["form"].errors["code"][0]
    assert not is_signed_in(client)


def test_correct_password_does_not_reset_code_throttle(client):
    with_app(states.staff())
    for _ in range(3):
        give_password(client)
        give_code(client, "000000")

    response = give_password(client.__class__())

    assert "5 seconds" in _error_message(response)


def test_unknown_username_is_throttled_as_a_known_one(client):
    for _ in range(3):
        give_password(client, "nobody", "wrong")

    assert "5 seconds" in _error_message(give_password(client, "nobody", "wrong"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_ipv6_network_is_grouped_by_64_prefix(address, network):
    from portal.core.accounts.client_ip import get_client_network

    assert get_client_network(address) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.4", "127.0.0.1"),
        (1, "198.51.100.4", "198.51.100.4"),
        (1, "10.0.0.1, 198.51.100.4", "198.51.100.4"),
        (2, "198.51.100.4, 203.0.113.7", "198.51.100.4"),
        (1, "not-an-address", ""),
    ],
)
def test_client_ip_trusts_only_configured_proxies(
    rf, settings, proxies, forwarded, expected
):
    from portal.core.accounts.client_ip import get_client_ip

    settings.NUM_PROXIES = proxies

    assert (
        get_client_ip(rf.get("/", headers={"x-forwarded-for": forwarded})) == expected
    )
