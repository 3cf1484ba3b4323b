from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "portal.content.publishing"
    label = "publishing"
    verbose_name = _("publishing")

    def ready(self):
        autodiscover_modules("resources")
