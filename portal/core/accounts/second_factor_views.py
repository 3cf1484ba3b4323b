"""Views of allauth for second factors; setting up the first one needs a one-time link.

Every view of allauth that adds a factor or shows recovery codes must be combined with
:class:`EnrolmentView`.
"""

from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.accounts import operations
from portal.core.accounts.enrolment import get_used_link_id, may_enrol
from portal.core.accounts.operations.second_factors import EnrolmentRefused
from portal.core.accounts.second_factors import has_second_factor


def _render_link_needed(request, status: int) -> TemplateResponse:
    context = {"title": _("Two-factor authentication")}
    return TemplateResponse(request, "mfa/link_needed.html", context, status=status)


class EnrolmentView:
    """Mixin for allauth views that refuses users without a second factor or a link.

    List it before the view. The check and allauth's writes run in one transaction with
    the user's row locked, so that of several simultaneous sessions only the permitted
    one can set up the first factor. A middleware would not be enough: allauth calls the
    view directly to repeat a request after reauthentication.
    """

    def dispatch(self, request, *args, **kwargs):
        at = timezone.now()
        with transaction.atomic():
            try:
                had_factor = operations.lock_factors(
                    request.user, link=get_used_link_id(request), at=at
                )
            except EnrolmentRefused:
                return _render_link_needed(request, 403)
            response = super().dispatch(request, *args, **kwargs)
            if not had_factor and has_second_factor(request.user):
                operations.complete_enrolment(request.user)
                update_session_auth_hash(request, request.user)
        return response


class FactorsView(IndexView):
    """View that lists the user's second factors or explains how to get a link."""

    def dispatch(self, request, *args, **kwargs):
        if not may_enrol(request, at=timezone.now()):
            return _render_link_needed(request, 200)
        return super().dispatch(request, *args, **kwargs)


class ActivateAppView(EnrolmentView, totp.ActivateTOTPView):
    """View that sets up an authenticator app."""


class AddPasskeyView(EnrolmentView, passkeys.AddWebAuthnView):
    """View that adds a passkey."""


class PasskeysView(EnrolmentView, passkeys.ListWebAuthnView):
    """View that lists the user's passkeys."""


class RecoveryCodesView(EnrolmentView, codes.ViewRecoveryCodesView):
    """View that shows the user's recovery codes."""


class NewRecoveryCodesView(EnrolmentView, codes.GenerateRecoveryCodesView):
    """View that replaces the user's recovery codes by new ones."""


class RecoveryCodesFileView(EnrolmentView, codes.DownloadRecoveryCodesView):
    """View that downloads the user's recovery codes as a file."""
