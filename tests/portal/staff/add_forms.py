"""Data of unchanged add forms, which are rendered once per process."""

from copy import deepcopy

from django.db import models
from django.urls import reverse

from portal.core.accounts.form_tokens import TOKEN_INPUT, issue_token
from portal.core.accounts.models import User
from tests.admin_forms import filled

_rendered: dict[str, dict] = {}


def add_address(model: type[models.Model]) -> str:
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_add")


def blank_form(client, model: type[models.Model]) -> dict:
    """Return what a browser would post if the add form of ``model`` were left blank.

    Only the one-time token of a form differs from that of another opening: the user of
    ``client`` gets a new one. A form whose first values depend on rows must be opened.
    """
    label = model._meta.label_lower
    if label not in _rendered:
        _rendered[label] = filled(client.get(add_address(model)))
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return deepcopy(_rendered[label]) | {TOKEN_INPUT: issue_token(user, f"{label}:add")}
