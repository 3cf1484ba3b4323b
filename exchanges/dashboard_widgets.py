"""Dashboard widgets of border liaison: what is due, and what is without an answer."""

from textwrap import shorten

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchanges.meeting_schedule import (
    ExpectedMeeting,
    get_expected_meeting,
    get_next_planned_meeting,
)
from exchanges.models import AgreedAction, CoordinationRequest, Mechanism
from portal.core.accounts.dashboard import (
    DashboardItem,
    DashboardWidget,
    WidgetPosition,
)
from portal.core.translations.dates import format_day, format_period
from portal.core.translations.localized_text import get_active_language, localized


def _get_due_action_items(user, at, limit: int) -> list[DashboardItem]:
    """Return dashboard items for open agreed actions that are due, oldest first.

    The list is empty for users without permission to change meetings.
    """
    if not user.has_perm("exchanges.change_meeting"):
        return []
    due = AgreedAction.objects.due_by(timezone.localdate(at)).select_related("meeting")
    return [
        _build_dashboard_item(action) for action in due.order_by("due_on", "pk")[:limit]
    ]


def _build_dashboard_item(action: AgreedAction) -> DashboardItem:
    url = reverse("admin:exchanges_meeting_change", args=[action.meeting_id])
    text = localized(action, "text", get_active_language())
    return DashboardItem(
        name=f"{action.meeting.code} {shorten(str(text or ''), 80, placeholder='…')}",
        url=url,
        note=gettext("due by %(day)s")
        % {"day": format_day(action.due_on, get_active_language())},
    )


def _get_unanswered_request_items(user, at, limit: int) -> list[DashboardItem]:
    """Return dashboard items for coordination requests without an answer, oldest first.

    The list is empty for users without permission to change coordination requests.
    """
    if not user.has_perm("exchanges.change_coordinationrequest"):
        return []
    pending = CoordinationRequest.objects.filter(answered_on=None)
    ordered = pending.select_related("mechanism").order_by("received_on", "pk")
    return [_build_request_item(request) for request in ordered[:limit]]


def _build_request_item(request: CoordinationRequest) -> DashboardItem:
    url = reverse("admin:exchanges_coordinationrequest_change", args=[request.pk])
    values = {
        "kind": request.get_request_kind_display(),
        "direction": request.get_direction_display(),
        "day": format_day(request.received_on, get_active_language()),
    }
    text = gettext("%(kind)s, %(direction)s, received on %(day)s")
    return DashboardItem(str(request.mechanism), url, text % values)


def _get_overdue_meeting_items(user, at, limit: int) -> list[DashboardItem]:
    """Return dashboard items for mechanisms whose next meeting is overdue.

    A meeting is overdue if the interval since the last one is over and none is planned.
    The list is empty for users without permission to change meetings.
    """
    if not user.has_perm("exchanges.change_meeting"):
        return []
    today = timezone.localdate(at)
    mechanisms = Mechanism.objects.filter(rhythm_months__isnull=False)
    overdue = []
    for mechanism in mechanisms.prefetch_related("meetings"):
        meetings = list(mechanism.meetings.all())
        expected = get_expected_meeting(mechanism, meetings, today)
        is_planned = get_next_planned_meeting(meetings, today) is not None
        if expected and expected.is_overdue and not is_planned:
            overdue.append((expected, mechanism))
    overdue.sort(key=lambda row: (row[0].expected_period.first, row[1].key))
    return [_build_meeting_item(*row) for row in overdue[:limit]]


def _build_meeting_item(
    expected: ExpectedMeeting, mechanism: Mechanism
) -> DashboardItem:
    period = expected.expected_period
    day = format_period(period.first, None, period.precision, get_active_language())
    return DashboardItem(
        str(mechanism),
        reverse("admin:exchanges_mechanism_change", args=[mechanism.pk]),
        gettext("a meeting was expected by %(day)s") % {"day": day},
    )


WIDGETS = (
    DashboardWidget(
        "actions",
        _("Agreed actions due"),
        WidgetPosition.DUE,
        hint=_("Find out whether it was done, and enter the result in the meeting."),
        get_items=_get_due_action_items,
    ),
    DashboardWidget(
        "requests",
        _("Requests without an answer"),
        WidgetPosition.DUE,
        hint=_("Enter the day and the result of the answer when it has come."),
        get_items=_get_unanswered_request_items,
        list_url_name="admin:exchanges_coordinationrequest_changelist",
    ),
    DashboardWidget(
        "meetings",
        _("Meetings overdue"),
        WidgetPosition.DUE,
        hint=_("Enter the meeting if it took place or is planned."),
        get_items=_get_overdue_meeting_items,
    ),
)
