"""Admin form for redirects from addresses of the old sites."""

import pytest
from django.urls import reverse

from portal.content.publishing.models import Redirect
from tests.admin_forms import errors, token_for
from tests.factories.publishing import redirect, staff

pytestmark = pytest.mark.django_db
ADD = reverse("admin:publishing_redirect_add")
OLD = "/ywb/atc/201808/t20180829_2341791.shtml"
NEW = "/en/about/conference/"


@pytest.fixture(autouse=True)
def staff_client(client):
    client.force_login(staff(is_superuser=True))


@pytest.mark.parametrize("old", [OLD, "/2025-09/03/c_1122009.htm"])
@pytest.mark.parametrize("new", [NEW, "/zh-hans/news/?year=2019", "/fil/countries/vn/"])
def test_redirect_is_created_and_followed(client, old, new):
    saved_response = client.post(
        ADD, token_for(client, ADD) | {"old_path": old, "new_path": new}
    )

    response = client.get(old)

    assert saved_response.status_code == 302, errors(saved_response)
    assert (response.status_code, response["Location"]) == (301, new)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (OLD, OLD, "__all__"),
        (OLD, "/ywb/other.shtml", "new_path"),
        (OLD, "/2025-09/03/c_1122009.htm", "new_path"),
        (OLD, "//evil.example/en/", "new_path"),
        (OLD, "https://evil.example/en/", "new_path"),
        (OLD, "/en/no-such-part/", "new_path"),
        (OLD, "/about/conference/", "new_path"),
        ("/en/news/", NEW, "old_path"),
        ("/ywb/", NEW, "old_path"),
        ("/2025-9/03/c_1.htm", NEW, "old_path"),
        ("https://www.ca-pgc.org/ywb/x.shtml", NEW, "old_path"),
        ("", NEW, "old_path"),
    ],
)
def test_invalid_redirect_is_field_error(client, old, new, field):
    response = client.post(
        ADD, token_for(client, ADD) | {"old_path": old, "new_path": new}
    )

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not Redirect.objects.exists()


def test_redirect_loop_is_rejected(client):
    redirect(OLD, NEW)

    response = client.post(
        ADD, token_for(client, ADD) | {"old_path": "/ywb/other.shtml", "new_path": OLD}
    )

    assert list(response.context["adminform"].form.errors) == ["new_path"]


def test_duplicate_old_path_is_rejected(client):
    redirect(OLD, NEW)

    response = client.post(
        ADD, token_for(client, ADD) | {"old_path": OLD, "new_path": "/en/news/"}
    )

    assert list(response.context["adminform"].form.errors) == ["old_path"]
