"""Columns of reported_figures.csv."""

from portal.figures.choices import FigureQualifier, Subject
from portal.figures.models import ReportedFigure
from portal.publishing.choices import Confidence, Precision
from portal.publishing.columns import (
    Choice,
    Column,
    Day,
    Number,
    Reference,
    References,
    Sources,
    Translated,
)
from portal.publishing.resources import Resource
from portal.publishing.spreadsheets.registry import spreadsheet


@spreadsheet
class ReportedFigureResource(Resource):
    file = "reported_figures.csv"
    model = ReportedFigure
    key = "key"
    columns = [
        Column("key", "key"),
        Number("value", "value"),
        Choice("qualifier", "qualifier", FigureQualifier),
        Reference("country_iso2", "country", "directory.Country", "iso2"),
        Day("as_of", "as_of", precision="precision"),
        Choice("precision", "precision", Precision),
        Choice("subject", "subject", Subject),
        References("organ_keys", "organs", "directory.Organ", "key"),
        References("place_keys", "places", "directory.Place", "key"),
        Translated("text_en", "text", "en"),
        Translated("text_zh", "text", "zh-hans"),
        Sources("source_urls"),
        Choice("confidence", "confidence", Confidence),
        Translated("notes", "remark", "en"),
    ]
    office_columns = [
        Translated("notes_zh", "remark", "zh-hans"),
    ]
