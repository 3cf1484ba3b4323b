"""Error reports: receiving, closing and access by staff."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.content.publishing import error_reports
from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import ErrorReport
from portal.content.publishing.operations import InvalidTransition
from tests.factories.publishing import AT, error_report, staff

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=3)
LIST = reverse("admin:publishing_errorreport_changelist")


def test_received_report_is_new_with_submitted_text():
    error_reports.create_error_report(
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


def test_closing_report_erases_sender_email():
    report, user = error_report(email="reader@example.org"), staff()

    error_reports.close_error_report(report, by=user, at=LATER)

    stored = ErrorReport.objects.get()
    assert (stored.state, stored.email) == (ReportState.DONE, "")
    assert (stored.handled_by, stored.handled_at) == (user, LATER)
    assert stored.text == report.text


def test_closed_report_cannot_be_closed_again():
    report, user = error_report(), staff()
    error_reports.close_error_report(report, by=user, at=AT)
    stale = ErrorReport(pk=report.pk)

    with pytest.raises(InvalidTransition):
        error_reports.close_error_report(stale, by=staff("other"), at=LATER)

    stored = ErrorReport.objects.get()
    assert (stored.handled_by, stored.handled_at) == (user, AT)


def test_database_rejects_email_on_closed_report():
    report = error_report(email="reader@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        ErrorReport.objects.filter(pk=report.pk).update(state=ReportState.DONE)


def test_admin_action_closes_reports(client):
    chief = staff(is_superuser=True)
    client.force_login(chief)
    new, done = error_report(email="reader@example.org"), error_report()
    error_reports.close_error_report(done, by=chief, at=AT)

    client.post(LIST, {"action": "close", "_selected_action": [new.pk, done.pk]})

    new.refresh_from_db()
    done.refresh_from_db()
    assert (new.state, new.email, new.handled_by) == (ReportState.DONE, "", chief)
    assert done.handled_at == AT


def test_report_admin_is_read_only(client):
    client.force_login(staff(is_superuser=True))
    report = error_report(email="reader@example.org")
    url = reverse("admin:publishing_errorreport_change", args=[report.pk])

    page = client.get(url)
    client.post(url, {"text": "other", "state": "done", "email": ""})

    assert page.context["adminform"].form.fields == {}
    assert ErrorReport.objects.filter(
        text=report.text, state=ReportState.NEW, email="reader@example.org"
    ).exists()


def test_report_admin_requires_permission(client):
    error_report("A secret remark.")
    client.force_login(staff())

    assert client.get(LIST).status_code == 403
