"""Agenda items of meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchanges.models.meetings import Meeting
from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.core.translations.querysets import TranslatedQuerySet


class AgendaItem(models.Model):
    """One item of a meeting's agenda."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="agenda_items", verbose_name=_("meeting")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("text"), max_length=500, blank=True)

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "pk"]
        constraints = [require_chinese_or_english_text("text")]

    def __str__(self):
        return self.text_zh_hans or self.text_en or str(self.position)
