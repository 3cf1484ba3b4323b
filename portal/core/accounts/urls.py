"""URLs of sign-in, second factors and the user's own account.

Only these URLs of allauth are used. There is no sign-up and no password reset by
e-mail: administrators create one-time links.
"""

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.core.accounts import second_factor_views, views


def _titled_path(route: str, view, name: str, title: str):
    return path(route, view.as_view(extra_context={"title": title}), name=name)


_CONFIRM = _("Confirm your identity")

urlpatterns = [
    path("", views.account_overview, name="account-overview"),
    path("language/", views.set_interface_language, name="set-interface-language"),
    path("mail/", views.set_mail_frequency, name="set-mail-frequency"),
    _titled_path("login/", LoginView, "account_login", _("Sign in")),
    # Also cancels a sign-in that still waits for the second factor.
    path(
        "logout/",
        LogoutView.as_view(http_method_names=["post"]),
        name="account_logout",
    ),
    path("invitation/<str:token>/", views.accept_invitation, name="invitation"),
    path("enrolment/<str:token>/", views.enrolment, name="enrolment"),
    path("sessions/", views.session_list, name="usersessions_list"),
    _titled_path(
        "reauthenticate/", ReauthenticateView, "account_reauthenticate", _CONFIRM
    ),
    _titled_path(
        "2fa/",
        second_factor_views.FactorsView,
        "mfa_index",
        _("Two-factor authentication"),
    ),
    _titled_path(
        "2fa/authenticate/",
        mfa.AuthenticateView,
        "mfa_authenticate",
        _("Two-factor authentication"),
    ),
    _titled_path(
        "2fa/reauthenticate/", mfa.ReauthenticateView, "mfa_reauthenticate", _CONFIRM
    ),
    _titled_path(
        "2fa/totp/activate/",
        second_factor_views.ActivateAppView,
        "mfa_activate_totp",
        _("Set up an authenticator app"),
    ),
    _titled_path(
        "2fa/totp/deactivate/",
        totp.DeactivateTOTPView,
        "mfa_deactivate_totp",
        _("Remove the authenticator app"),
    ),
    _titled_path(
        "2fa/recovery-codes/",
        second_factor_views.RecoveryCodesView,
        "mfa_view_recovery_codes",
        _("Recovery codes"),
    ),
    _titled_path(
        "2fa/recovery-codes/generate/",
        second_factor_views.NewRecoveryCodesView,
        "mfa_generate_recovery_codes",
        _("New recovery codes"),
    ),
    path(
        "2fa/recovery-codes/download/",
        second_factor_views.RecoveryCodesFileView.as_view(),
        name="mfa_download_recovery_codes",
    ),
    _titled_path(
        "2fa/webauthn/",
        second_factor_views.PasskeysView,
        "mfa_list_webauthn",
        _("Your passkeys"),
    ),
    _titled_path(
        "2fa/webauthn/add/",
        second_factor_views.AddPasskeyView,
        "mfa_add_webauthn",
        _("Add a passkey"),
    ),
    path(
        "2fa/webauthn/login/",
        passkeys.LoginWebAuthnView.as_view(),
        name="mfa_login_webauthn",
    ),
    _titled_path(
        "2fa/webauthn/reauthenticate/",
        passkeys.ReauthenticateWebAuthnView,
        "mfa_reauthenticate_webauthn",
        _CONFIRM,
    ),
    _titled_path(
        "2fa/webauthn/keys/<int:pk>/edit/",
        passkeys.EditWebAuthnView,
        "mfa_edit_webauthn",
        _("Rename a passkey"),
    ),
    _titled_path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        passkeys.RemoveWebAuthnView,
        "mfa_remove_webauthn",
        _("Remove a passkey"),
    ),
]
