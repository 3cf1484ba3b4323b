from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """App of the project package: commands, template tags and static files."""

    name = "portal"
    label = "portal"
    verbose_name = _("portal")

    def ready(self):
        # Tasks are sent through the current Celery app; without this import that would
        # be Celery's default app with another broker.
        import portal.celery  # noqa: F401
        from portal.core.accounts.roles import sync_roles_after_migrate

        post_migrate.connect(sync_roles_after_migrate)
