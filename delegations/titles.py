"""Titles of visits, formed from their facts. They do not name a person."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from delegations.models import Visit
from portal.content.catalogue.title_names import TitleNames, build_title
from portal.content.publishing.links import Link
from portal.core.translations.dates import format_iso_date
from portal.core.translations.localized_text import LocalizedText

VISIT_TITLE_KEYS = {"organ": ("from_organ",), "country": ("from", "to")}


def visit_title_facts(visit: Visit, links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of a visit is formed.

    ``from`` and ``to`` are ISO codes, ``from_organ`` is the key of the organ that
    travelled if there is only one, and ``date`` is the month or year.
    """
    organs = [link.key for link in links["from_organs"] if link.url_path]
    is_single = len(organs) == 1 and not links["from_parties"]
    return {
        "from": visit.from_country.iso2,
        "to": visit.to_country.iso2,
        "from_organ": organs[0] if is_single else "",
        "date": visit.period.iso_month,
    }


def visit_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a visit in the active language.

    Example: ``Delegation from Viet Nam to China, July 2009``. The organ that travelled
    is named instead of its country if it has a name in the language. A country without
    a name is left out. None if neither country has one.
    """
    language = names.language
    values = {
        "organ": names.get("organ", facts.get("from_organ", "")),
        "origin": names.get("country", facts["from"]),
        "destination": names.get("country", facts["to"]),
    }
    if date := facts.get("date"):
        values["date"] = format_iso_date(date, language)
    message = _get_message(values)
    return build_title(message, values, language=language) if message else None


def _get_message(values: Mapping[str, str]) -> str:
    """Return the pattern of a title with ``values``, "" if they are too few."""
    if values["organ"] and values["destination"]:
        if "date" in values:
            return _("Delegation of the %(organ)s to %(destination)s, %(date)s")
        return _("Delegation of the %(organ)s to %(destination)s")
    if values["origin"] and values["destination"]:
        if "date" in values:
            return _("Delegation from %(origin)s to %(destination)s, %(date)s")
        return _("Delegation from %(origin)s to %(destination)s")
    if values["origin"]:
        return _("Delegation from %(origin)s")
    if values["destination"]:
        return _("Delegation to %(destination)s")
    return ""
