from django.contrib import admin

from portal.people.models import Person
from portal.publishing.admin import StampedAdmin
from portal.publishing.lookalikes import LookalikeForm


class PersonForm(LookalikeForm):
    """A person; who enters one is told of those with the same name in the country."""

    name_columns = ("name_latin", "name_own")


@admin.register(Person)
class PersonAdmin(StampedAdmin):
    form = PersonForm
    list_display = ("__str__", "rank", "organ", "country")
    list_filter = ("country",)
    list_select_related = ("organ", "country")
    search_fields = ("name_latin", "name_own")
    autocomplete_fields = ("organ", "country")
