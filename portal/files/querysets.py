from django.db import models
from django.db.models import Q

# A text in one of these is shown to readers of every language.
_IN_WORDS = Q(alternative_zh_hans__gt="") | Q(alternative_en__gt="")


class PictureQuerySet(models.QuerySet):
    """Pictures …"""

    def described(self) -> "PictureQuerySet":
        """… of which is said, in Chinese or English, what is to be seen."""
        return self.filter(_IN_WORDS)

    def undescribed(self) -> "PictureQuerySet":
        """… of which is not; nothing that shows one is published."""
        return self.exclude(pk__in=self.model.objects.described().values("pk"))
