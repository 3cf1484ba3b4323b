"""Seminars and courses for prosecutors of China and the ASEAN member states.

The training base, the National Prosecutors College and others hold them; those for
officials of other organs, such as justice ministries, are kept as related events.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.publishing.choices import EventState, Scope
from portal.publishing.codes import code_validator
from portal.publishing.constraints import written_in_chinese_or_english
from portal.publishing.models import DatedRecord
from portal.publishing.rich_text import RichTextField
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded
from seminars.choices import Audience
from seminars.querysets import SeminarQuerySet


class Seminar(DatedRecord):
    """A seminar by its code (``SEM-0001``); its files are materials.

    ``…_as_recorded`` holds the source's words for what the relations beside it say in
    keys. ``subjects`` has one subject a line, ``topics`` says the same in keys.
    ``reported_participants`` is the number that the sources give, not a count of the
    participants on record. ``hours`` is the length of the programme in hours,
    ``instruction_languages`` a list of BCP 47 codes.
    """

    kind = "seminar"
    code_prefix = "SEM"
    language_fields = ("instruction_languages",)
    parts = ("sessions", "materials", *DatedRecord.parts)

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("SEM")],
    )
    scope = models.CharField(_("scope"), max_length=12, choices=Scope)
    audience = models.CharField(
        _("audience"), max_length=30, choices=Audience, blank=True
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    name_keys = NameKeysField(sources=("title", "venue_as_recorded"))
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    subjects = models.TextField(
        _("subjects"), blank=True, help_text=_("One subject a line.")
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="seminars", verbose_name=_("topics")
    )
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    venue_as_recorded = models.CharField(
        _("venue as recorded"), max_length=300, blank=True
    )
    venue_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="seminars_on_premises",
        verbose_name=_("organs that are the venue"),
    )
    venue_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="seminars_on_premises",
        verbose_name=_("other venues"),
    )
    city_as_recorded = models.CharField(
        _("city as recorded"), max_length=200, blank=True
    )
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="seminars", verbose_name=_("places")
    )
    organiser_as_recorded = models.CharField(
        _("organiser as recorded"), max_length=500, blank=True
    )
    organiser_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="organised_seminars",
        verbose_name=_("organising organs"),
    )
    organiser_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="organised_seminars",
        verbose_name=_("other organisers"),
    )
    host_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="hosted_seminars",
        verbose_name=_("host organs"),
    )
    host_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="hosted_seminars",
        verbose_name=_("other hosts"),
    )
    participating_countries = models.ManyToManyField(
        "directory.Country",
        blank=True,
        related_name="seminars",
        verbose_name=_("participating countries"),
    )
    reported_participants = models.PositiveIntegerField(
        _("participants as reported"), null=True, blank=True
    )
    hours = models.DecimalField(
        _("hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    instruction_languages = models.JSONField(
        _("languages of instruction"), default=list, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=EventState, blank=True)

    objects = SeminarQuerySet.as_manager()

    class Meta(DatedRecord.Meta):
        verbose_name = _("seminar")
        verbose_name_plural = _("seminars")
        constraints = [
            *DatedRecord.Meta.constraints,
            written_in_chinese_or_english("title"),
            models.CheckConstraint(
                condition=models.Q(hours__isnull=True) | models.Q(hours__gt=0),
                name="seminars_seminar_hours",
                violation_error_message=_(
                    "The hours are more than 0; leave them empty if they are not known."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {name_loaded(self, 'title')}".strip()

    def get_absolute_url(self):
        return reverse("seminars:detail", kwargs={"code": self.code})
