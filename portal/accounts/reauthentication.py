"""What is worth much is done only by somebody who has just shown who they are.

``@reauthenticated`` goes on a view, :class:`ReauthenticatedAdmin` before a model's
admin: whoever has not signed in or confirmed it within ten minutes is asked again.
"""

import time
from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

RECENT = 10 * 60
# Longer for what is sent: nobody is to lose a form that they took time to fill in.
RECENT_ENOUGH_TO_SEND = 30 * 60


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person has signed in or confirmed it lately, in this session."""
    if not request.user.is_authenticated:
        return False
    within = RECENT if request.method in ("GET", "HEAD") else RECENT_ENOUGH_TO_SEND
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < within


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that asks for password, code or passkey, and from there back."""
    query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def reauthenticated(view):
    """Decorate a view, or a method of an admin whose first argument is the request.

    Permissions are the view's own: put this inside of what checks them, so that who
    may not come in is not asked for a password first.
    """

    @wraps(view)
    def checked(*args, **kwargs):
        request = next(one for one in args if isinstance(one, HttpRequest))
        if not recently_authenticated(request):
            return ask_again(request)
        return view(*args, **kwargs)

    return checked


class ReauthenticatedAdmin:
    """Mixin before a ModelAdmin: forms, deletion and actions need it, lists do not."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may = self.has_change_permission if object_id else self.has_add_permission
        if may(request) and not recently_authenticated(request):
            return ask_again(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        if self.has_delete_permission(request) and not recently_authenticated(request):
            return ask_again(request)
        return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and not recently_authenticated(request):
            return ask_again(request)
        return super().changelist_view(request, extra_context)
