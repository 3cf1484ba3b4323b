"""Headings of office sheets and the columns as which staff chose to read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models.publishable import Stamped
from portal.core.translations.normal_form import name_key


def normalize_heading(heading: str) -> str:
    """Return the form in which headings are compared."""
    return name_key(heading).replace("_", "").replace("\n", "").strip("*:")


class HeadingMapping(Stamped):
    """Heading of a sheet that is read as another column, or ignored, in every import.

    ``resource`` is the code of the imported resource, such as ``seminars``. ``field``
    is the field of the column, such as ``hours``; empty if columns with this heading
    are ignored. ``heading_key`` is the normalised heading.
    """

    resource = models.CharField(_("type of data"), max_length=40, editable=False)
    heading = models.CharField(_("heading"), max_length=200, editable=False)
    heading_key = models.CharField(
        _("normalised heading"), max_length=200, editable=False
    )
    field = models.CharField(
        _("read as"), max_length=100, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("heading of sheets")
        verbose_name_plural = _("headings of sheets")
        ordering = ["resource", "heading_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "heading_key"],
                name="publishing_headingmapping_once",
                violation_error_message=_(
                    "This heading is listed for this kind of record already."
                ),
            )
        ]

    def __str__(self):
        return self.heading
