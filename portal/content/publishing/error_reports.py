"""Operations on error reports: a visitor submits one, a member of staff closes it."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.content.publishing.choices import ReportState
from portal.content.publishing.models import ErrorReport
from portal.content.publishing.operations import InvalidTransition
from portal.core.audit import operations as audit
from portal.core.audit.choices import AuditAction


@transaction.atomic
def create_error_report(
    *, text: str, page: str, language: str, email: str, at: dt.datetime
) -> ErrorReport:
    """Store a report that the form has validated."""
    return ErrorReport.objects.create(
        text=text, page=page, language=language, email=email, received_at=at
    )


@transaction.atomic
def close_error_report(report: ErrorReport, *, by, at: dt.datetime) -> None:
    """Mark a report as dealt with and erase its sender's email address.

    Raises InvalidTransition if it was closed before.
    """
    locked = models.QuerySet(ErrorReport).select_for_update(of=("self",))
    report.refresh_from_db(from_queryset=locked)
    if report.state == ReportState.DONE:
        raise InvalidTransition(
            _("“%(report)s” has already been dealt with.") % {"report": str(report)}
        )
    report.state, report.email = ReportState.DONE, ""
    report.handled_by, report.handled_at = by, at
    report.save()
    audit.append_entry(report, action=AuditAction.HANDLED, by=by, at=at)
