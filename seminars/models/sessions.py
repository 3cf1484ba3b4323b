"""Sessions: the items of a seminar programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.translations.localized_text import get_loaded_name
from portal.core.translations.querysets import TranslatedQuerySet
from seminars.choices import SessionKind
from seminars.models.seminars import Seminar


class Session(models.Model):
    """One item of a seminar programme.

    Times are stored in UTC. They are entered and shown in the time zone of ``place``,
    or of the seminar's first place if ``place`` is empty. Public pages show
    ``speaker_office``; ``speaker`` is visible to staff only.
    """

    seminar = models.ForeignKey(
        Seminar, models.CASCADE, related_name="sessions", verbose_name=_("seminar")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    session_kind = models.CharField(
        _("type"), max_length=10, choices=SessionKind, default=SessionKind.LECTURE
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    place = models.ForeignKey(
        "directory.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seminar_sessions",
        verbose_name=_("place"),
    )
    speaker_office = models.CharField(
        _("speaker's position"),
        max_length=200,
        blank=True,
        help_text=_("Enter the position only, not the person's name."),
    )
    speaker = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seminar_sessions",
        verbose_name=_("speaker"),
        help_text=_("Only staff can see this."),
    )

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("seminar session")
        verbose_name_plural = _("seminar sessions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(starts_at__isnull=False, ends_at__gte=models.F("starts_at")),
                name="seminars_session_ordered_times",
                violation_error_message=_(
                    "The end time must be after the start time. Correct the "
                    "times or leave the end time blank."
                ),
            )
        ]

    def __str__(self):
        title = get_loaded_name(self, "title") or self.position
        return f"{self.seminar.code} {title}"
