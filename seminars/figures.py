"""Statistical indicators of seminars and their participants."""

from django.utils.translation import gettext_lazy as _

from portal.content.figures.choices import FigureSubject, Measure
from portal.content.figures.registry import Indicator, register_indicator
from portal.content.publishing.choices import Scope

register_indicator(
    Indicator(
        code="seminars",
        label=_("Seminars"),
        definition=_(
            "Seminars and courses for prosecutors that are over. Related events for "
            "officials of other organs are listed but not counted, because they are "
            "not for prosecutors; planned, postponed and cancelled seminars are left "
            "out, because they did not take place. A seminar counts for every country "
            "that took part and for the one in which it was held."
        ),
        kind="seminar",
        filters={"scope": Scope.PROSECUTORS.value},
        reported_subject=FigureSubject.SEMINARS.value,
    )
)
register_indicator(
    Indicator(
        code="seminar-participants",
        label=_("Participants in seminars"),
        definition=_(
            "The participants that the sources report for the seminars counted here, "
            "added up. Seminars for which no source gives a number are left out of "
            "the sum and counted apart. For every country of a seminar all its "
            "participants count, because the sources do not say how many came from "
            "each."
        ),
        kind="seminar",
        filters={"scope": Scope.PROSECUTORS.value},
        measure=Measure.PARTICIPANTS,
    )
)
