from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.catalogue.models import Entry
from portal.catalogue.registry import Drawn, Kind, register
from portal.figures.choices import Subject
from portal.figures.models import ReportedFigure
from portal.languages import DEFAULT
from portal.publishing.content import ContentReader
from portal.publishing.links import at_hand, load_links
from portal.translations.interface import whole_text
from portal.translations.texts import texts_of, words_of


def name_figure(facts: dict, _country_names: Mapping[str, str]) -> str:
    """``Reported total: seminars``, in the active language."""
    label = Subject(facts["subject"]).label
    name = whole_text(
        lambda: gettext("Reported total: %(subject)s") % {"subject": label},
        gettext("Reported total: %(subject)s"),
        label,
    )
    return name.text


def place_of_figure(entry: Entry) -> str:
    """Where the figures of its day tell it, beside what is counted."""
    return f"figures/?as_of={entry.last_on}#reported"


def draw(figure: ReportedFigure) -> Drawn:
    links = load_links([figure], DEFAULT)[figure.pk]
    return Drawn(
        path="",
        texts=texts_of(figure, summary="text"),
        facts={"subject": figure.subject},
        period=figure.period,
        countries=[figure.country.iso2] if figure.country else [],
        places=[link.key for link in links["places"]],
        tags={
            "kind": [figure.subject],
            "organ": [link.key for link in links["organs"]],
        },
        bodies=words_of(figure, "remark"),
    )


register(
    Kind(
        code="figure",
        model=ReportedFigure,
        label=_("reported figure"),
        label_plural=_("reported figures"),
        draw=draw,
        read_contents=ContentReader(),
        gather=at_hand("country"),
        sentence=name_figure,
        place_of=place_of_figure,
        filters=("country", "kind", "year", "as_of"),
        choices={"kind": Subject},
    )
)
