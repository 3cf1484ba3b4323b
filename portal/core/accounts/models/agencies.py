"""Partner agencies that use the API, and their API keys.

A key is displayed once, when it is created; only its hash is stored.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey

from portal.core.accounts.choices import KeyScope
from portal.core.accounts.querysets import AgencyKeyManager


class Agency(models.Model):
    """Organ of the directory that uses the API with keys.

    The keys of an agency work only while the agency is active.
    """

    organ = models.OneToOneField(
        "directory.Organ",
        models.PROTECT,
        related_name="agency",
        verbose_name=_("organisation"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("pk",)

    def __str__(self):
        return str(self.organ)


class AgencyKey(AbstractAPIKey):
    """API key of a partner agency, with its scope and expiry date.

    ``prefix`` is the part of the key before the dot. It identifies a key in the admin,
    in logs and in conversation without disclosing the key. ``last_used_at`` is updated
    at most once per ``USE_INTERVAL``.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="keys", verbose_name=_("agency")
    )
    name = models.CharField(
        _("name"),
        max_length=50,
        help_text=_("What the key is for, in the agency's own words."),
    )
    scope = models.CharField(
        _("scope"), max_length=20, choices=KeyScope, default=KeyScope.PUBLIC
    )
    revoked = models.BooleanField(
        _("revoked"),
        default=False,
        help_text=_("A revoked key opens nothing, and cannot be given back."),
    )
    expiry_date = models.DateTimeField(
        _("expires at"), help_text=_("From this moment on the key opens nothing.")
    )
    last_used_at = models.DateTimeField(
        _("last used at"),
        null=True,
        editable=False,
        help_text=_("To the minute. Empty if the key was never used."),
    )

    objects = AgencyKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("key of an agency")
        verbose_name_plural = _("keys of agencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=KeyScope.values),
                name="accounts_agencykey_scope",
                violation_error_message=_("There is no such scope of a key."),
            ),
        ]
