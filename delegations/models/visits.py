"""Visits of delegations between prosecuting authorities of China and ASEAN states.

A delegation travels to China (inbound) or from China (outbound). Its members are
personal data and have a model of their own.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from delegations.choices import Direction, PurposeKind
from portal.content.publishing.choices import EventState, Scope
from portal.content.publishing.code_validator import code_validator
from portal.content.publishing.models import DatedRecord
from portal.core.translations.fields import NameKeysField
from portal.core.translations.localized_text import get_loaded_name


class Visit(DatedRecord):
    """A visit of a delegation, identified by its code (``VIS-0001``).

    ``title`` is empty where none is written; a title is then formed from facts.
    ``*_as_recorded`` fields quote the source; the corresponding relations point to the
    records that are meant. ``from_*`` is the visiting side, ``to_*`` the receiving
    side. ``head_count`` is the number of people who travelled, NULL if no source gives
    it. ``meeting`` is the border meeting, if the visit was one; ``outcome_document`` is
    the document that the delegation came to sign.
    """

    kind = "visit"
    code_prefix = "VIS"
    text_fields = ("title", "summary", "purpose", "outcome")
    description_fields = ("summary", "purpose")
    content_fields = {
        "summary": _("Summary"),
        "purpose": _("Purpose"),
        "outcome": _("Outcome"),
        "stops__activity": _("Itinerary"),
    }
    child_relations = ("stops", *DatedRecord.child_relations)

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        validators=[code_validator("VIS")],
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    scope = models.CharField(_("event type"), max_length=12, choices=Scope)
    title = models.CharField(_("title"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    purpose_kind = models.CharField(
        _("type of visit"), max_length=15, choices=PurposeKind, blank=True
    )
    outcome = models.TextField(_("outcome"), blank=True)
    from_as_recorded = models.CharField(
        _("visiting organisation (as in the source)"), max_length=500, blank=True
    )
    from_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="sent_visits",
        verbose_name=_("visiting organisations"),
    )
    from_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="sent_visits",
        verbose_name=_("other visiting organisations"),
    )
    from_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="sent_visits",
        verbose_name=_("sending country"),
    )
    to_as_recorded = models.CharField(
        _("receiving organisation (as in the source)"), max_length=500, blank=True
    )
    name_keys = NameKeysField(sources=("title", "from_as_recorded", "to_as_recorded"))
    to_organs = models.ManyToManyField(
        "directory.Organ",
        blank=True,
        related_name="received_visits",
        verbose_name=_("receiving organisations"),
    )
    to_parties = models.ManyToManyField(
        "directory.NamedParty",
        blank=True,
        related_name="received_visits",
        verbose_name=_("other receiving organisations"),
    )
    to_country = models.ForeignKey(
        "directory.Country",
        models.PROTECT,
        related_name="received_visits",
        verbose_name=_("country visited"),
    )
    place_as_recorded = models.CharField(
        _("places (as in the source)"), max_length=300, blank=True
    )
    places = models.ManyToManyField(
        "directory.Place", blank=True, related_name="visits", verbose_name=_("places")
    )
    topics = models.ManyToManyField(
        "directory.Topic", blank=True, related_name="visits", verbose_name=_("topics")
    )
    head_count = models.PositiveIntegerField(
        _("delegation size"), null=True, blank=True
    )
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
    state = models.CharField(
        _("event status"), max_length=10, choices=EventState, blank=True
    )

    class Meta(DatedRecord.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            *DatedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values),
                name="delegations_visit_direction",
                violation_error_message=_(
                    "Select whether this is a visit to China or a visit from China."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {get_loaded_name(self, 'title')}".strip()

    def get_absolute_url(self):
        return reverse("delegations:visit-detail", kwargs={"code": self.code})
