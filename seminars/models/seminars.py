"""Seminars and courses for prosecutors of China and the ASEAN member states.

They are organised by the China-ASEAN training base, the National Prosecutors College
and others. Seminars for officials of other authorities, such as justice ministries, are
recorded with the scope "related".
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.publishing.choices import EventState, Scope
from portal.content.publishing.code_validator import code_validator
from portal.content.publishing.constraints import (
    require_chinese_or_english_text,
    require_text_with_basis,
)
from portal.content.publishing.models import DatedRecord
from portal.content.publishing.rich_text import RichTextField
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name
from seminars.choices import Audience
from seminars.querysets import SeminarQuerySet


class Seminar(DatedRecord):
    """A seminar or course, identified by its code (``SEM-0001``).

    ``*_as_recorded`` fields quote the source; the corresponding relations, such as
    ``places`` for ``city_as_recorded``, point to the records that are meant.
    ``subjects`` has one subject per line, ``topics`` are the matching topic records.
    ``reported_participants`` is the number given by the sources, not a count of
    ``Participant`` rows. ``hours`` is the length of the programme in hours,
    ``instruction_languages`` a list of BCP 47 tags. The files of a seminar are
    ``Material`` rows.
    """

    kind = "seminar"
    description_fields = ("summary", "body")
    content_fields = {
        "summary": _("Summary"),
        "body": _("Full text"),
        "subjects": _("Subjects"),
        "sessions__title": _("Programme"),
    }
    code_prefix = "SEM"
    language_code_fields = ("instruction_languages",)
    child_relations = ("sessions", "materials", *DatedRecord.child_relations)
    text_bases = {("title", "zh-hans"): "title_zh_basis"}
    added_relations = ("co_organiser_organs", "co_organiser_parties")

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("SEM")],
    )
    scope = models.CharField(_("event type"), max_length=12, choices=Scope)
    audience = models.CharField(
        _("audience"), max_length=30, choices=Audience, blank=True
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    title_zh_basis = text_basis_field(_("origin of the Chinese title"))
    name_keys = NameKeysField(sources=("title", "venue_as_recorded"))
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    subjects = models.TextField(
        _("subjects"), blank=True, help_text=_("Enter one subject per line.")
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="seminars", verbose_name=_("topics")
    )
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    venue_as_recorded = models.CharField(
        _("venue (as in the source)"), max_length=300, blank=True
    )
    venue_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="seminars_at_venue",
        verbose_name=_("venue organisations"),
    )
    venue_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="seminars_at_venue",
        verbose_name=_("other venues"),
    )
    city_as_recorded = models.CharField(
        _("city (as in the source)"), max_length=200, blank=True
    )
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="seminars", verbose_name=_("places")
    )
    organiser_as_recorded = models.CharField(
        pgettext_lazy("of a seminar", "organiser (as in the source)"),
        max_length=500,
        blank=True,
    )
    organiser_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="organised_seminars",
        verbose_name=pgettext_lazy("of a seminar", "organisers"),
    )
    organiser_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="organised_seminars",
        verbose_name=pgettext_lazy("of a seminar", "other organisers"),
    )
    host_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="hosted_seminars",
        verbose_name=pgettext_lazy("of a seminar", "host organisations"),
    )
    host_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="hosted_seminars",
        verbose_name=pgettext_lazy("of a seminar", "other hosts"),
    )
    co_organiser_as_recorded = models.CharField(
        _("co-organiser (as in the source)"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
    )
    co_organiser_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="co_organised_seminars",
        verbose_name=_("co-organisers"),
    )
    co_organiser_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="co_organised_seminars",
        verbose_name=_("other co-organisers"),
    )
    participating_countries = models.ManyToManyField(
        "directory.Country",
        blank=True,
        related_name="seminars",
        verbose_name=_("participating countries"),
    )
    reported_participants = models.PositiveIntegerField(
        _("participants (reported)"), null=True, blank=True
    )
    hours = models.DecimalField(
        _("class hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    instruction_languages = models.JSONField(
        _("languages of instruction"), default=list, blank=True
    )
    state = models.CharField(
        _("event status"), max_length=10, choices=EventState, blank=True
    )

    objects = SeminarQuerySet.as_manager()

    class Meta(DatedRecord.Meta):
        verbose_name = _("seminar")
        verbose_name_plural = _("seminars")
        constraints = [
            *DatedRecord.Meta.constraints,
            require_chinese_or_english_text("title"),
            require_text_with_basis("title_zh_hans", "title_zh_basis"),
            models.CheckConstraint(
                condition=models.Q(hours__isnull=True) | models.Q(hours__gt=0),
                name="seminars_seminar_hours",
                violation_error_message=_(
                    "Class hours must be more than 0. Leave blank if not known."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {get_loaded_name(self, 'title')}".strip()

    def get_absolute_url(self):
        return reverse("seminars:detail", kwargs={"code": self.code})
