from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeminarsConfig(AppConfig):
    name = "seminars"
    label = "seminars"
    verbose_name = _("seminars")

    def ready(self):
        from portal.reference.people import erasure_handlers
        from seminars.operations import erase_personal_data

        erasure_handlers.register_erasure_handler(erase_personal_data)
