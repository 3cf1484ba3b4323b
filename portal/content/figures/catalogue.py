from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content.catalogue.models import Entry
from portal.content.catalogue.registry import EntryData, Kind, register_kind
from portal.content.catalogue.title_names import TitleNames, add_details, build_title
from portal.content.figures.choices import FigureSubject
from portal.content.figures.models import ReportedFigure
from portal.content.publishing.content_reading import ContentReader
from portal.content.publishing.links import load_links, prefetch_with_links
from portal.core.languages import DEFAULT_LANGUAGE
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.record_texts import (
    get_language_texts,
    get_texts_by_language,
)

FIGURE_TITLE_KEYS = {"country": ("country",)}


def figure_title_facts(figure: ReportedFigure, _links) -> dict:
    """Return the facts from which the title of a reported figure is formed.

    ``country`` is an ISO code or missing, ``date`` the period in ISO 8601.
    """
    facts = {"subject": figure.subject, "date": figure.period.iso}
    return {**facts, "country": figure.country.iso2} if figure.country else facts


def figure_title(facts: Mapping, names: TitleNames) -> LocalizedText:
    """Return the title of a reported figure in the active language.

    Example: ``Reported total: training (Indonesia, March 2025)``. The country is left
    out if it has no name in the language.
    """
    label = str(FigureSubject(facts["subject"]).label)
    title = build_title(
        gettext("Reported figure: %(subject)s"),
        {"subject": label},
        label,
        language=names.language,
    )
    return add_details(
        title,
        names,
        place=names.get("country", facts.get("country", "")),
        date=facts.get("date", ""),
    )


def figure_fallback_path(entry: Entry) -> str:
    """Return the path of the figures page of that date, at its reported figures."""
    return f"figures/?as_of={entry.last_on}#reported"


def build_figure_entry(figure: ReportedFigure) -> EntryData:
    """Build the catalogue entry of a reported figure."""
    links = load_links([figure], DEFAULT_LANGUAGE)[figure.pk]
    return EntryData(
        path="",
        texts=get_texts_by_language(figure, summary="text"),
        facts=figure_title_facts(figure, links),
        period=figure.period,
        countries=[figure.country.iso2] if figure.country else [],
        places=[link.key for link in links["places"]],
        tags={
            "kind": [figure.subject],
            "organ": [link.key for link in links["organs"]],
        },
        bodies=get_language_texts(figure, "remark"),
    )


register_kind(
    Kind(
        code="figure",
        model=ReportedFigure,
        label=_("figure reported by another source"),
        label_plural=_("figures reported by other sources"),
        build_entry=build_figure_entry,
        read_contents=ContentReader(),
        prefetch=prefetch_with_links("country"),
        title_facts=figure_title_facts,
        title_from_facts=figure_title,
        title_keys=FIGURE_TITLE_KEYS,
        fallback_path=figure_fallback_path,
        filters=("country", "kind", "year", "as_of"),
        choices={"kind": FigureSubject},
    )
)
