"""Statistical indicators of the Conference: editions and documents."""

from django.utils.translation import gettext_lazy as _

from portal.content.figures.registry import Indicator, register_indicator

register_indicator(
    Indicator(
        code="editions",
        label=_("Conferences held"),
        definition=_(
            "Completed conferences. Planned, postponed and cancelled conferences are "
            "not counted. Each conference counts for the country where it was held."
        ),
        kind="edition",
    )
)
register_indicator(
    Indicator(
        code="documents",
        label=_("Documents"),
        definition=_(
            "Joint statements, joint declarations, agreements, memoranda of "
            "understanding and treaties, counted by the date they were signed or "
            "adopted, whether or not they are in force. Each document counts once "
            "for each country that is a party."
        ),
        kind="document",
    )
)
