"""Add forms that were saved: each form can be saved once."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.querysets import FormSubmissionQuerySet


class FormSubmission(models.Model):
    """The use of one add form's token, written in the transaction of the new row.

    ``token`` is the random part of the signed token (``portal.accounts.form_tokens``).
    ``object_id`` is the primary key of the new row as text; it is "" only inside the
    transaction that is saving the form.
    """

    token = models.CharField(_("token"), max_length=32, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        editable=False,
        verbose_name=_("user"),
    )
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", editable=False
    )
    # The primary key of an agency key has 150 characters at most, others fewer.
    object_id = models.CharField(max_length=150, blank=True, editable=False)
    used_at = models.DateTimeField(_("used at"), editable=False)

    objects = FormSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved form")
        verbose_name_plural = _("saved forms")
        ordering = ("pk",)
        indexes = [models.Index(fields=["used_at"], name="accounts_submission_used_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["token"],
                name="accounts_form_submission_once",
                violation_error_message=_("This form was already saved."),
            )
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.used_at:%Y-%m-%d %H:%M}"

    def saved_row(self, rows: models.QuerySet) -> models.Model | None:
        """The row of ``rows`` that the form was saved as; None if it is not there."""
        return rows.filter(pk=self.object_id).first() if self.object_id else None
