"""Error reports: received, dealt with once, and what staff may do to them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.publishing import error_reports
from portal.publishing.choices import ReportState
from portal.publishing.models import ErrorReport
from portal.publishing.operations import WrongState
from tests.factories.publishing import AT, error_report, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=3)
LIST = reverse("admin:publishing_errorreport_changelist")


def test_received_report_is_new_and_keeps_what_was_written():
    error_reports.receive(
        text="The year is wrong.",
        page="/en/seminars/SEM-0001/",
        language="en",
        email="reader@example.org",
        at=AT,
    )

    report = ErrorReport.objects.get()
    assert (report.text, report.page) == (
        "The year is wrong.",
        "/en/seminars/SEM-0001/",
    )
    assert (report.language, report.email) == ("en", "reader@example.org")
    assert (report.state, report.received_at) == (ReportState.NEW, AT)
    assert (report.handled_by, report.handled_at) == (None, None)


def test_closed_report_has_lost_the_address_of_its_sender():
    report, clerk = error_report(email="reader@example.org"), staff()

    error_reports.close(report, by=clerk, at=LATER)

    kept = ErrorReport.objects.get()
    assert (kept.state, kept.email) == (ReportState.DONE, "")
    assert (kept.handled_by, kept.handled_at) == (clerk, LATER)
    assert kept.text == report.text


def test_report_is_closed_once():
    report, clerk = error_report(), staff()
    error_reports.close(report, by=clerk, at=AT)
    stale = ErrorReport(pk=report.pk)

    with pytest.raises(WrongState):
        error_reports.close(stale, by=staff("other"), at=LATER)

    kept = ErrorReport.objects.get()
    assert (kept.handled_by, kept.handled_at) == (clerk, AT)


def test_no_door_leaves_an_address_in_a_closed_report():
    report = error_report(email="reader@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        ErrorReport.objects.filter(pk=report.pk).update(state=ReportState.DONE)


def test_staff_close_reports_by_an_action(client):
    chief = staff(is_superuser=True)
    client.force_login(chief)
    new, done = error_report(email="reader@example.org"), error_report()
    error_reports.close(done, by=chief, at=AT)

    client.post(LIST, {"action": "close", "_selected_action": [new.pk, done.pk]})

    new.refresh_from_db()
    done.refresh_from_db()
    assert (new.state, new.email, new.handled_by) == (ReportState.DONE, "", chief)
    assert done.handled_at == AT


def test_staff_cannot_write_into_a_report(client):
    client.force_login(staff(is_superuser=True))
    report = error_report(email="reader@example.org")
    address = reverse("admin:publishing_errorreport_change", args=[report.pk])

    page = client.get(address)
    client.post(address, {"text": "other", "state": "done", "email": ""})

    assert page.context["adminform"].form.fields == {}
    assert ErrorReport.objects.filter(
        text=report.text, state=ReportState.NEW, email="reader@example.org"
    ).exists()


def test_reports_are_for_staff_with_the_permission(client):
    error_report("A secret remark.")
    client.force_login(staff())

    assert client.get(LIST).status_code == 403
