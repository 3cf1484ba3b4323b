"""Titles of meetings, formed from their facts."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from exchanges.models import Meeting
from portal.content.catalogue.title_names import TitleNames, build_title
from portal.content.publishing.links import Link
from portal.core.translations.dates import format_iso_date
from portal.core.translations.localized_text import LocalizedText

MEETING_TITLE_KEYS = {"country": ("other",)}


def meeting_title_facts(meeting: Meeting, _links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of a meeting is formed.

    ``other`` is the ISO code of the other side's country, ``number`` the number in the
    series, and ``date`` the month or year.
    """
    return {
        "other": meeting.other_country.iso2 if meeting.other_country else "",
        "number": meeting.series_number,
        "date": meeting.period.iso_month,
    }


def meeting_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a meeting in the active language.

    Example: ``Meeting of procuratorates of China and Viet Nam, number 2, November
    2019``. One side of a meeting is always China. None if the other country has no name
    in the language.
    """
    values = {
        "country": names.get("country", facts["other"]),
        "number": facts["number"],
    }
    if not values["country"]:
        return None
    if date := facts.get("date"):
        values["date"] = format_iso_date(date, names.language)
    return build_title(_get_message(values), values, language=names.language)


def _get_message(values: Mapping) -> str:
    is_dated = "date" in values
    if values["number"] is None:
        if is_dated:
            return _("Meeting of procuratorates of China and %(country)s, %(date)s")
        return _("Meeting of procuratorates of China and %(country)s")
    if is_dated:
        return _(
            "Meeting of procuratorates of China and %(country)s, number %(number)s, "
            "%(date)s"
        )
    return _("Meeting of procuratorates of China and %(country)s, number %(number)s")
