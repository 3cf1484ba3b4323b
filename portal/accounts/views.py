"""Addresses of the people who work here, beside those of the admin."""

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.models import UserSession
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

from portal.accounts import operations
from portal.accounts.choices import InterfaceLanguage
from portal.accounts.enrolment import remember_link
from portal.accounts.language import SESSION_KEY
from portal.accounts.models import Invitation
from portal.accounts.operations.invitations import Spent

_LAST_SIGN_INS = 10


@login_not_required
@require_POST
def choose_language(request):
    """Switch the desk to another language, and remember it: with the account, before
    sign-in with the session."""
    language = request.POST.get("language")
    if language not in InterfaceLanguage.values:
        raise BadRequest(_("The interface is in simplified Chinese or in English."))
    if request.user.is_authenticated:
        operations.choose_language(request.user, language=InterfaceLanguage(language))
    else:
        request.session[SESSION_KEY] = language
    return HttpResponseRedirect(_own_address(request, request.POST.get("next", "")))


@login_not_required
@require_POST
def sign_out(request):
    """Also from the middle of signing in, when the second factor is not at hand."""
    logout(request, show_message=False)
    return redirect("account_login")


@require_GET
def own_account(request):
    """What a person can do about their own account, and who came in by it lately."""
    context = {
        "title": _("Your account"),
        "sign_ins": request.user.sign_ins.all()[:_LAST_SIGN_INS],
    }
    return render(request, "account/own_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request):
    """Where one is signed in; a POST ends it everywhere else."""
    if request.method == "POST":
        operations.sign_out_everywhere(request.user, by=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("You are signed in here only."))
        return redirect("usersessions_list")
    UserSession.objects.create_from_request(request)
    found = UserSession.objects.purge_and_list(request.user)
    context = {
        "title": _("Where you are signed in"),
        "sessions": sorted(found, key=lambda one: one.created_at, reverse=True),
    }
    return render(request, "usersessions/usersession_list.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """The page behind a one-time link: one chooses a password, and signs in with it."""
    at = timezone.now()
    invited = _open_link(request, Invitation.objects.for_password(), token, at)
    if invited is None:
        return _spent(request)
    form = SetPasswordForm(invited.user, request.POST or None)
    if not form.is_valid():
        context = {"title": _("Choose a password"), "form": form}
        return render(request, "account/invitation.html", context)
    try:
        password = form.cleaned_data["new_password1"]
        operations.accept(invited, password=password, at=at)
    except Spent:
        return _spent(request)
    if request.user.is_authenticated:
        # The new password ends this session, which would end the right as well.
        end_session(request)
    remember_link(request, invited)
    messages.success(
        request, _("Your password is set. Sign in with it now, in this browser.")
    )
    return redirect("account_login")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request, token):
    """The page behind a link for a second factor; a POST uses the link up.

    Messengers open links that they pass on, so that a GET changes nothing. Nobody is
    signed in by the link: the password is needed too.
    """
    at = timezone.now()
    link = _open_link(request, Invitation.objects.for_enrolment(), token, at)
    if link is None:
        return _spent(request)
    if request.method != "POST":
        context = {"title": _("Set up a second factor"), "person": link.user}
        return render(request, "account/enrolment.html", context)
    try:
        operations.use_enrolment_link(link, at=at)
    except Spent:
        return _spent(request)
    remember_link(request, link)
    if request.user.is_authenticated:
        return redirect("mfa_index")
    messages.success(
        request, _("Sign in now, in this browser, and set up your second factor.")
    )
    query = urlencode({REDIRECT_FIELD_NAME: reverse("mfa_index")})
    return redirect(f"{reverse('account_login')}?{query}")


def _open_link(request, links, token: str, at) -> Invitation | None:
    """The link of ``token`` among ``links``; None if it is not good or not for the
    person who is signed in."""
    link = links.of(token).open(at).select_related("user").first()
    if link and request.user.is_authenticated and request.user != link.user:
        return None
    return link


def _spent(request):
    context = {"title": _("This link cannot be used")}
    return render(request, "account/invitation_spent.html", context, status=410)


def _own_address(request, address: str) -> str:
    """``address`` if it is one of ours, else the start of the desk."""
    is_own = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own else "/admin/"
