"""The public form “Report a problem”: accepted and rejected input, and stored data."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from portal.content.publishing.models import ErrorReport
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.views.public_forms import MAX_PER_HOUR
from tests.factories.publishing import published
from tests.factories.seminars import seminar
from tests.page_html import text_of

pytestmark = pytest.mark.django_db
FORM = "/en/report/"
PAGE = "/en/seminars/SEM-0001/"
TEXT = "The year is wrong."


@pytest.fixture
def clock(time_machine):
    """Stop the clock and return it; ``submit_form`` moves it forward by a minute."""
    time_machine.move_to("2026-03-15T12:00:00Z", tick=False)
    return time_machine


def opened(client, address=FORM) -> str:
    html = client.get(address).content.decode()
    return re.search(r'name="opened" value="([^"]+)"', html)[1]


def sent(client, clock, address=FORM, *, seconds=60, headers=None, **values):
    data = {"opened": opened(client, address), "text": TEXT, **values}
    clock.shift(seconds)
    return client.post(address, data, headers=headers)


def test_report_is_saved_and_reader_is_thanked(client, clock):
    response = sent(client, clock, page=PAGE, email="reader@example.org")

    assert (response.status_code, response["Location"]) == (303, "/en/report/?sent=1")
    report = ErrorReport.objects.get()
    assert (report.text, report.page, report.language) == (TEXT, PAGE, "en")
    assert report.email == "reader@example.org"
    assert report.received_at.isoformat() == "2026-03-15T12:01:00+00:00"
    assert "<h1>Thank you</h1>" in text_of(client, response["Location"])


@pytest.mark.parametrize("code", LANGUAGES_BY_CODE)
def test_report_is_accepted_in_every_language(client, clock, code):
    response = sent(client, clock, f"/{code}/report/")

    assert response["Location"] == f"/{code}/report/?sent=1"
    assert ErrorReport.objects.get().language == code


def test_form_is_not_cached_and_sets_no_cookie(client, clock):
    strict = Client(enforce_csrf_checks=True)
    responses = [client.get(FORM), sent(strict, clock), sent(strict, clock, text="")]

    assert [response.status_code for response in responses] == [200, 303, 400]
    for response in responses:
        assert response["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.get("Vary", "")


def test_form_shows_the_page_that_it_is_about(client):
    html = text_of(client, f"{FORM}?page={PAGE}")

    assert f'<input type="hidden" name="page" value="{PAGE}">' in html
    assert f'<a href="{PAGE}">{PAGE}</a>' in html


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "//evil.example/en/",
        "/\\evil.example/en/",
        "/en/\\evil",
        "/en/none/",
        "/admin/",
        "/xx/news/",
        "en/news/",
        "javascript:alert(1)",
        "/en/news/%0a",
        "/en/news/" + "x" * 400 + "/",
    ],
)
def test_page_that_is_not_ours_is_ignored_in_the_address_and_refused_in_the_form(
    client, clock, page
):
    html = text_of(client, f"{FORM}?page={page}")
    own = text_of(client, f"{FORM}?page={PAGE}&page={page}")
    stamp = opened(client)
    clock.shift(60)
    values = {"text": TEXT, "opened": stamp, "page": page.replace("%0a", "\n")}
    response = client.post(FORM, values)

    assert 'name="page"' not in html
    assert f'name="page" value="{PAGE}"' in own
    assert response.status_code == 400
    assert not ErrorReport.objects.exists()


def test_last_page_in_the_address_counts(client):
    html = text_of(client, f"{FORM}?page=/en/news/&page={PAGE}&from=singlemessage")

    assert f'name="page" value="{PAGE}"' in html
    assert html.count('name="page"') == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"text": ""}, "text", "Enter details of the problem."),
        ({"text": " \r\n\x00"}, "text", "Enter details of the problem."),
        (
            {"text": "x" * 2001},
            "text",
            "Your report must be 2000 characters or fewer. You entered 2001.",
        ),
        (
            {"email": "nobody"},
            "email",
            (
                "Enter an email address in the correct format, like name@example.org, "
                "or leave it blank."
            ),
        ),
    ],
)
def test_error_is_shown_in_summary_and_at_field(client, clock, values, field, message):
    data = {"text": "My words", "email": "reader@example.org", **values}

    response = sent(client, clock, page=PAGE, **data)

    html = " ".join(response.content.decode().split())
    assert response.status_code == 400
    assert html.startswith("<!DOCTYPE html>")
    assert "<title>Error: " in html
    assert f'<li><a href="#report-{field}">{message}</a></li>' in html
    assert f'id="report-{field}-error"> {message} </p>' in html
    assert (
        f'aria-invalid="true" '
        f'aria-describedby="report-{field}-hint report-{field}-error"'
    ) in html
    assert f'<input type="hidden" name="page" value="{PAGE}">' in html
    if field == "email":
        assert ">My words</textarea>" in html.replace("> My", ">My")
        assert 'value="nobody"' in html
    else:
        assert 'value="reader@example.org"' in html
    assert not ErrorReport.objects.exists()


def test_invisible_text_is_rejected(client, clock):
    page = sent(client, clock, text="\u200b \u2060")

    assert page.status_code == 400
    assert not ErrorReport.objects.exists()


def test_line_breaks_count_as_one_character_for_length_limit(client, clock):
    sent(client, clock, text="x\r\n" * 999 + "xx")

    assert len(ErrorReport.objects.get().text) == 2000


def test_markup_in_report_is_escaped(client, clock):
    response = sent(client, clock, text="<script>x</script>" * 200)

    assert "<script>x</script>" not in response.content.decode()


@pytest.mark.parametrize(
    "stamp", ["", "1773576000", "1773576000:x", "é:\x00", "x" * 9999]
)
def test_forged_timestamp_keeps_input_and_saves_nothing(client, clock, stamp):
    response = sent(client, clock, opened=stamp)

    assert response.status_code == 400
    assert "The form was open for too long." in response.content.decode()
    assert f"{TEXT}</textarea>" in response.content.decode()
    assert not ErrorReport.objects.exists()


def test_expired_form_keeps_input_and_can_be_resubmitted(client, clock):
    late = sent(client, clock, seconds=24 * 3600 + 1)
    html = late.content.decode()
    stamp = re.search(r'name="opened" value="([^"]+)"', html)[1]
    clock.shift(10)

    second = client.post(FORM, {"opened": stamp, "text": TEXT})

    assert (late.status_code, second.status_code) == (400, 303)
    assert f"{TEXT}</textarea>" in html


@pytest.mark.parametrize(("seconds", "status"), [(2, 400), (3, 303), (86400, 303)])
def test_form_is_accepted_only_within_time_window(client, clock, seconds, status):
    assert sent(client, clock, seconds=seconds).status_code == status
    assert ErrorReport.objects.count() == (status == 303)


def test_too_early_form_keeps_its_timestamp(client, clock):
    stamp = opened(client)

    early = client.post(FORM, {"opened": stamp, "text": TEXT})
    clock.shift(5)
    second = client.post(FORM, {"opened": stamp, "text": TEXT})

    assert stamp in early.content.decode()
    assert second.status_code == 303


def test_filled_honeypot_is_rejected(client, clock):
    response = sent(client, clock, website="https://spam.example/")

    assert response.status_code == 400
    assert not ErrorReport.objects.exists()


def test_honeypot_is_hidden_without_inline_style(client):
    trap = text_of(client, FORM).split('<div class="visually-hidden"')[1]
    trap = trap.split("</div>")[0]

    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap
    assert "style=" not in trap


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "https://evil.example"}, 400),
        ({"origin": "null"}, 400),
        ({"origin": "https://testserver"}, 400),
        ({"sec-fetch-site": "cross-site"}, 400),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, 400),
    ],
)
def test_cross_origin_form_is_rejected(client, clock, headers, status):
    response = sent(client, clock, headers=headers)

    assert response.status_code == status
    assert ErrorReport.objects.count() == (status == 303)


def test_reports_per_network_are_rate_limited(client, clock):
    responses = [sent(client, clock) for _ in range(MAX_PER_HOUR + 1)]
    from_other_network = sent(Client(REMOTE_ADDR="192.0.2.7"), clock)

    assert [a.status_code for a in responses] == [303] * MAX_PER_HOUR + [429]
    assert responses[-1]["Retry-After"] == "3600"
    assert responses[-1]["Cache-Control"] == "no-store"
    assert f"{TEXT}</textarea>" in responses[-1].content.decode()
    assert from_other_network.status_code == 303
    assert ErrorReport.objects.count() == MAX_PER_HOUR + 1


def test_ipv6_prefix_shares_rate_limit(client, clock):
    for host_number in range(MAX_PER_HOUR):
        sent(Client(REMOTE_ADDR=f"2001:db8:1:2::{host_number + 1:x}"), clock)

    same_prefix = sent(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), clock)
    other_prefix = sent(Client(REMOTE_ADDR="2001:db8:1:3::1"), clock)

    assert (same_prefix.status_code, other_prefix.status_code) == (429, 303)


def test_client_ip_is_not_stored(clock, monkeypatch):
    calls = []
    original = cache.add
    monkeypatch.setattr(
        cache, "add", lambda *a, **k: calls.append(a) or original(*a, **k)
    )

    sent(Client(REMOTE_ADDR="192.0.2.7"), clock)

    assert calls
    assert "192.0.2.7" not in str(calls)
    assert "192.0.2.7" not in str(list(ErrorReport.objects.values()))


def test_record_page_links_to_report_form(client, clock):
    published(seminar("SEM-0001"))

    html = text_of(client, PAGE)

    assert html.count(f'href="/en/report/?page={PAGE}"') == 2
    assert "Report a problem with this page" in html


def test_404_page_links_to_report_form_without_url(client):
    html = client.get("/en/none/").content.decode()

    assert 'href="/en/report/"' in html


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_form_allows_get_and_post_only(client, method):
    response = getattr(client, method)(FORM)

    assert (response.status_code, response["Allow"]) == (
        405,
        "GET, POST, HEAD, OPTIONS",
    )
