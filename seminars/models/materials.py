"""Materials: the papers, slides and programmes of a seminar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.languages import LANGUAGES
from portal.translations.querysets import TranslatedQuerySet
from portal.translations.shown import name_loaded
from seminars.models.seminars import Seminar


class Material(models.Model):
    """A file of a seminar, in the language it is written in.

    It is the seminar's own until someone says that it is public; then it can be fetched
    while the seminar is published.
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
        choices=[(language.code, language.own_name) for language in LANGUAGES],
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=False)

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "pk"]

    def __str__(self):
        return name_loaded(self, "title") or str(self.file)
