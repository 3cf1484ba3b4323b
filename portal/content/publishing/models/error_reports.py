"""Reports by visitors that something on a page is wrong."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.publishing.choices import ReportState


class ErrorReport(models.Model):
    """A visitor's report of an error on a page.

    ``page`` is a path of this site, "" for the site as a whole; ``language`` is the
    language in which the visitor read it. ``email`` is personal data that is stored
    until the report is dealt with; a database constraint requires it to be empty after
    that.
    """

    text = models.TextField(_("text"), editable=False)
    page = models.CharField(_("page"), max_length=300, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    email = models.EmailField(_("email address for reply"), blank=True, editable=False)
    state = models.CharField(
        pgettext_lazy("of a problem report", "status"),
        max_length=4,
        choices=ReportState,
        default=ReportState.NEW,
        editable=False,
    )
    received_at = models.DateTimeField(_("received at"), editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)

    class Meta:
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=ReportState.DONE) | models.Q(email=""),
                name="publishing_errorreport_done_keeps_no_email",
                violation_error_message=_(
                    "A report that has been dealt with cannot keep an email "
                    "address. Delete the email address."
                ),
            )
        ]

    def __str__(self):
        return f"#{self.pk} {self.page}".strip()
