"""One-time links with which users set a password or their first second factor.

A person who has a link can take over the account; with a link for a second factor they
also need the password. A link therefore expires soon and works only once.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.accounts.choices import InvitationPurpose
from portal.core.accounts.querysets import InvitationQuerySet


class Invitation(models.Model):
    """One-time link for ``user``; only the hash of its secret is stored.

    Until ``enrols_until`` the browser session in which the link was used may set up the
    first second factor of ``user``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("user"),
    )
    purpose = models.CharField(
        pgettext_lazy("of a one-time link", "purpose"),
        max_length=10,
        choices=InvitationPurpose,
        default=InvitationPurpose.PASSWORD,
    )
    digest = models.CharField(_("hash"), max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True)
    enrols_until = models.DateTimeField(
        _("two-factor authentication can be set up until"), null=True
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("pk",)

    def __str__(self):
        return f"{self.user_id} {self.expires_at:%Y-%m-%d %H:%M}"
