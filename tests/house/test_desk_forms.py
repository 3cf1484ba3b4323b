"""Every form by which something is added at the desk, as it is shown and sent."""

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.house.crawling import is_ours, path_of, read
from tests.house.desk_world import name_of
from tests.signing_in import confirmed

pytestmark = pytest.mark.django_db

NAMES = sorted(map(name_of, admin.site._registry))


def _address(name: str) -> str:
    return reverse("admin:{}_{}_add".format(*name.split("/")))


@pytest.fixture
def clerk(admin_user) -> Client:
    """Who may do anything, and has just shown the password."""
    return confirmed(Client(), admin_user)


@pytest.fixture
def opened(clerk):
    """A function from ``app/model`` to the answer with its empty form; skips where
    nothing is added by a form."""

    def get(name: str):
        response = clerk.get(_address(name))
        if response.status_code == 403:
            pytest.skip("nothing is added by a form")
        assert response.status_code == 200
        return response

    return get


@pytest.mark.parametrize("name", NAMES)
def test_form_fetches_only_what_is_ours(name, opened):
    page = read(_address(name), opened(name).content.decode())

    # Signs are drawn on the page itself; the other is the desk's own words for scripts.
    made = {_address(name), reverse("admin:jsi18n")}
    files = {path_of(address) for address in page.fetched} - made
    assert [one for one in page.fetched | page.links if not is_ours(one)] == []
    assert [one for one in files if not _is_found(one)] == []
    assert files


def _is_found(path: str) -> bool:
    return finders.find(path.removeprefix("/static/").lstrip("/")) is not None


def test_words_of_a_picture_stand_in_the_switch_of_languages(opened):
    """Its script takes the rows of one text in several languages by their class."""
    response = opened("files/picture")

    page = response.content.decode()
    assert "data-desk-languages" in page
    for code in ("zh_hans", "en", "km"):
        assert f"form-row field-alternative_{code}" in page
    assert "tabs" not in str(response.context["media"])
