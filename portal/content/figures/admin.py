from django.contrib import admin

from portal.content.editing.admin import RecordAdmin
from portal.content.editing.sections import Section
from portal.content.figures.models import ReportedFigure


@admin.register(ReportedFigure)
class ReportedFigureAdmin(RecordAdmin):
    title_field = "text"
    list_filter = ("subject", "country")
    sections = {
        Section.WHAT_AND_WHEN: (
            "key",
            "subject",
            "value",
            "qualifier",
            "as_of",
            "precision",
        ),
        Section.PEOPLE_AND_PLACES: ("country", "organs", "places"),
        Section.TEXTS: ("text",),
    }
    search_fields = ("name_keys__named", "key")
    autocomplete_fields = ("country", "organs", "places")

    def get_content_columns(self):
        return ["value", "qualifier", *super().get_content_columns(), "as_of"]
