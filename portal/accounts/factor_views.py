"""allauth's views of second factors: the first one needs a one-time link.

Every view of allauth that adds a factor, or shows recovery codes, is used through
:class:`EnrolmentView` only.
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

from portal.accounts import operations
from portal.accounts.enrolment import may_enrol, used_link
from portal.accounts.factors import has_second_factor
from portal.accounts.operations.factors import EnrolmentRefused


def _link_needed(request, status: int) -> TemplateResponse:
    context = {"title": _("Second factor")}
    return TemplateResponse(request, "mfa/link_needed.html", context, status=status)


class EnrolmentView:
    """Mixin before a view of allauth: refuses people without a factor or a link.

    The check and allauth's writes are one transaction with the person's row locked, so
    that of several sessions at one time only the permitted one sets up the first
    factor. It is here and not in a middleware because allauth calls the view itself to
    repeat a request after reauthentication.
    """

    def dispatch(self, request, *args, **kwargs):
        at = timezone.now()
        with transaction.atomic():
            try:
                had_factor = operations.lock_factors(
                    request.user, link=used_link(request), at=at
                )
            except EnrolmentRefused:
                return _link_needed(request, 403)
            response = super().dispatch(request, *args, **kwargs)
            if not had_factor and has_second_factor(request.user):
                operations.complete_enrolment(request.user)
                update_session_auth_hash(request, request.user)
        return response


class FactorsView(IndexView):
    """The second factors of the person signed in, or how to get a one-time link."""

    def dispatch(self, request, *args, **kwargs):
        if not may_enrol(request, at=timezone.now()):
            return _link_needed(request, 200)
        return super().dispatch(request, *args, **kwargs)


class ActivateAppView(EnrolmentView, totp.ActivateTOTPView):
    """Set up an authenticator app."""


class AddPasskeyView(EnrolmentView, passkeys.AddWebAuthnView):
    """Add a passkey."""


class PasskeysView(EnrolmentView, passkeys.ListWebAuthnView):
    """List one's passkeys."""


class RecoveryCodesView(EnrolmentView, codes.ViewRecoveryCodesView):
    """Show one's recovery codes."""


class NewRecoveryCodesView(EnrolmentView, codes.GenerateRecoveryCodesView):
    """Replace one's recovery codes."""


class RecoveryCodesFileView(EnrolmentView, codes.DownloadRecoveryCodesView):
    """Download one's recovery codes."""
