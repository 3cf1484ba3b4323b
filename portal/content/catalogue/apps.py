from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "portal.content.catalogue"
    label = "catalogue"
    verbose_name = _("catalogue")

    def ready(self):
        autodiscover_modules("catalogue")
