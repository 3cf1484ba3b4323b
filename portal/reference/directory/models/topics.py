"""Topics of records: a closed list, maintained by the office."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.constraints import require_chinese_or_english_text
from portal.content.publishing.links import LinkTarget
from portal.content.publishing.list_validators import (
    validate_language_values,
    validate_portal_languages,
)
from portal.content.publishing.models import Stamped
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from portal.reference.directory.querysets import TopicQuerySet


class Topic(LinkTarget, Stamped):
    """A topic, identified by a readable key (``asset-recovery``).

    ``draft_languages`` are the codes of the languages in which nobody who speaks them
    has read the name. ``term_sources`` are texts in which the term was seen, one
    ``language=address`` per line.
    """

    language_code_fields = ("draft_languages",)

    key = models.CharField(
        _("identifier"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")],
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_keys = NameKeysField(sources=("name",))
    # db_default: processes of the previous release insert rows during an upgrade.
    draft_languages = models.JSONField(
        _("languages with an unchecked name"),
        default=list,
        db_default=[],
        blank=True,
        validators=[validate_portal_languages],
        help_text=_(
            "Languages in which no speaker has checked the name. "
            "Remove a code after a speaker has checked the name."
        ),
    )
    term_sources = models.TextField(
        _("sources of the terms"),
        blank=True,
        default="",
        db_default="",
        validators=[validate_language_values],
        help_text=_("Enter one language=web address per line."),
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [require_chinese_or_english_text("name")]

    def __str__(self):
        return get_loaded_name(self, "name") or self.key
