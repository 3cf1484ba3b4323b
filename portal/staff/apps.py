from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StaffConfig(AppConfig):
    name = "portal.staff"


class StaffAdminConfig(AdminConfig):
    """Django's admin with the staff site as its default site."""

    default_site = "portal.staff.site.StaffAdminSite"

    def ready(self):
        from portal.staff import dashboard_widgets, lookups

        lookups.register_lookups()
        # Before super().ready() imports the admin modules, which register the widgets
        # of their apps after these.
        dashboard_widgets.register_widgets()
        super().ready()
