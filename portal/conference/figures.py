"""Statistical indicators of the Conference: editions and documents."""

from django.utils.translation import gettext_lazy as _

from portal.content.figures.registry import Indicator, register_indicator

register_indicator(
    Indicator(
        code="editions",
        label=_("Editions of the Conference"),
        definition=_(
            "Editions of the Prosecutors-General Conference that are over. Planned, "
            "postponed and cancelled editions are left out, because they did not take "
            "place. An edition counts for the country in which it was held."
        ),
        kind="edition",
    )
)
register_indicator(
    Indicator(
        code="documents",
        label=_("Documents"),
        definition=_(
            "Joint statements, declarations, agreements, memoranda and treaties on "
            "record, by the day on which they were signed or adopted; when they "
            "entered into force does not matter. A document counts for every country "
            "that is a party to it."
        ),
        kind="document",
    )
)
