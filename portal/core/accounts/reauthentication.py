"""Recent authentication as a requirement for sensitive views and admin pages.

Users who have not signed in or reauthenticated in the last ten minutes are redirected
to reauthentication. Use the decorator ``reauthentication_required`` for views and the
mixin ``ReauthenticationRequiredMixin`` for ModelAdmin classes.
"""

import time
from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

REAUTHENTICATION_TIMEOUT = 10 * 60
# Seconds for POST requests; longer, so that users do not lose a form they filled in.
REAUTHENTICATION_TIMEOUT_FOR_POST = 30 * 60


def is_recently_authenticated(request: HttpRequest) -> bool:
    """Return whether the user has recently authenticated in this session.

    The limit is 10 minutes for GET and HEAD requests and 30 minutes for others.
    """
    if not request.user.is_authenticated:
        return False
    timeout = (
        REAUTHENTICATION_TIMEOUT
        if request.method in ("GET", "HEAD")
        else REAUTHENTICATION_TIMEOUT_FOR_POST
    )
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < timeout


def redirect_to_reauthentication(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the reauthentication page, which returns to the current URL."""
    query = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def reauthentication_required(view):
    """Decorate a view or admin method so that it requires recent authentication.

    The decorator does not check permissions. Apply it inside the decorators that do, so
    that users without permission are refused before they have to reauthenticate.
    """

    @wraps(view)
    def wrapper(*args, **kwargs):
        request = next(arg for arg in args if isinstance(arg, HttpRequest))
        if not is_recently_authenticated(request):
            return redirect_to_reauthentication(request)
        return view(*args, **kwargs)

    return wrapper


class ReauthenticationRequiredMixin:
    """ModelAdmin mixin that requires recent authentication for changes.

    It applies to add and change forms, deletion and list actions, but not to viewing
    lists. Users without the permission concerned are not asked to reauthenticate. List
    the mixin before the ModelAdmin class.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        has_permission = (
            self.has_change_permission if object_id else self.has_add_permission
        )
        if has_permission(request) and not is_recently_authenticated(request):
            return redirect_to_reauthentication(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        if self.has_delete_permission(request) and not is_recently_authenticated(
            request
        ):
            return redirect_to_reauthentication(request)
        return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and not is_recently_authenticated(request):
            return redirect_to_reauthentication(request)
        return super().changelist_view(request, extra_context)
