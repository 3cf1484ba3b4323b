"""Meetings of procuratorates of China with prosecuting authorities across the border.

A meeting is a single event; a standing arrangement is a ``Mechanism``.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchanges.models.mechanisms import Mechanism
from portal.content.publishing.choices import EventState
from portal.content.publishing.code_validator import code_validator
from portal.content.publishing.constraints import require_text_with_basis
from portal.content.publishing.models import DatedRecord
from portal.content.publishing.text_basis import text_basis_field
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Meeting(DatedRecord):
    """A border meeting, identified by its code (``MTG-0001``).

    ``title`` is empty where none is written; a title is then formed from facts.
    ``*_as_recorded`` fields quote the source; the corresponding relations point to the
    records that are meant: ``organs_cn`` and ``parties_cn`` are the Chinese side,
    ``organs_other`` and ``parties_other`` the side of ``other_country``.
    ``series_number`` is the meeting's number within its mechanism, NULL if no source
    gives one. ``outcome`` has one result per line. The minutes are attachments, one per
    language.
    """

    kind = "meeting"
    code_prefix = "MTG"
    text_fields = ("title", "outcome")
    content_fields = {
        "agenda_items__text": _("Agenda"),
        "outcome": _("Outcome"),
        "agreed_actions__text": _("Agreed actions"),
    }
    child_relations = ("agenda_items", "agreed_actions", *DatedRecord.child_relations)
    text_bases = {("title", "zh-hans"): "title_zh_basis"}

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
        _("mechanism (as in the source)"), max_length=500, blank=True
    )
    series_number = models.PositiveSmallIntegerField(
        _("meeting number"), null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    title_zh_basis = text_basis_field(_("origin of the Chinese title"))
    place_as_recorded = models.CharField(
        _("place (as in the source)"), max_length=300, blank=True
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
        verbose_name=_("host organisations"),
    )
    organs_cn_as_recorded = models.CharField(
        _("Chinese side (as in the source)"), max_length=1000, blank=True
    )
    organs_cn = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="chinese_side_meetings",
        verbose_name=_("Chinese organisations"),
    )
    parties_cn = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="chinese_side_meetings",
        verbose_name=_("other Chinese organisations"),
    )
    organs_other_as_recorded = models.CharField(
        _("partner side (as in the source)"), max_length=1000, blank=True
    )
    organs_other = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="other_side_meetings",
        verbose_name=_("partner organisations"),
    )
    parties_other = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="other_side_meetings",
        verbose_name=_("other partner organisations"),
    )
    other_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("partner country"),
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="meetings", verbose_name=_("topics")
    )
    outcome = models.TextField(
        _("outcome"), blank=True, help_text=_("Enter one outcome per line.")
    )
    outcome_document = models.ForeignKey(
        "conference.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_of_meetings",
        verbose_name=_("outcome document"),
    )
    state = models.CharField(
        _("event status"), max_length=10, choices=EventState, blank=True
    )

    class Meta(DatedRecord.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *DatedRecord.Meta.constraints,
            require_text_with_basis("title_zh_hans", "title_zh_basis"),
            models.CheckConstraint(
                condition=models.Q(series_number__isnull=True)
                | models.Q(series_number__gte=1),
                name="exchanges_meeting_series_number",
                violation_error_message=_("The meeting number must be 1 or more."),
            ),
            models.UniqueConstraint(
                fields=["mechanism", "series_number"],
                condition=models.Q(series_number__isnull=False),
                name="exchanges_meeting_once_in_series",
                violation_error_message=_(
                    "This mechanism already has a meeting with this number. "
                    "Enter another number."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {get_loaded_name(self, 'title')}".strip()

    def get_absolute_url(self):
        return reverse("exchanges:meeting-detail", kwargs={"code": self.code})
