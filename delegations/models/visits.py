"""Visits: delegations that travel between the prosecuting organs of China and ASEAN.

A delegation comes to China (inbound) or leaves from it (outbound). Its members are
personal data and kept apart.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from delegations.choices import Direction, PurposeKind
from portal.publishing.choices import EventState, Scope
from portal.publishing.codes import code_validator
from portal.publishing.models import DatedRecord
from portal.translations.fields import NameKeysField
from portal.translations.shown import name_loaded


class Visit(DatedRecord):
    """A visit by its code (``VIS-0001``); without a title, its name is a sentence.

    ``…_as_recorded`` holds the source's words for what the relations beside it say in
    keys: ``from_…`` who travelled, ``to_…`` who received. ``head_count`` is how many
    travelled, NULL where no source says. ``meeting`` is the border meeting that the
    visit was, ``outcome_document`` what it was made to sign.
    """

    kind = "visit"
    code_prefix = "VIS"
    written_fields = ("title", "summary", "purpose", "outcome")
    parts = ("stops", *DatedRecord.parts)

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("VIS")],
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope)
    title = models.CharField(_("title"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    purpose_kind = models.CharField(
        _("kind of purpose"), max_length=15, choices=PurposeKind, blank=True
    )
    outcome = models.TextField(_("outcome"), blank=True)
    from_as_recorded = models.CharField(
        _("who travelled, as recorded"), max_length=500, blank=True
    )
    from_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="sent_visits",
        verbose_name=_("organs that travelled"),
    )
    from_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="sent_visits",
        verbose_name=_("others who travelled"),
    )
    from_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="sent_visits",
        verbose_name=_("from"),
    )
    to_as_recorded = models.CharField(
        _("who received, as recorded"), max_length=500, blank=True
    )
    name_keys = NameKeysField(sources=("title", "from_as_recorded", "to_as_recorded"))
    to_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="received_visits",
        verbose_name=_("organs that received"),
    )
    to_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="received_visits",
        verbose_name=_("others who received"),
    )
    to_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="received_visits",
        verbose_name=_("to"),
    )
    place_as_recorded = models.CharField(
        _("places as recorded"), max_length=300, blank=True
    )
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="visits", verbose_name=_("places")
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="visits", verbose_name=_("topics")
    )
    head_count = models.PositiveIntegerField(_("head count"), null=True, blank=True)
    meeting = models.ForeignKey(
        "exchanges.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("border meeting"),
    )
    outcome_document = models.ForeignKey(
        "conference.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_of_visits",
        verbose_name=_("outcome document"),
    )
    state = models.CharField(_("state"), max_length=10, choices=EventState, blank=True)

    class Meta(DatedRecord.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            *DatedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values),
                name="delegations_visit_direction",
                violation_error_message=_(
                    "Say whether the delegation came to China or travelled from it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {name_loaded(self, 'title')}".strip()

    def get_absolute_url(self):
        return reverse("delegations:detail", kwargs={"code": self.code})

    @property
    def facts(self) -> dict:
        """What its name is made of where no title is written."""
        return {"from": self.from_country.iso2, "to": self.to_country.iso2}
