"""Addresses of the people who work here, beside those of the admin."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import operations
from portal.accounts.choices import InterfaceLanguage
from portal.accounts.language import SESSION_KEY


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


def _own_address(request, address: str) -> str:
    """``address`` if it is one of ours, else the start of the desk."""
    is_own = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own else "/admin/"
