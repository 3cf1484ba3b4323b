"""People who work in the portal: staff of the office, and the portal's own actors.

An actor (``system:record``) signs what the portal does by itself. It cannot sign in.
"""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.querysets import UserManager


class User(AbstractUser):
    """A staff account or a named system actor."""

    is_actor = models.BooleanField(
        _("system actor"),
        default=False,
        help_text=_("An actor signs what the portal does by itself; nobody signs in."),
    )

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_actor=False)
                | models.Q(is_active=False, is_staff=False, is_superuser=False),
                name="accounts_user_actor_cannot_sign_in",
                violation_error_message=_(
                    "A system actor may be neither active, staff nor superuser."
                ),
            ),
        ]
