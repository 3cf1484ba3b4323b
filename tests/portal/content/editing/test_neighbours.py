"""Links from the form of a record to the records before and after it."""

import pytest
from django.urls import reverse

from tests.factories.conference import edition
from tests.factories.publishing import staff
from tests.factories.seminars import seminar

pytestmark = pytest.mark.django_db


def neighbours(client, record) -> dict[str, tuple[str, str] | None]:
    opts = record._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    page = client.get(reverse(name, args=[record.pk]))
    return {
        rel: (row.code, row.url) if row else None
        for rel, row in page.context["neighbours"].items()
    }


def test_form_links_to_the_records_before_and_after_it(client):
    client.force_login(staff(is_superuser=True))
    # Not in the order of their codes.
    last, first, middle = (
        seminar(f"SEM-{number:04}", title_en="Sample") for number in (9, 1, 5)
    )

    def link(record):
        url = reverse("admin:seminars_seminar_change", args=[record.pk])
        return record.code, url

    assert neighbours(client, first) == {"previous": None, "next": link(middle)}
    assert neighbours(client, middle) == {"previous": link(first), "next": link(last)}
    assert neighbours(client, last) == {"previous": link(middle), "next": None}


def test_numbers_are_in_the_order_of_numbers(client):
    client.force_login(staff(is_superuser=True))
    second, tenth = edition(2), edition(10)

    assert neighbours(client, second)["next"][0] == str(tenth.number)


def test_new_record_has_no_neighbours(client):
    client.force_login(staff(is_superuser=True))
    seminar("SEM-0001")

    page = client.get("/admin/seminars/seminar/add/")

    assert 'rel="next"' not in page.text
