"""Account views for staff outside the admin: language, sessions and one-time links."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.core.accounts import operations
from portal.core.accounts.choices import InterfaceLanguage, MailFrequency
from portal.core.accounts.enrolment import remember_link
from portal.core.accounts.models import Invitation
from portal.core.accounts.operations.invitations import InvalidInvitationError
from portal.core.accounts.staff_language import LANGUAGE_SESSION_KEY

_LAST_SIGN_INS = 10


@login_not_required
@require_POST
def set_interface_language(request):
    """Set the language of staff pages.

    It is stored in the account, or in the session before sign-in.
    """
    language = request.POST.get("language")
    if language not in InterfaceLanguage.values:
        raise BadRequest(
            _("Choose Simplified Chinese or English as the interface language.")
        )
    if request.user.is_authenticated:
        operations.set_interface_language(
            request.user, language=InterfaceLanguage(language)
        )
    else:
        request.session[LANGUAGE_SESSION_KEY] = language
    return HttpResponseRedirect(
        _get_safe_redirect_url(request, request.POST.get("next", ""))
    )


@require_GET
def account_overview(request):
    """Show the user's account settings and the most recent sign-ins to the account."""
    context = {
        "title": _("Your account"),
        "sign_ins": request.user.sign_ins.all()[:_LAST_SIGN_INS],
        "has_mail_server": bool(settings.EMAIL_URL),
        "mail_frequencies": MailFrequency.choices,
    }
    return render(request, "account/own_account.html", context)


@require_POST
def set_mail_frequency(request):
    """Store when the user gets mail about what waits for them."""
    frequency = request.POST.get("frequency")
    if frequency not in MailFrequency.values:
        raise BadRequest(_("Mail about work is sent at once, daily or never."))
    operations.set_mail_frequency(request.user, frequency=MailFrequency(frequency))
    messages.success(request, _("Your choice has been saved."))
    return redirect("account-overview")


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request):
    """List the user's sessions; a POST ends all of them except the current one."""
    if request.method == "POST":
        operations.sign_out_everywhere(request.user, by=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("You have been signed out everywhere else."))
        return redirect("usersessions_list")
    UserSession.objects.create_from_request(request)
    sessions = UserSession.objects.purge_and_list(request.user)
    context = {
        "title": _("Devices where you are signed in"),
        "sessions": sorted(
            sessions, key=lambda session: session.created_at, reverse=True
        ),
    }
    return render(request, "usersessions/usersession_list.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request, token):
    """Let a user with a one-time link choose a password, then redirect to sign-in."""
    at = timezone.now()
    invitation = _find_valid_link(request, Invitation.objects.for_password(), token, at)
    if invitation is None:
        return _render_invalid_invitation(request)
    form = SetPasswordForm(invitation.user, request.POST or None)
    if not form.is_valid():
        context = {"title": _("Choose a password"), "form": form}
        return render(request, "account/invitation.html", context)
    try:
        password = form.cleaned_data["new_password1"]
        operations.accept_invitation(invitation, password=password, at=at)
    except InvalidInvitationError:
        return _render_invalid_invitation(request)
    if request.user.is_authenticated:
        # The new password ends this session. The permission to set up a second factor
        # has to be stored in a new session, or it would be lost.
        end_session(request)
    remember_link(request, invitation)
    messages.success(
        request, _("Your password has been set. Sign in with it in this browser.")
    )
    return redirect("account_login")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request, token):
    """Let a user with a one-time link set up the first second factor.

    Only a POST uses the link, because messengers open links that they deliver. The link
    does not sign the user in: the password is also required.
    """
    at = timezone.now()
    link = _find_valid_link(request, Invitation.objects.for_enrolment(), token, at)
    if link is None:
        return _render_invalid_invitation(request)
    if request.method != "POST":
        context = {"title": _("Set up two-factor authentication"), "person": link.user}
        return render(request, "account/enrolment.html", context)
    try:
        operations.use_enrolment_link(link, at=at)
    except InvalidInvitationError:
        return _render_invalid_invitation(request)
    remember_link(request, link)
    if request.user.is_authenticated:
        return redirect("mfa_index")
    messages.success(
        request, _("Sign in in this browser, then set up two-factor authentication.")
    )
    query = urlencode({REDIRECT_FIELD_NAME: reverse("mfa_index")})
    return redirect(f"{reverse('account_login')}?{query}")


def _find_valid_link(request, links, token: str, at) -> Invitation | None:
    """Return the valid link with this token, or None.

    Also returns None if another user than that of the link is signed in.
    """
    link = links.for_token(token).valid(at).select_related("user").first()
    if link and request.user.is_authenticated and request.user != link.user:
        return None
    return link


def _render_invalid_invitation(request):
    context = {"title": _("This link is not valid")}
    return render(request, "account/invalid_link.html", context, status=410)


def _get_safe_redirect_url(request, url: str) -> str:
    """Return ``url`` if it is a URL of this site, else the staff start page."""
    is_own = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_own else "/admin/"
