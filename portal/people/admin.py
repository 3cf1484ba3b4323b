from django.contrib import admin

from portal.people.models import Person
from portal.publishing.admin import StampedAdmin


@admin.register(Person)
class PersonAdmin(StampedAdmin):
    list_display = ("__str__", "rank", "organ", "country")
    list_filter = ("country",)
    list_select_related = ("organ", "country")
    search_fields = ("name_latin", "name_own")
    autocomplete_fields = ("organ", "country")
