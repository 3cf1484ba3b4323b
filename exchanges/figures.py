"""Statistical indicators of border meetings."""

from django.utils.translation import gettext_lazy as _

from portal.content.figures.choices import FigureSubject
from portal.content.figures.registry import Indicator, register_indicator

register_indicator(
    Indicator(
        code="border-meetings",
        label=_("Border meetings"),
        definition=_(
            "Meetings of the procuratorates of China and of a neighbouring country "
            "that are over. The standing arrangements under which they meet are "
            "listed but not counted, because they are no events; planned, postponed "
            "and cancelled meetings are left out, because they did not take place. A "
            "meeting counts for every country that is on record for it."
        ),
        kind="meeting",
        reported_subject=FigureSubject.MEETINGS.value,
    )
)
