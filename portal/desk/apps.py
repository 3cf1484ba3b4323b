from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with the desk as its site."""

    default_site = "portal.desk.site.DeskSite"

    def ready(self):
        from portal.desk import boxes, lookups

        lookups.register()
        # Before the admin files are read, which register the boxes of their apps.
        boxes.register()
        super().ready()
