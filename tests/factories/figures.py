import datetime as dt

from portal.figures.choices import FigureQualifier, Subject
from portal.figures.models import ReportedFigure
from portal.publishing.choices import Precision
from tests.factories import made, numbered


def reported_figure(key=None, **values) -> ReportedFigure:
    defaults = {
        "value": 7,
        "qualifier": FigureQualifier.EXACT,
        "as_of": dt.date(2018, 12, 31),
        "precision": Precision.YEAR,
        "subject": Subject.SEMINARS,
        "text_en": "Seven sample seminars by the end of 2018.",
    }
    key = key or f"sample-figure-{numbered(ReportedFigure)}"
    return made(ReportedFigure, **{"key": key, **defaults, **values})
