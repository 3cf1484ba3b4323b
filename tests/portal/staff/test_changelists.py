"""Changelists of the staff admin: no request counts the rows of a whole table."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.staff import paginator
from portal.staff.paginator import BoundedPaginator
from seminars.models import Seminar
from tests.factories.directory import place
from tests.factories.publishing import staff
from tests.factories.seminars import seminar
from tests.failures import collect_failures
from tests.portal.staff.changelists import listed_rows, post_to_list, staff_request
from tests.project.url_table import ADMIN_MODELS

pytestmark = pytest.mark.django_db
# COUNT without LIMIT in a subquery, which reads all rows.
UNBOUNDED_COUNT = re.compile(r"COUNT\((?!.*\bLIMIT\b)", re.IGNORECASE | re.DOTALL)


@pytest.fixture
def chief(client):
    client.force_login(staff(is_superuser=True))
    return client


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_changelist_never_counts_whole_table(chief, model):
    """The list without a search is not rendered: its rows are counted before."""
    user = staff("sample.reader", is_superuser=True)
    with CaptureQueriesContext(connection) as captured:
        listed_rows(user, apps.get_model(*model.split("/")), q="")
        chief.get(f"/admin/{model}/", {"q": "sample", "_facets": "True"})

    assert [q["sql"] for q in captured if UNBOUNDED_COUNT.search(q["sql"])] == []


def test_every_changelist_uses_capped_paginator():
    lists = admin.site._registry.values()

    assert {changelist.paginator for changelist in lists} == {BoundedPaginator}
    assert {changelist.show_full_result_count for changelist in lists} == {False}
    assert {changelist.show_facets for changelist in lists} == {admin.ShowFacets.NEVER}


def test_changelist_shows_row_count(chief):
    seminar("SEM-0001")
    seminar("SEM-0002")

    page = chief.get("/admin/seminars/seminar/")

    assert re.search(r'<p class="paginator">\s*Seminars: 2\s', page.content.decode())


def test_changelist_above_cap_says_more_than_cap(chief, monkeypatch):
    monkeypatch.setattr(paginator, "COUNT_LIMIT", 2)
    for number in range(3):
        seminar(f"SEM-{number + 1:04}")

    page = chief.get("/admin/seminars/seminar/").content.decode()

    assert "More than 2. Use filters or search" in page
    assert "Select all 2" not in page


def test_changelist_pages_end_at_cap(monkeypatch):
    monkeypatch.setattr(paginator, "COUNT_LIMIT", 4)
    for number in range(5):
        seminar(f"SEM-{number + 1:04}")

    pages = BoundedPaginator(Seminar.objects.order_by("code"), 2)

    assert (pages.count, pages.has_more, pages.num_pages) == (4, True, 2)
    assert [row.code for row in pages.page(2)] == ["SEM-0003", "SEM-0004"]


def test_autocomplete_never_counts_whole_table(chief):
    seminar("SEM-0001")
    parameters = {
        "app_label": "seminars",
        "model_name": "participant",
        "field_name": "seminar",
        "term": "SEM",
    }

    with CaptureQueriesContext(connection) as captured:
        response = chief.get("/admin/autocomplete/", parameters)

    assert [row["text"] for row in response.json()["results"]] != []
    assert [q["sql"] for q in captured if UNBOUNDED_COUNT.search(q["sql"])] == []


def close_files(response) -> None:
    """Close what a response has open; its ``close`` would end the connection too."""
    for close in response._resource_closers:
        close()


def test_lists_ignore_chosen_keys_that_no_row_can_have():
    """For each action of each list; valid keys in the same selection are processed."""
    user = staff(is_superuser=True)
    row, impossible = seminar(), ["abc", "9" * 40, "1\0", "", "-"]
    actions, request = 0, staff_request(user)
    with collect_failures() as failures:
        for model, model_admin in admin.site._registry.items():
            chosen = [str(row.pk), *impossible] if model is Seminar else impossible
            for action, _label in model_admin.get_action_choices(request):
                actions += 1
                with failures.case(model._meta.label, action):
                    response = post_to_list(
                        user, model, action=action, _selected_action=chosen
                    )
                    assert response.status_code in (200, 302)
                    if "cl" not in (getattr(response, "context_data", None) or {"cl"}):
                        response.render()  # the page on which the action is confirmed
                    if response.streaming:
                        assert response.getvalue()
                        close_files(response)
    assert actions > 40
    assert Seminar.objects.get().status == "in_review"


def test_list_has_the_name_of_its_rows(admin_client):
    """A window in which a row is chosen says so."""
    address = "/admin/directory/place/"

    page, window = admin_client.get(address), admin_client.get(f"{address}?_popup=1")

    assert "<h1>Places</h1>" in page.text
    assert "<title>Places |" in page.text
    assert "<h1>Select place" in window.text


def test_path_names_the_list_once(admin_client):
    """The app and its first list have the same name."""
    record = seminar("SEM-0001", title_en="Sample")
    town = place(name_en="Sample town")
    steps = {
        "/admin/seminars/seminar/": ["Home", "Seminars"],
        "/admin/seminars/seminar/add/": ["Home", "Seminars", "Add seminar"],
        f"/admin/seminars/seminar/{record.pk}/change/": [
            "Home",
            "Seminars",
            "SEM-0001 Sample",
        ],
        f"/admin/seminars/seminar/{record.pk}/history/": [
            "Home",
            "Seminars",
            "SEM-0001 Sample",
            "History",
        ],
        f"/admin/directory/place/{town.pk}/delete/": [
            "Home",
            "Places",
            "Sample town",
            "Delete",
        ],
        "/admin/history/deed/verification/": [
            "Home",
            "Audit log",
            "Verification of the audit log",
        ],
    }
    for address, expected in steps.items():
        page = admin_client.get(address).text
        path = re.search(r'<div class="breadcrumbs">(.*?)</div>', page, re.DOTALL)
        text = re.sub(r"<[^>]+>", "", path.group(1))
        assert [step.strip() for step in text.split("›")] == expected
