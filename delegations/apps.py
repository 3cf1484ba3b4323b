from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegationsConfig(AppConfig):
    name = "delegations"
    label = "delegations"
    verbose_name = _("delegations")

    def ready(self):
        from delegations.operations import erase_personal_data
        from portal.reference.people import erasure_handlers

        erasure_handlers.register_erasure_handler(erase_personal_data)
