"""Rows that a list of the staff admin shows, without the HTML of its page."""

from django.contrib import admin
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.db import models
from django.test import RequestFactory

from portal.core.accounts.models import User


def staff_request(user: User, **parameters):
    """Return a GET request by ``user``."""
    request = RequestFactory().get("/", parameters)
    request.user = user
    return request


def listed_rows(user: User, model: type[models.Model], q: str) -> list[models.Model]:
    """Return the rows on the first page of the list, searched for ``q``."""
    model_admin = admin.site.get_model_admin(model)
    changelist = model_admin.get_changelist_instance(staff_request(user, q=q))
    return list(changelist.result_list)


def post_to_list(user: User, model: type[models.Model], **data):
    """Return the response of the list of ``model`` to an action, not rendered."""
    request = RequestFactory().post("/", data)
    request.user, request.session = user, SessionStore()
    request._messages = FallbackStorage(request)
    request._dont_enforce_csrf_checks = True
    return admin.site.get_model_admin(model).changelist_view(request)
