"""Languages to be chosen at the desk, each in its own script."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.languages import LANGUAGES
from tests.signing_in import confirmed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["seminars/seminar", "accounts/user"])
def test_languages_to_be_ticked_are_marked_as_such(name, desk, admin_user):
    page = confirmed(Client(), admin_user).get(_change(desk[name])).content.decode()

    for language in LANGUAGES:
        assert f'<span lang="{language.tag}">{language.own_name}</span></label>' in page


def _change(row) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
