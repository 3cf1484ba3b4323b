"""Meetings of procuratorates of China with those across the border.

Each took place once; a standing practice is a mechanism.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchanges.models.mechanisms import Mechanism
from portal.publishing.choices import EventState
from portal.publishing.codes import code_validator
from portal.publishing.models import DatedRecord
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Meeting(DatedRecord):
    """A meeting by its code (``MTG-0001``); without a title, its name is a sentence.

    ``…_as_recorded`` holds the source's words for what the relations beside it say in
    keys: ``organs_cn`` and ``parties_cn`` are the Chinese side, ``organs_other`` and
    ``parties_other`` that of ``other_country``. ``series_number`` is its number among
    the meetings of the mechanism, NULL where no source numbers it. ``outcome`` has one
    result a line. The minutes are attachments, one a language.
    """

    kind = "meeting"
    code_prefix = "MTG"
    written_fields = ("title", "outcome")
    parts = ("agenda_items", "agreed_actions", *DatedRecord.parts)

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("MTG")],
    )
    mechanism = models.ForeignKey(
        Mechanism,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("mechanism"),
    )
    mechanism_as_recorded = models.CharField(
        _("mechanism as recorded"), max_length=500, blank=True
    )
    series_number = models.PositiveSmallIntegerField(
        _("number in the series"), null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    place_as_recorded = models.CharField(
        _("place as recorded"), max_length=300, blank=True
    )
    name_keys = NameKeysField(sources=("title", "place_as_recorded"))
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="meetings", verbose_name=_("places")
    )
    host_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("host country"),
    )
    host_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("host organs"),
    )
    organs_cn_as_recorded = models.CharField(
        _("Chinese side as recorded"), max_length=1000, blank=True
    )
    organs_cn = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="chinese_side_meetings",
        verbose_name=_("organs of the Chinese side"),
    )
    parties_cn = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="chinese_side_meetings",
        verbose_name=_("others of the Chinese side"),
    )
    organs_other_as_recorded = models.CharField(
        _("other side as recorded"), max_length=1000, blank=True
    )
    organs_other = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="other_side_meetings",
        verbose_name=_("organs of the other side"),
    )
    parties_other = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="other_side_meetings",
        verbose_name=_("others of the other side"),
    )
    other_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("country of the other side"),
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="meetings", verbose_name=_("topics")
    )
    outcome = models.TextField(
        _("outcome"), blank=True, help_text=_("One result a line.")
    )
    outcome_document = models.ForeignKey(
        "conference.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_of_meetings",
        verbose_name=_("outcome document"),
    )
    state = models.CharField(_("state"), max_length=10, choices=EventState, blank=True)

    class Meta(DatedRecord.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *DatedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(series_number__isnull=True)
                | models.Q(series_number__gte=1),
                name="exchanges_meeting_series_number",
                violation_error_message=_("Meetings of a series are numbered from 1."),
            ),
            models.UniqueConstraint(
                fields=["mechanism", "series_number"],
                condition=models.Q(series_number__isnull=False),
                name="exchanges_meeting_once_in_series",
                violation_error_message=_(
                    "The mechanism has a meeting with this number already."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {name_loaded(self, 'title')}".strip()

    @property
    def facts(self) -> dict:
        """What its name is made of where no title is written."""
        other = self.other_country.iso2 if self.other_country else ""
        return {"other": other, "number": self.series_number}

    def get_absolute_url(self):
        return reverse("exchanges:meeting", kwargs={"code": self.code})
