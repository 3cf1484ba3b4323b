"""The verbs of error reports: a reader sends one, a member of staff deals with it."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.choices import Verb
from portal.publishing.choices import ReportState
from portal.publishing.models import ErrorReport
from portal.publishing.operations import WrongState


@transaction.atomic
def receive(
    *, text: str, page: str, language: str, email: str, at: dt.datetime
) -> ErrorReport:
    """Keep what a reader wrote; the form has checked it."""
    return ErrorReport.objects.create(
        text=text, page=page, language=language, email=email, received_at=at
    )


@transaction.atomic
def close(report: ErrorReport, *, by, at: dt.datetime) -> None:
    """Say that a report is dealt with. Its sender's e-mail address is erased.

    Raises WrongState when it was dealt with before.
    """
    locked = models.QuerySet(ErrorReport).select_for_update(of=("self",))
    report.refresh_from_db(from_queryset=locked)
    if report.state == ReportState.DONE:
        raise WrongState(
            _("“%(report)s” is dealt with already.") % {"report": str(report)}
        )
    report.state, report.email = ReportState.DONE, ""
    report.handled_by, report.handled_at = by, at
    report.save()
    history.append(report, verb=Verb.HANDLED, by=by, at=at)
