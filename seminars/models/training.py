"""Participants of seminars, their training records and their certificates.

All three are personal data, like ``Person``: they appear neither on public pages, nor
in the public API, nor in the catalogue.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models import Stamped
from seminars.choices import TrainingResult, TrainingRole
from seminars.models.seminars import Seminar


class Participant(Stamped):
    """A person who took part in a seminar; ``organ`` is the sending organ, if known."""

    personal_fields = ("organ",)

    seminar = models.ForeignKey(
        Seminar, models.CASCADE, related_name="participants", verbose_name=_("seminar")
    )
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        related_name="seminar_participations",
        verbose_name=_("person"),
    )
    organ = models.ForeignKey(
        "directory.Organ",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seminar_participants",
        verbose_name=_("sending organisation"),
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "person"],
                name="seminars_participant_once",
                violation_error_message=_(
                    "This person is already a participant in the seminar."
                ),
            )
        ]

    def __str__(self):
        return f"{self.person} {self.seminar.code}"

    @property
    def personal_subject(self) -> str:
        """Return the key of the person whose data this row has, for the audit log."""
        return f"people.person:{self.person_id}"


class TrainingRecord(Stamped):
    """Training record of a participant: role, hours attended and result.

    ``hours_attended`` is NULL and ``result`` empty if the value is not known or the
    training is in progress.
    """

    personal_fields = ("role", "hours_attended", "result")

    participant = models.OneToOneField(
        Participant,
        models.CASCADE,
        related_name="training_record",
        verbose_name=_("participant"),
    )
    role = models.CharField(
        _("role"), max_length=10, choices=TrainingRole, default=TrainingRole.TRAINEE
    )
    hours_attended = models.DecimalField(
        _("class hours completed"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
    )
    result = models.CharField(
        _("result"), max_length=15, choices=TrainingResult, blank=True
    )

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours_attended__isnull=True)
                | models.Q(hours_attended__gte=0),
                name="seminars_trainingrecord_hours_attended",
                violation_error_message=_("Class hours completed must be 0 or more."),
            )
        ]

    def __str__(self):
        return str(self.participant)

    @property
    def personal_subject(self) -> str:
        return self.participant.personal_subject


class Certificate(Stamped):
    """The certificate of a training record, with a number such as ``CERT-2026-0001``.

    A training record with a certificate cannot be deleted.
    """

    training_record = models.OneToOneField(
        TrainingRecord,
        models.PROTECT,
        related_name="certificate",
        verbose_name=_("training record"),
    )
    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^CERT-\d{4}-\d{4,}\Z",
                _("Enter a number in the format CERT-2026-0001."),
            )
        ],
    )
    issued_on = models.DateField(_("date of issue"))

    class Meta:
        verbose_name = _("certificate of completion")
        verbose_name_plural = _("certificates of completion")

    def __str__(self):
        return self.number

    @property
    def personal_subject(self) -> str:
        return self.training_record.personal_subject
