"""Topics of records: a closed list, maintained by the office."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.models import Stamped
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from portal.reference.directory.querysets import TopicQuerySet


class Topic(LinkTarget, Stamped):
    """A topic, identified by a readable key (``asset-recovery``)."""

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_keys = NameKeysField(sources=("name",))

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [require_chinese_or_english_text("name")]

    def __str__(self):
        return get_loaded_name(self, "name") or self.key
