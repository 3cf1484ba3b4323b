"""Titles of visits, formed from their facts. They do not name a person."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from delegations.models import Visit
from portal.content.catalogue.title_names import TitleNames, add_details, build_title
from portal.content.publishing.links import Link
from portal.core.translations.localized_text import LocalizedText

VISIT_TITLE_KEYS = {
    "organ": ("from_organ",),
    "place": ("from_area",),
    "country": ("from", "to"),
}


def visit_title_facts(visit: Visit, links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of a visit is formed.

    ``from`` and ``to`` are ISO codes, ``from_organ`` is the key of the organ that
    travelled if there is only one, ``from_area`` the key of the place for which all
    organs that travelled are responsible, and ``date`` is the period in ISO 8601. Both
    are empty if other parties travelled too.
    """
    organs = [link for link in links["from_organs"] if link.url_path]
    is_alone = not links["from_parties"]
    areas = {link.area for link in organs}
    return {
        "from": visit.from_country.iso2,
        "to": visit.to_country.iso2,
        "from_organ": organs[0].key if len(organs) == 1 and is_alone else "",
        "from_area": areas.pop() if len(areas) == 1 and is_alone else "",
        "date": visit.period.iso,
    }


def visit_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a visit in the active language.

    Example: ``Delegation from Viet Nam to China (20–27 July 2009)``. The organ that
    travelled is named instead of its country if it has a name in the language, else the
    area that it is responsible for. A country without a name is left out. None if
    neither country has one.
    """
    area, country = facts.get("from_area", ""), facts["from"]
    values = {
        "organ": names.get("organ", facts.get("from_organ", "")),
        "origin": names.get_side(area, country) or names.get("country", country),
        "destination": names.get("country", facts["to"]),
    }
    message = _get_message(values)
    if not message:
        return None
    title = build_title(message, values, language=names.language)
    return add_details(title, names, date=facts.get("date", ""))


def _get_message(values: Mapping[str, str]) -> str:
    """Return the pattern of a title with ``values``, "" if they are too few."""
    if values["organ"] and values["destination"]:
        return _("Delegation of the %(organ)s to %(destination)s")
    if values["origin"] and values["destination"]:
        return _("Delegation from %(origin)s to %(destination)s")
    if values["origin"]:
        return _("Delegation from %(origin)s")
    if values["destination"]:
        return _("Delegation to %(destination)s")
    return ""
