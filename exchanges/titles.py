"""Titles of mechanisms and meetings, formed from their facts."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchanges.choices import MechanismKind
from exchanges.models import Mechanism, Meeting
from portal.content.catalogue.title_names import TitleNames, add_details, build_title
from portal.content.publishing.links import Link
from portal.core.translations.interface_language import text_language
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.numbers import format_ordinal_digits

_MECHANISM_TITLES = {
    MechanismKind.REGULAR_MEETING: gettext_lazy(
        "Regular border meeting of the prosecution services of %(sides)s"
    ),
    MechanismKind.DIRECT_COORDINATION: gettext_lazy(
        "Direct cross-border cooperation of the prosecution services of %(sides)s"
    ),
    MechanismKind.BORDER_COOPERATION: gettext_lazy(
        "Border cooperation of the prosecution services of %(sides)s"
    ),
}
MECHANISM_TITLE_KEYS = {
    "place": ("area_a", "area_b"),
    "country": ("country_a", "country_b"),
}
MEETING_TITLE_KEYS = {"country": ("other",)}


def mechanism_title_facts(
    mechanism: Mechanism, links: Mapping[str, Sequence[Link]]
) -> dict:
    """Return the facts from which the title of a mechanism is formed.

    Each side is an area if all its organs are responsible for the same one and it has
    no other parties, else a country. Side A is Chinese.
    """
    other_country = mechanism.other_country
    return {
        "mechanism_kind": mechanism.mechanism_kind,
        "area_a": _get_area(links["side_a_organs"], links["side_a_parties"]),
        "country_a": "CN",
        "area_b": _get_area(links["side_b_organs"], links["side_b_parties"]),
        "country_b": other_country.iso2 if other_country else "",
    }


def _get_area(organs: Sequence[Link], parties: Sequence[Link]) -> str:
    areas = {link.area for link in organs if link.url_path}
    return areas.pop() if len(areas) == 1 and not parties else ""


def mechanism_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a mechanism in the active language.

    Example: ``Regular border meeting of the prosecution services of Guangxi (China) and
    Viet Nam``. None if one of the sides has no name in the language.
    """
    if "mechanism_kind" not in facts:
        # The entry was written by the previous release.
        return None
    sides = names.get_sides(
        (facts[f"area_{side}"], facts[f"country_{side}"]) for side in ("a", "b")
    )
    if not sides:
        return None
    message = str(_MECHANISM_TITLES[MechanismKind(facts["mechanism_kind"])])
    values = {"sides": names.join(sides)}
    return build_title(message, values, language=names.language)


def meeting_title_facts(meeting: Meeting, _links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of a meeting is formed.

    ``other`` is the ISO code of the other side's country, ``number`` the number in the
    series, and ``date`` the period in ISO 8601.
    """
    return {
        "other": meeting.other_country.iso2 if meeting.other_country else "",
        "number": meeting.series_number,
        "date": meeting.period.iso,
    }


def meeting_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a meeting in the active language.

    Example: ``Meeting of procuratorates of China and Viet Nam, number 2 (28 November
    2019)``. One side of a meeting is always China. None if the other country has no
    name in the language.
    """
    number = facts["number"]
    values = {"country": names.get("country", facts["other"])}
    if not values["country"]:
        return None
    if number is None:
        message = _("Meeting of the procuratorates of China and %(country)s")
    else:
        message = _(
            "Meeting of the procuratorates of China and %(country)s, number %(number)s"
        )
        language = text_language(names.language, message)
        values["number"] = format_ordinal_digits(number, language)
    title = build_title(message, values, language=names.language)
    return add_details(title, names, date=facts.get("date", ""))
