from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks


class StaffConfig(AppConfig):
    name = "portal.staff"

    def ready(self):
        from portal.staff.checks import check_head_export

        checks.register(check_head_export)


class StaffAdminConfig(AdminConfig):
    """Django's admin with the staff site as its default site."""

    default_site = "portal.staff.site.StaffAdminSite"

    def ready(self):
        from django.db.models import IntegerField

        from portal.core.accounts import dashboard
        from portal.staff import dashboard_widgets
        from portal.staff.lookups import BoundedIntegerIn

        IntegerField.register_lookup(BoundedIntegerIn)
        # Before super().ready() imports the admin modules, which register the widgets
        # of their apps after these.
        for widget in dashboard_widgets.WIDGETS:
            dashboard.register_widget(widget)
        for source in dashboard_widgets.SOURCES:
            dashboard.register_source(source)
        super().ready()
