"""Partner agencies that use the API, and their API keys.

A key is displayed once, when it is created; only its hash is stored.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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
        verbose_name = _("partner agency")
        verbose_name_plural = _("partner agencies")
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
        Agency, models.PROTECT, related_name="keys", verbose_name=_("partner agency")
    )
    name = models.CharField(
        _("name"),
        max_length=50,
        help_text=_("Enter what the agency will use the key for."),
    )
    scope = models.CharField(
        pgettext_lazy("of an API key", "scope"),
        max_length=20,
        choices=KeyScope,
        default=KeyScope.PUBLIC,
    )
    revoked = models.BooleanField(
        _("revoked"),
        default=False,
        help_text=_("A revoked key stops working and cannot be restored."),
    )
    expiry_date = models.DateTimeField(
        _("expires at"), help_text=_("The key stops working at this time.")
    )
    last_used_at = models.DateTimeField(
        _("last used at"),
        null=True,
        editable=False,
        help_text=_("Shown to the minute. Blank if the key has never been used."),
    )

    objects = AgencyKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=KeyScope.values),
                name="accounts_agencykey_scope",
                violation_error_message=_(
                    "The scope of the key is not valid. Choose a scope from the list."
                ),
            ),
        ]
