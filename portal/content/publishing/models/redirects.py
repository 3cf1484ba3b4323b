"""Redirects from addresses of the old sites."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models.publishable import Stamped
from portal.content.publishing.url_paths import is_site_path

# Form of the old sites' addresses; only these are looked up (portal.urls).
_OLD_SITE_PATH = re.compile(r"/(?:ywb/\S+|[0-9]{4}-[0-9]{2}/[0-9]{2}/c_[0-9]+\.htm)")


class Redirect(Stamped):
    """Permanent redirect (301) from ``old_path`` to ``new_path``, both without host.

    The new path must not be an address of the old sites, so there are no redirect
    chains or loops.
    """

    old_path = models.CharField(
        _("old address"),
        max_length=300,
        unique=True,
        validators=[
            RegexValidator(
                r"^/\S*\Z", _("Start with “/”. Do not include the domain name.")
            )
        ],
    )
    new_path = models.CharField(
        _("new address"),
        max_length=300,
        validators=[
            # Browsers treat “//host” and “/\host” as another site.
            RegexValidator(
                r"^/(?![/\\])\S*\Z",
                _("Start with a single “/”. Do not include the domain name."),
            ),
        ],
    )

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")),
                name="publishing_redirect_goes_elsewhere",
                violation_error_message=_(
                    "The old and new addresses are the same. Enter a different "
                    "new address."
                ),
            )
        ]

    def __str__(self):
        return self.old_path

    def clean(self):
        super().clean()
        problems = {}
        if not _OLD_SITE_PATH.fullmatch(self.old_path):
            problems["old_path"] = _(
                "Enter a web address of the old websites: “/ywb/…” or "
                "“/2019-03/07/c_1.htm”."
            )
        if self.new_path == self.old_path:
            pass  # reported by the database constraint
        elif _OLD_SITE_PATH.fullmatch(self.new_path):
            problems["new_path"] = _(
                "This is also an address of the old websites. Enter the "
                "address where the content is now."
            )
        elif not is_site_path(re.split("[?#]", self.new_path)[0]):
            problems["new_path"] = _(
                "There is no such page on this website. Enter the address "
                "with its language, for example “/en/about/conference/”."
            )
        if problems:
            raise ValidationError(problems)
