"""Titles of seminars, formed from their facts."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.title_names import TitleNames, build_title
from portal.content.publishing.links import Link
from portal.core.translations.dates import format_iso_date
from portal.core.translations.localized_text import LocalizedText
from seminars.models import Seminar

# Titles by the names of the values that they contain.
_TITLES = {
    ("topics", "place", "date"): _("Seminar: %(topics)s, %(place)s, %(date)s"),
    ("topics", "place"): _("Seminar: %(topics)s, %(place)s"),
    ("topics", "organ", "date"): _("Seminar of the %(organ)s: %(topics)s, %(date)s"),
    ("topics", "organ"): _("Seminar of the %(organ)s: %(topics)s"),
    ("topics", "date"): _("Seminar: %(topics)s, %(date)s"),
    ("topics",): _("Seminar: %(topics)s"),
    ("place", "date"): _("Seminar in %(place)s, %(date)s"),
    ("organ", "date"): _("Seminar of the %(organ)s, %(date)s"),
}
# A longer list of topics is left out of a title.
_MAX_TOPICS = 3

SEMINAR_TITLE_KEYS = {
    "topic": ("topics",),
    "place": ("place",),
    "organ": ("organiser",),
}


def seminar_title_facts(seminar: Seminar, links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of a seminar is formed.

    ``place`` and ``organiser`` are keys if there is only one, and ``date`` is the month
    or year.
    """
    topics = [link.key for link in links["topics"]]
    places = [link.key for link in links["places"]]
    organisers = [link.key for link in links["organiser_organs"] if link.url_path]
    is_single = len(organisers) == 1 and not links["organiser_parties"]
    return {
        "topics": topics if len(topics) <= _MAX_TOPICS else [],
        "place": places[0] if len(places) == 1 else "",
        "organiser": organisers[0] if is_single else "",
        "date": seminar.period.iso_month,
    }


def seminar_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a seminar in the active language.

    Example: ``Seminar: Cybercrime, Nanning, September 2019``. The organiser is named if
    the place has no name in the language. None if the facts are too few.
    """
    topics = names.get_list("topic", facts.get("topics", ()))
    place = names.get("place", facts.get("place", ""))
    date = facts.get("date", "")
    values = {
        "topics": names.join(topics) if topics else "",
        "place": place,
        "organ": "" if place else names.get("organ", facts.get("organiser", "")),
        "date": format_iso_date(date, names.language) if date else "",
    }
    message = _TITLES.get(tuple(name for name, value in values.items() if value))
    if message is None:
        return None
    return build_title(str(message), values, language=names.language)
