from django.db import models
from django.db.models import Q

# Every language falls back to simplified Chinese or English.
_HAS_ALT_TEXT = Q(alternative_zh_hans__gt="") | Q(alternative_en__gt="")


class PictureQuerySet(models.QuerySet):
    """Pictures, selected by whether they have alternative text."""

    def with_alt_text(self) -> "PictureQuerySet":
        """Filter pictures with alternative text in simplified Chinese or English."""
        return self.filter(_HAS_ALT_TEXT)

    def missing_alt_text(self) -> "PictureQuerySet":
        """Filter pictures without alternative text in simplified Chinese and English.

        Records that show one of these pictures cannot be published.
        """
        return self.exclude(pk__in=self.model.objects.with_alt_text().values("pk"))
