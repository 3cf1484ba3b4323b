"""The sign-in log: who tried to come in, from where, and whether they were let in.

It is kept for a year. A name that no account has is not kept: people type their
password there.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.choices import Factor, Outcome
from portal.accounts.querysets import SignInQuerySet


class SignIn(models.Model):
    """One attempt. ``factor`` is the last one shown: the second where two were needed.

    ``network`` is ``address``, for IPv6 its /64: what one subscriber holds whole.
    """

    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="sign_ins",
        verbose_name=_("who"),
        help_text=_("Empty: no account has the name that was given."),
    )
    address = models.GenericIPAddressField(_("network address"), null=True)
    network = models.CharField(_("network"), max_length=50, blank=True)
    outcome = models.CharField(
        pgettext_lazy("of a sign-in", "outcome"), max_length=10, choices=Outcome
    )
    factor = models.CharField(_("factor"), max_length=20, choices=Factor)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-in log")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["network", "-at"], name="accounts_signin_network"),
            models.Index(fields=["user", "-at"], name="accounts_signin_user"),
            models.Index(fields=["at"], name="accounts_signin_at"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"
