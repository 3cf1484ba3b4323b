"""Sign-in log: user, network address, factor and result of attempts to sign in.

Entries are deleted after a year. Unknown user names are not stored, because people
sometimes type their password into that field.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.accounts.choices import Factor, SignInOutcome
from portal.core.accounts.querysets import SignInQuerySet


class SignIn(models.Model):
    """Attempt to sign in or to reauthenticate.

    ``factor`` is the last factor that was checked, which is the second one if two were
    required. ``network`` is equal to ``address`` for IPv4, and its /64 network for
    IPv6, because one subscriber usually has a whole /64. ``user`` is None if no account
    has the given user name.
    """

    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="sign_ins",
        verbose_name=_("who"),
        help_text=_("Blank if no account has the username entered."),
    )
    address = models.GenericIPAddressField(_("IP address"), null=True)
    network = models.CharField(_("network"), max_length=50, blank=True)
    outcome = models.CharField(
        pgettext_lazy("of a sign-in", "result"), max_length=10, choices=SignInOutcome
    )
    factor = models.CharField(_("sign-in method"), max_length=20, choices=Factor)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in log entry")
        verbose_name_plural = _("sign-in log")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["network", "-at"], name="accounts_signin_network"),
            models.Index(fields=["user", "-at"], name="accounts_signin_user"),
            models.Index(fields=["at"], name="accounts_signin_at"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"
