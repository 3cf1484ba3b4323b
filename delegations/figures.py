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
            "Completed visits to China by delegations of prosecution authorities and "
            "their training institutions. Related visits by other organisations are "
            "listed but not counted. Planned, postponed and cancelled visits are not "
            "counted. Each visit counts once for each of the 2 countries."
        ),
        kind="visit",
        filters={
            "scope": Scope.PROSECUTORS.value,
            "direction": Direction.INBOUND.value,
        },
        reported_subjects=(
            FigureSubject.VISITS_INBOUND.value,
            FigureSubject.VISIT_COUNTRIES.value,
        ),
    )
)
register_indicator(
    Indicator(
        code="visits-out",
        label=_("Visits from China"),
        definition=_(
            "Completed visits from China by delegations of prosecution authorities "
            "and their training institutions. Related visits by other organisations "
            "are listed but not counted. Planned, postponed and cancelled visits are "
            "not counted. Each visit counts once for each of the 2 countries."
        ),
        kind="visit",
        filters={
            "scope": Scope.PROSECUTORS.value,
            "direction": Direction.OUTBOUND.value,
        },
        reported_subjects=(FigureSubject.VISITS_OUTBOUND.value,),
    )
)
