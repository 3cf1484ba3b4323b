from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegationsConfig(AppConfig):
    name = "delegations"
    label = "delegations"
    verbose_name = _("delegations")

    def ready(self):
        from delegations.operations import forget
        from portal.people import erasure

        erasure.register(forget)
