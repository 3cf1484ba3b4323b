"""Sign-in and what belongs to it; of allauth's own addresses only these.

There is no sign-up and no password reset: administrators invite, and hand out links.
"""

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.accounts import factor_views, views


def _page(route: str, view, name: str, title: str):
    return path(route, view.as_view(extra_context={"title": title}), name=name)


_CONFIRM = _("Confirm that it is you")

urlpatterns = [
    path("", views.own_account, name="own-account"),
    path("language/", views.choose_language, name="choose-language"),
    _page("login/", LoginView, "account_login", _("Sign in")),
    path("logout/", views.sign_out, name="account_logout"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("enrolment/<str:token>/", views.enrolment, name="enrolment"),
    path("sessions/", views.sessions, name="usersessions_list"),
    _page("reauthenticate/", ReauthenticateView, "account_reauthenticate", _CONFIRM),
    _page("2fa/", factor_views.FactorsView, "mfa_index", _("Second factor")),
    _page(
        "2fa/authenticate/",
        mfa.AuthenticateView,
        "mfa_authenticate",
        _("Second factor"),
    ),
    _page(
        "2fa/reauthenticate/", mfa.ReauthenticateView, "mfa_reauthenticate", _CONFIRM
    ),
    _page(
        "2fa/totp/activate/",
        factor_views.ActivateAppView,
        "mfa_activate_totp",
        _("Set up an authenticator app"),
    ),
    _page(
        "2fa/totp/deactivate/",
        totp.DeactivateTOTPView,
        "mfa_deactivate_totp",
        _("Remove the authenticator app"),
    ),
    _page(
        "2fa/recovery-codes/",
        factor_views.RecoveryCodesView,
        "mfa_view_recovery_codes",
        _("Recovery codes"),
    ),
    _page(
        "2fa/recovery-codes/generate/",
        factor_views.NewRecoveryCodesView,
        "mfa_generate_recovery_codes",
        _("New recovery codes"),
    ),
    path(
        "2fa/recovery-codes/download/",
        factor_views.RecoveryCodesFileView.as_view(),
        name="mfa_download_recovery_codes",
    ),
    _page(
        "2fa/webauthn/",
        factor_views.PasskeysView,
        "mfa_list_webauthn",
        _("Your passkeys"),
    ),
    _page(
        "2fa/webauthn/add/",
        factor_views.AddPasskeyView,
        "mfa_add_webauthn",
        _("Add a passkey"),
    ),
    path(
        "2fa/webauthn/login/",
        passkeys.LoginWebAuthnView.as_view(),
        name="mfa_login_webauthn",
    ),
    _page(
        "2fa/webauthn/reauthenticate/",
        passkeys.ReauthenticateWebAuthnView,
        "mfa_reauthenticate_webauthn",
        _CONFIRM,
    ),
    _page(
        "2fa/webauthn/keys/<int:pk>/edit/",
        passkeys.EditWebAuthnView,
        "mfa_edit_webauthn",
        _("Rename a passkey"),
    ),
    _page(
        "2fa/webauthn/keys/<int:pk>/remove/",
        passkeys.RemoveWebAuthnView,
        "mfa_remove_webauthn",
        _("Remove a passkey"),
    ),
]
