from django.contrib import admin

from portal.figures.models import ReportedFigure
from portal.publishing.admin import RecordAdmin


@admin.register(ReportedFigure)
class ReportedFigureAdmin(RecordAdmin):
    title_field = "text"
    list_filter = ("subject", "country")
    search_fields = ("name_keys__named", "key")
    autocomplete_fields = ("country", "organs", "places")

    def list_columns(self):
        return ["value", "qualifier", *super().list_columns(), "as_of"]
