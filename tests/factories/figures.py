import datetime as dt

from portal.content.figures.choices import FigureQualifier, FigureSubject
from portal.content.figures.models import ReportedFigure
from portal.content.publishing.choices import Precision
from tests.factories import made, numbered


def reported_figure(key=None, **values) -> ReportedFigure:
    defaults = {
        "value": 7,
        "qualifier": FigureQualifier.EXACT,
        "as_of": dt.date(2018, 12, 31),
        "precision": Precision.YEAR,
        "subject": FigureSubject.SEMINARS,
        "text_en": "Seven sample seminars by the end of 2018.",
    }
    key = key or f"sample-figure-{numbered(ReportedFigure)}"
    return made(ReportedFigure, **{"key": key, **defaults, **values})
