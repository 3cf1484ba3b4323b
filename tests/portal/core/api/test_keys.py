"""Agency keys: an invalid key returns 401, a valid key reads the public data."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core.accounts import operations
from portal.core.accounts.models import AgencyKey
from portal.core.api.throttles import PublicAPIThrottle
from tests.factories import accounts
from tests.factories.conference import article
from tests.factories.publishing import AT, published, withdrawn

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/api/v1/articles/",
    "/api/v1/articles/opening/",
    "/api/v1/changes/",
    "/api/v1/search/?q=opening",
    "/api/v1/figures/counted/",
    "/api/v1/openapi.json",
)
LIST = ADDRESSES[0]


@pytest.fixture
def plain() -> str:
    """Return the plain text of a key that is valid for one more day."""
    return create_key()


@pytest.fixture(autouse=True)
def opening():
    published(article("opening", title_en="Opening"))


def create_key(agency=None, scope="public") -> str:
    agency = agency or accounts.agency()
    expires = timezone.now() + dt.timedelta(days=1)
    key = AgencyKey(agency=agency, name="Sample key", expiry_date=expires, scope=scope)
    return operations.create_agency_key(key, by=accounts.user(), at=AT)


def keyed(client, plain: str, path: str = LIST, scheme: str = "Api-Key", **headers):
    return client.get(path, headers={"authorization": f"{scheme} {plain}", **headers})


def key_of(plain: str) -> AgencyKey:
    return AgencyKey.objects.get(prefix=plain.partition(".")[0])


def is_refused(response) -> None:
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Api-Key realm="api"'
    assert response["Cache-Control"] == "private, no-store"
    assert (response.json()["status"], response.json()["code"]) == (
        401,
        "authentication-failed",
    )
    assert b"Opening" not in response.content


def test_valid_key_is_answered_like_no_key_but_not_for_shared_caches(client, plain):
    for path in ADDRESSES:
        anonymous, response = client.get(path), keyed(client, plain, path)

        assert (anonymous.status_code, response.status_code) == (200, 200), path
        assert response.content == anonymous.content, path
        assert response["Cache-Control"] == "private, no-store", path
        assert response.get("Vary") == anonymous.get("Vary"), path
        assert response.get("Content-Language") == anonymous.get("Content-Language")
        assert not response.cookies


def test_key_of_any_scope_opens_the_public_data(client):
    assert keyed(client, create_key(scope="training")).status_code == 200


def test_scheme_is_read_in_any_case(client, plain):
    for scheme in ("api-key", "API-KEY", "Api-Key "):
        assert keyed(client, plain, scheme=scheme).status_code == 200


def test_unknown_expired_and_revoked_keys_are_401_everywhere(client, plain):
    expired, revoked, inactive = create_key(), create_key(), create_key()
    AgencyKey.objects.filter(pk=key_of(expired).pk).update(expiry_date=AT)
    operations.revoke_agency_key(key_of(revoked), by=accounts.user(), at=AT)
    agency = key_of(inactive).agency
    agency.is_active = False
    agency.save()
    prefix, _point, secret = plain.partition(".")
    bad = {
        "unknown": f"{'x' * 8}.{secret}",
        "wrong secret": f"{prefix}.{'x' * 32}",
        "expired": expired,
        "revoked": revoked,
        "inactive": inactive,
    }
    details = set()
    for path in ADDRESSES:
        for key in bad.values():
            response = keyed(client, key, path)
            is_refused(response)
            details.add(response.json()["detail"])
            head = client.head(path, headers={"authorization": f"Api-Key {key}"})
            assert (head.status_code, head.content) == (401, b"")
    # All errors have the same message, so they do not reveal which keys exist.
    assert len(details) == 1


def test_malformed_keys_are_401(client, plain):
    prefix, _point, secret = plain.partition(".")
    for value in (
        "Api-Key",
        "Api-Key ",
        "Api-Key .",
        "Api-Key x",
        f"Api-Key {prefix}",
        f"Api-Key {prefix}.",
        f"Api-Key .{secret}",
        f"Api-Key {plain} {plain}",
        f"Api-Key {plain}, Api-Key {plain}",
        f"Api-Key {plain}x",
        f"Api-Key '{plain}'",
        "Api-Key \x00.\x00",
        f"Api-Key {prefix}\x00.{secret}",
        "Api-Key é.ÿ",
        "Api-Key %00.%00",
        f"Api-Key {'x' * 50_000}",
        f"Api-Key xxxxxxxx.{'x' * 50_000}",
        f"api-key\t{plain}\ufffd",
    ):
        is_refused(client.get(LIST, headers={"authorization": value}))


def test_other_schemes_are_anonymous_but_not_for_shared_caches(client, plain):
    for value in ("Basic dXNlcjpwYXNz", f"Bearer {plain}", "x", " "):
        response = client.get(LIST, headers={"authorization": value})

        assert (response.status_code, response["Cache-Control"]) == (
            200,
            "private, no-store",
        )
    assert key_of(plain).last_used_at is None


def test_key_in_the_query_is_an_unknown_parameter(client, plain):
    assert client.get(LIST, {"key": plain}).status_code == 400


def test_errors_of_keyed_requests_are_not_for_shared_caches(client, plain):
    withdrawn(article("gone"))

    for path, status in (
        ("/api/v1/articles/none/", 404),
        ("/api/v1/articles/gone/", 410),
        ("/api/v1/articles/?lang=xx", 400),
        ("/api/v1/nothing/", 404),
    ):
        response = keyed(client, plain, path)

        assert (response.status_code, response["Cache-Control"]) == (
            status,
            "private, no-store",
        )


def test_keyed_answer_is_confirmed_by_its_etag(client, plain):
    etag = keyed(client, plain)["ETag"]

    response = keyed(client, plain, **{"if-none-match": etag})

    assert (response.status_code, response["Cache-Control"]) == (
        304,
        "private, no-store",
    )


def test_key_makes_no_difference_to_pages_and_feeds(client):
    for path in ("/en/news/", "/en/feed.json"):
        response = keyed(client, "x.y", path)

        assert response.status_code == 200
        assert response["Cache-Control"] == client.get(path)["Cache-Control"]


def test_wrong_method_with_a_bad_key_is_405(client):
    headers = {"authorization": "Api-Key x.y"}

    assert client.post(LIST, headers=headers).status_code == 405


def test_bad_keys_count_for_the_request_limit(client, monkeypatch):
    monkeypatch.setattr(PublicAPIThrottle, "rate", "2/min", raising=False)

    responses = [keyed(client, "xxxxxxxx.y") for _three in range(3)]

    assert [response.status_code for response in responses] == [401, 401, 429]


def test_refusal_is_in_the_language_of_the_request(client):
    response = keyed(client, "x.y", f"{LIST}?lang=vi")

    assert (response.status_code, response["Content-Language"]) == (401, "vi")


# --------------------------------------------------- recording the use of a key


def test_use_of_a_key_is_recorded_at_most_once_a_minute(client, plain, time_machine):
    start = timezone.now().replace(microsecond=0)
    recorded, writes = [], []
    for seconds in (0, 1, 59, 61, 62, 130):
        time_machine.move_to(start + dt.timedelta(seconds=seconds), tick=False)
        with CaptureQueriesContext(connection) as queries:
            assert keyed(client, plain).status_code == 200
        used = key_of(plain).last_used_at
        recorded.append((used - start).total_seconds())
        writes.append(sum(q["sql"].startswith("UPDATE") for q in queries))

    assert recorded == [0, 0, 0, 61, 61, 130]
    assert writes == [1, 0, 0, 1, 0, 1]


def test_head_records_the_use_and_a_bad_key_does_not(client, plain):
    prefix = plain.partition(".")[0]
    keyed(client, f"{prefix}.wrong")
    assert key_of(plain).last_used_at is None

    client.head(LIST, headers={"authorization": f"Api-Key {plain}"})
    assert key_of(plain).last_used_at is not None


def test_one_of_two_simultaneous_requests_writes(plain):
    first, second = key_of(plain), key_of(plain)
    later = AT + dt.timedelta(seconds=1)

    operations.record_key_use(first, at=AT)
    operations.record_key_use(second, at=later)

    assert key_of(plain).last_used_at == AT


def test_use_that_cannot_be_recorded_does_not_fail_the_request(client, plain):
    def fail_on_update(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("cannot execute UPDATE in a read-only transaction")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_on_update):
        response = keyed(client, plain)

    assert response.status_code == 200
    assert response.json()["results"][0]["slug"] == "opening"
    assert key_of(plain).last_used_at is None
