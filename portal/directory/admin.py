from django.contrib import admin
from modeltranslation.admin import TabbedTranslationAdmin

from portal.directory import operations
from portal.directory.models import Country, NamedParty, Organ, Place, Topic
from portal.publishing.admin import RecordAdmin, StampedAdmin


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    title_field = "name"
    search_fields = ("iso2", "name_en", "name_zh_hans")
    ordering = ("display_order", "iso2")

    def list_columns(self):
        return [*super().list_columns(), "joined_asean_on"]


@admin.register(Organ)
class OrganAdmin(RecordAdmin):
    title_field = "name"
    list_filter = ("level", "country")
    search_fields = ("key", "name_en", "name_zh_hans", "name_native")
    autocomplete_fields = ("country", "parent", "place")

    def get_list_select_related(self, request):
        return ("updated_by", "country")

    def list_columns(self):
        return [*super().list_columns(), "country", "level"]


class UsedAdmin(admin.ModelAdmin):
    """Rows that records point to: what any record uses cannot be deleted."""

    def has_delete_permission(self, request, obj=None):
        if obj is not None and operations.is_used(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class NameAdmin(UsedAdmin, TabbedTranslationAdmin, StampedAdmin):
    """Names that records use: published records that use them are told anew."""

    search_fields = ("key", "name_en", "name_zh_hans")

    def get_readonly_fields(self, request, obj=None):
        return ("key",) if obj else ()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.has_changed():
            operations.name_changed(obj, at=obj.updated_at)


@admin.register(Place)
class PlaceAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en", "country", "time_zone")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("key", "name_en", "name_zh_hans", "name_local")
    autocomplete_fields = ("country",)


@admin.register(Topic)
class TopicAdmin(NameAdmin):
    list_display = ("key", "name_zh_hans", "name_en")


@admin.register(NamedParty)
class NamedPartyAdmin(UsedAdmin):
    """A party keeps the name that a source gave it; another name is another party."""

    list_display = ("name", "country")
    list_filter = ("country",)
    list_select_related = ("country",)
    search_fields = ("name",)
    autocomplete_fields = ("country",)

    def get_readonly_fields(self, request, obj=None):
        return ("name", "country") if obj else ()
