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
            "Completed seminars and training courses for prosecutors. Related events "
            "for other officials are listed but not counted. Planned, postponed and "
            "cancelled seminars and courses are not counted. Each one counts once "
            "for each country that took part and for the host country."
        ),
        kind="seminar",
        filters={"scope": Scope.PROSECUTORS.value},
        reported_subjects=(FigureSubject.SEMINARS.value,),
    )
)
register_indicator(
    Indicator(
        code="seminar-participants",
        label=_("Seminar participants"),
        definition=_(
            "The total number of participants that sources give for the seminars "
            "counted here. Seminars with no known number are not in the total and "
            "are counted separately. All participants are counted for each country "
            "of a seminar, because the sources do not give numbers by country."
        ),
        kind="seminar",
        filters={"scope": Scope.PROSECUTORS.value},
        measure=Measure.PARTICIPANTS,
    )
)
