"""Columns of reported_figures.csv."""

from portal.content.figures.choices import FigureQualifier, FigureSubject
from portal.content.figures.models import ReportedFigure
from portal.content.publishing.choices import Confidence, Precision
from portal.content.spreadsheets.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    ForeignKeyColumn,
    IntegerColumn,
    ManyToManyColumn,
    SourcesColumn,
    translated_column,
)
from portal.content.spreadsheets.registry import register_resource
from portal.content.spreadsheets.resources import Resource


@register_resource
class ReportedFigureResource(Resource):
    file = "reported_figures.csv"
    model = ReportedFigure
    key = "key"
    joint_fields = (("value", "qualifier"),)
    columns = [
        Column("key", "key"),
        IntegerColumn("value", "value"),
        ChoiceColumn("qualifier", "qualifier", FigureQualifier),
        ForeignKeyColumn("country_iso2", "country", "directory.Country", "iso2"),
        DateColumn("as_of", "as_of", precision="precision"),
        ChoiceColumn("precision", "precision", Precision),
        ChoiceColumn("subject", "subject", FigureSubject),
        ManyToManyColumn("organ_keys", "organs", "directory.Organ", "key"),
        ManyToManyColumn("place_keys", "places", "directory.Place", "key"),
        translated_column("text_en", "text", "en"),
        translated_column("text_zh", "text", "zh-hans"),
        SourcesColumn("source_urls"),
        ChoiceColumn("confidence", "confidence", Confidence),
        translated_column("notes", "remark", "en"),
        translated_column("notes_zh", "remark", "zh-hans"),
        Column("work_note", "work_note"),
    ]
