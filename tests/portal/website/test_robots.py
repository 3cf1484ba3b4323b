import re

import pytest
from django.utils import timezone


def test_robots_txt_disallows_staff_and_unbounded_urls(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Allow: /",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /*/search/?",
        "Disallow: /*/search/suggest/",
        "Disallow: /*/calendar/?",
        "Disallow: /*/report/?",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.parametrize(
    ("email", "contacts"),
    [
        ("", ["http://testserver/en/contact/"]),
        (
            "office@example.org",
            ["mailto:office@example.org", "http://testserver/en/contact/"],
        ),
    ],
)
def test_security_txt_has_contact(client, settings, email, contacts):
    settings.CONTACT_EMAIL = email

    text = client.get("/.well-known/security.txt").content.decode()

    assert re.findall("(?m)^Contact: (.*)$", text) == contacts
    assert "Preferred-Languages: zh, en\n" in text
    assert "Canonical: http://testserver/.well-known/security.txt\n" in text


def test_security_txt_expires_in_some_months(client):
    text = client.get("/.well-known/security.txt").content.decode()

    [expires] = re.findall("(?m)^Expires: (.*)$", text)
    validity = timezone.datetime.fromisoformat(expires) - timezone.now()
    assert 140 < validity.days < 366
