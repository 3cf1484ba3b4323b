"""Choices of languages in the admin, each named in its own script."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.languages import LANGUAGES
from tests.failures import collect_failures
from tests.sign_in import confirmed

pytestmark = pytest.mark.django_db


def test_language_checkboxes_carry_lang_attribute(staff_rows, admin_user):
    client = confirmed(Client(), admin_user)

    with collect_failures() as failures:
        for name in ("seminars/seminar", "accounts/user"):
            page = client.get(_change(staff_rows[name])).content.decode()
            for language in LANGUAGES:
                with failures.case(name, language.code):
                    text = f'<span lang="{language.tag}">{language.native_name}</span>'
                    assert f"{text}</label>" in page


def _change(row) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
