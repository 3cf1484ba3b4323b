"""Titles of editions and documents, formed from their facts.

The Chinese name of the Conference is always the same (中国—东盟成员国总检察长会议); in
other languages the order of the two sides belongs to the edition.
"""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.conference.choices import DocumentKind, NameOrder
from portal.conference.models import Document, Edition
from portal.content.catalogue.title_names import TitleNames, add_details, build_title
from portal.content.publishing.links import Link
from portal.core.translations.fields import comparable_name
from portal.core.translations.interface_language import text_language
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.numbers import format_ordinal

# Documents that an edition of the Conference adopts.
_CONFERENCE_TITLES = {
    DocumentKind.JOINT_STATEMENT: gettext_lazy("Joint Statement of the %(conference)s"),
    DocumentKind.DECLARATION: gettext_lazy("Joint Declaration of the %(conference)s"),
}
# Titles of other documents, by the names of the values that they contain. The values
# of "countries" may be areas of countries.
_DOCUMENT_TITLES = {
    ("organs",): gettext_lazy("%(kind)s between the %(first)s and the %(second)s"),
    ("services", "topic"): gettext_lazy(
        "%(kind)s between the prosecution services of %(countries)s: %(topic)s"
    ),
    ("services",): gettext_lazy(
        "%(kind)s between the prosecution services of %(countries)s"
    ),
    ("states", "topic"): gettext_lazy("%(kind)s between %(countries)s: %(topic)s"),
    ("states",): gettext_lazy("%(kind)s between %(countries)s"),
    ("topic",): gettext_lazy("%(kind)s: %(topic)s"),
}
# Longer lists of parties and of topics are left out of a title.
_MAX_PARTIES = 4
_MAX_TOPICS = 3

DOCUMENT_TITLE_KEYS = {
    "organ": ("organs",),
    "country": ("countries",),
    "place": ("areas",),
    "topic": ("topics",),
}


def edition_title_facts(edition: Edition, _links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts from which the title of an edition is formed."""
    return {"number": edition.number, "name_order": edition.name_order}


def edition_title(facts: Mapping, names: TitleNames) -> LocalizedText:
    """Return the title of an edition in the active language.

    Example: ``15th China-ASEAN Prosecutors-General Conference``. China is named first
    unless the edition's name order says otherwise.
    """
    if facts["name_order"] == NameOrder.ASEAN_CHINA:
        name = _("%(ordinal)s ASEAN-China Prosecutors-General Conference")
    else:
        name = _("%(ordinal)s China-ASEAN Prosecutors-General Conference")
    ordinal = format_ordinal(facts["number"], text_language(names.language, name))
    return build_title(name, {"ordinal": ordinal}, language=names.language)


def document_title_facts(
    document: Document, links: Mapping[str, Sequence[Link]]
) -> dict:
    """Return the facts from which the title of a document is formed.

    A document that a public edition of the Conference adopted has the facts of that
    edition as ``edition``, and no others. ``parties`` is ``organs`` if all parties are
    organs on record, ``states`` if all of them are countries or regions themselves,
    ``others`` for other parties, and missing without parties. ``organs`` are the organs
    if there are two. ``sides`` are what the parties stand for, as pairs of the key of
    an area, "" for a whole country, and the ISO code of its country.
    """
    facts = {"document_kind": document.document_kind}
    is_adopted = document.document_kind in _CONFERENCE_TITLES
    # Other documents may have an edition too, which need not be loaded.
    edition = document.edition if is_adopted else None
    if edition and edition.is_published:
        return {**facts, "edition": edition_title_facts(edition, {})}
    topics = [link.key for link in links["topics"]]
    facts |= get_party_facts(links)
    facts["topics"] = topics if len(topics) <= _MAX_TOPICS else []
    facts["date"] = document.period.iso
    return {name: value for name, value in facts.items() if value}


def get_party_facts(links: Mapping[str, Sequence[Link]]) -> dict:
    """Return the facts of a document's title that name its parties.

    They are ``parties``, ``organs``, ``sides``, ``areas`` and ``countries``: see
    :func:`document_title_facts`.
    """
    # Related records that are not public are not named and not counted.
    organs = [link for link in links["party_organs"] if link.url_path]
    parties = links["named_parties"]
    countries = {
        link.key: link.texts for link in links["party_countries"] if link.url_path
    }
    facts: dict = {}
    sides: Sequence[tuple[str, str] | None] = []
    if organs and not parties:
        facts["parties"] = "organs"
        facts["organs"] = [link.key for link in organs] if len(organs) == 2 else []
        sides = [_get_side(link, countries) for link in organs]
    elif (
        parties
        and not organs
        and all(
            _is_state(link, countries) or _is_region(link, countries)
            for link in parties
        )
    ):
        facts["parties"] = "states"
        sides = [(link.area, link.country) for link in parties]
    elif organs or parties:
        facts["parties"] = "others"
    sides = list(dict.fromkeys(sides))
    if None in sides or not 2 <= len(sides) <= _MAX_PARTIES:
        return facts
    return {
        **facts,
        "sides": [list(side) for side in sides],
        "areas": [area for area, _country in sides if area],
        "countries": list(dict.fromkeys(country for _area, country in sides)),
    }


def _get_side(
    organ: Link, countries: Mapping[str, Mapping[str, str | None]]
) -> tuple[str, str] | None:
    """Return the area, "" for the whole country, and the country that an organ serves.

    None for an organ below another one that has no area, such as a training
    institution, and for an organ of a country that is not among ``countries``.
    """
    if organ.country not in countries or (organ.parent and not organ.area):
        return None
    return organ.area, organ.country


def _is_state(party: Link, countries: Mapping[str, Mapping[str, str | None]]) -> bool:
    """Return whether a party is a country itself, not a government or region in it.

    Sources name states in English; ``countries`` maps ISO codes to names by language.
    The result does not depend on the language in which the links were loaded.
    """
    name = party.texts.get("en") or party.source_name or party.name.text
    country_name = countries.get(party.country, {}).get("en") or ""
    return comparable_name(name) == comparable_name(country_name)


def _is_region(party: Link, countries: Mapping[str, object]) -> bool:
    """Return whether a party is a region or city in one of ``countries``."""
    return bool(party.area) and party.country in countries


def document_title(facts: Mapping, names: TitleNames) -> LocalizedText | None:
    """Return the title of a document in the active language.

    Examples: ``Joint Statement of the 14th China-ASEAN Prosecutors-General
    Conference``, ``Treaty between China and Thailand: Extradition (26 August 1993)``.
    Organs are named if there are two and both have a name in the language; otherwise
    the countries or areas are, and the topics. None if the parties cannot be named, or
    if there is neither a party nor a topic: a title on record tells more.
    """
    if "document_kind" not in facts:
        # The entry was written by the previous release.
        return None
    kind = DocumentKind(facts["document_kind"])
    if "edition" in facts:
        conference = edition_title(facts["edition"], names)
        return build_title(
            str(_CONFERENCE_TITLES[kind]),
            {"conference": conference.text},
            language=names.language,
        )
    values = _get_party_values(facts, names)
    if "parties" in facts and not values:
        return None
    label = str(kind.label)
    if kind == DocumentKind.AGREEMENT and ("organs" in values or "services" in values):
        label = pgettext("between prosecution services", "agreement")
    values["kind"] = capfirst(label)
    topics = names.get_list("topic", facts.get("topics", []))
    if topics and "organs" not in values:
        values["topic"] = names.join_topics(topics)
    key = tuple(
        name for name in ("organs", "services", "states", "topic") if values.get(name)
    )
    message = _DOCUMENT_TITLES.get(key)
    if message is None:
        return None
    title = build_title(str(message), values, label, language=names.language)
    return add_details(title, names, date=facts.get("date", ""))


def _get_party_values(facts: Mapping, names: TitleNames) -> dict:
    """Return the values of a title that name the parties, {} if they cannot be named.

    One of the values is named like the pattern: ``organs``, ``services``, ``states``.
    """
    if organ_names := names.get_list("organ", facts.get("organs", [])):
        first, second = organ_names
        return {"organs": organ_names, "first": first, "second": second}
    sides = names.get_sides(facts.get("sides", []))
    if not sides:
        return {}
    pattern = "services" if facts["parties"] == "organs" else "states"
    return {pattern: sides, "countries": names.join(sides)}
