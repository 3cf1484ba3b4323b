"""Titles of seminars, formed from their facts."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.title_names import TitleNames, add_details, build_title
from portal.content.publishing.links import Link
from portal.core.translations.localized_text import LocalizedText
from seminars.models import Seminar

# Titles by the names of the values that they contain.
_TITLES = {
    ("topics", "organ"): _("Seminar of the %(organ)s: %(topics)s"),
    ("topics",): _("Seminar: %(topics)s"),
    ("place",): _("Seminar in %(place)s"),
    ("organ",): _("Seminar of the %(organ)s"),
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

    ``place`` and ``organiser`` are keys if there is only one, and ``date`` is the
    period in ISO 8601.
    """
    topics = [link.key for link in links["topics"]]
    places = [link.key for link in links["places"]]
    organisers = [link.key for link in links["organiser_organs"] if link.url_path]
    is_single = len(organisers) == 1 and not links["organiser_parties"]
    return {
        "topics": topics if len(topics) <= _MAX_TOPICS else [],
        "place": places[0] if len(places) == 1 else "",
        "organiser": organisers[0] if is_single else "",
        "date": seminar.period.iso,
    }


def seminar_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a seminar in the active language.

    Example: ``Seminar: Cybercrime (Nanning, 2–6 September 2019)``. The organiser is
    named if the place has no name in the language. A title without topics needs a date.
    None if the facts are too few.
    """
    topics = names.get_list("topic", facts.get("topics", ()))
    place = names.get("place", facts.get("place", ""))
    date = facts.get("date", "")
    values = {
        "topics": names.join_topics(topics) if topics else "",
        "place": "" if topics else place,
        "organ": "" if place else names.get("organ", facts.get("organiser", "")),
    }
    message = _TITLES.get(tuple(name for name, value in values.items() if value))
    if message is None or not (topics or date):
        return None
    title = build_title(str(message), values, language=names.language)
    return add_details(title, names, place=place if topics else "", date=date)
