"""Materials of seminars: papers, slides and programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.languages import LANGUAGES
from portal.core.translations.localized_text import get_loaded_name
from portal.core.translations.querysets import TranslatedQuerySet
from seminars.models.seminars import Seminar


class Material(models.Model):
    """A file of a seminar, in one language.

    A material is internal unless ``is_public`` is set. Public materials can be
    downloaded while the seminar is published.
    """

    seminar = models.ForeignKey(
        Seminar, models.CASCADE, related_name="materials", verbose_name=_("seminar")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    file = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        related_name="seminar_materials",
        verbose_name=_("file"),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[(language.code, language.native_name) for language in LANGUAGES],
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=False)

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "pk"]

    def __str__(self):
        return get_loaded_name(self, "title") or str(self.file)
