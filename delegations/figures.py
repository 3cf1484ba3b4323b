"""Statistical indicators of delegation visits."""

from django.utils.translation import gettext_lazy as _

from delegations.choices import Direction
from portal.content.figures.choices import FigureSubject
from portal.content.figures.registry import Indicator, register_indicator
from portal.content.publishing.choices import Scope

register_indicator(
    Indicator(
        code="visits-in",
        label=_("Visits to China"),
        definition=_(
            "Visits to China by delegations of prosecuting organs and of their "
            "training institutions that are over. Related visits of other organs are "
            "listed but not counted, because they are not by prosecutors; planned, "
            "postponed and cancelled visits are left out, because they did not take "
            "place. A visit counts for both countries."
        ),
        kind="visit",
        filters={
            "scope": Scope.PROSECUTORS.value,
            "direction": Direction.INBOUND.value,
        },
        reported_subject=FigureSubject.VISITS_INBOUND.value,
    )
)
register_indicator(
    Indicator(
        code="visits-out",
        label=_("Visits from China"),
        definition=_(
            "Visits from China by delegations of prosecuting organs and of their "
            "training institutions that are over. Related visits of other organs are "
            "listed but not counted, because they are not by prosecutors; planned, "
            "postponed and cancelled visits are left out, because they did not take "
            "place. A visit counts for both countries."
        ),
        kind="visit",
        filters={
            "scope": Scope.PROSECUTORS.value,
            "direction": Direction.OUTBOUND.value,
        },
        reported_subject=FigureSubject.VISITS_OUTBOUND.value,
    )
)
