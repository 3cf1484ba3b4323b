from allauth.account.apps import AccountConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("accounts")
    default = True

    def ready(self):
        from portal.accounts import receivers  # noqa: F401


class SignInConfig(AccountConfig):
    """allauth's own insists on its middleware by name. Ours runs the same one, on
    staff addresses only (``portal.middleware.StaffSignInMiddleware``)."""

    default = False

    def ready(self):
        from allauth.account import checks  # noqa: F401
