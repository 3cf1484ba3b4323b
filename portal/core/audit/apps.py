from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "portal.core.audit"
    label = "history"
    verbose_name = _("audit log")

    def ready(self):
        autodiscover_modules("display_names")
