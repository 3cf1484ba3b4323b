"""Statistical indicators of border meetings."""

from django.utils.translation import gettext_lazy as _

from portal.content.figures.choices import FigureSubject
from portal.content.figures.registry import Indicator, register_indicator

register_indicator(
    Indicator(
        code="border-meetings",
        label=_("Border meetings"),
        definition=_(
            "Completed meetings between prosecution authorities of China and of a "
            "neighbouring country. Cooperation mechanisms are listed but not "
            "counted. Planned, postponed and cancelled meetings are not counted. "
            "Each meeting counts once for each country that took part."
        ),
        kind="meeting",
        reported_subjects=(FigureSubject.MEETINGS.value,),
    )
)
