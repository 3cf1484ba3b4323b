from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The roof: commands, template tags and static files of the whole house."""

    name = "portal"
    label = "portal"
    verbose_name = _("portal")

    def ready(self):
        # Whoever wakes a worker speaks through the current app; without this import it
        # would be a nameless one with a broker of its own.
        import portal.celery  # noqa: F401
        from portal.accounts.roles import sync_after_migrate

        post_migrate.connect(sync_after_migrate)
