"""What records are about: a closed list, kept by the office."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.links import Linked
from portal.publishing.models import Stamped
from portal.translations.fields import NameKeysField
from portal.translations.querysets import TranslatedQuerySet
from portal.translations.shown import name_loaded


class Topic(Linked, Stamped):
    """A topic by its literal key (``asset-recovery``)."""

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_keys = NameKeysField(sources=("name",))

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [written_in_chinese_or_english("name")]

    def __str__(self):
        return name_loaded(self, "name") or self.key
