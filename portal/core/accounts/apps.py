from allauth.account.apps import AccountConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.core.accounts"
    label = "accounts"
    verbose_name = _("accounts")
    default = True

    def ready(self):
        from portal.core.accounts import receivers  # noqa: F401


class AllauthAccountConfig(AccountConfig):
    """App configuration of ``allauth.account`` without its check of MIDDLEWARE.

    The original raises an exception unless MIDDLEWARE contains allauth's middleware.
    The portal's ``StaffAllauthMiddleware`` runs that middleware, for staff URLs only.
    """

    default = False

    def ready(self):
        from allauth.account import checks  # noqa: F401
