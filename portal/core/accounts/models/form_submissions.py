"""Used tokens of admin add forms, so that each form can be saved only once."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.querysets import FormSubmissionQuerySet


class FormSubmission(models.Model):
    """Use of the token of an add form, written in the transaction of the new object.

    ``token`` is the random part of the signed form token. ``object_id`` is the primary
    key of the new object as text; it is "" only inside the transaction that is saving
    the form.
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
    # AgencyKey has the longest primary key: up to 150 characters.
    object_id = models.CharField(max_length=150, blank=True, editable=False)
    used_at = models.DateTimeField(_("used at"), editable=False)

    objects = FormSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("form submission")
        verbose_name_plural = _("form submissions")
        ordering = ("pk",)
        indexes = [models.Index(fields=["used_at"], name="accounts_submission_used_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["token"],
                name="accounts_form_submission_once",
                violation_error_message=_("This form has already been saved."),
            )
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.used_at:%Y-%m-%d %H:%M}"

    def find_saved_object(self, rows: models.QuerySet) -> models.Model | None:
        """Return the object that the form created, or None if it is not in ``rows``."""
        return rows.filter(pk=self.object_id).first() if self.object_id else None
