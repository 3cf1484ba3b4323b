"""Audit log: a hash chain of entries that makes any later alteration detectable.

Each entry contains the hash of the previous entry. Personal values are stored outside
the chain, in rows that can be erased; the chain contains only their salted digests.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.audit.choices import get_action_label, get_fault_label
from portal.core.audit.display_names import get_model_verbose_name
from portal.core.audit.querysets import (
    AuditEntryQuerySet,
    ChainHeadQuerySet,
    ChainVerificationRunQuerySet,
)


class Deed(models.Model):
    """Audit entry: one action of one user on one database row.

    Entries are never edited or deleted.

    * ``by`` is the user, ``verb`` a code of the action.
    * ``model`` and ``row`` identify the changed row (``seminars.session`` and its
      primary key as text).
    * ``record_model`` and ``record_row`` identify the record to which the row belongs;
      for a record they identify the row itself.
    * ``name`` is the public code or key of that record, or "". It never contains the
      name of a person.
    * ``changes`` is a list of dicts with ``field``, ``language`` ("" for a field that
      is not translated) and ``old`` and ``new`` as text. For personal values
      ``old_digest`` and ``new_digest`` replace the texts.
    * ``note`` is the reason that the user gave.
    * ``hash`` is SHA-256 over all these values and ``previous_hash``.
    """

    position = models.PositiveBigIntegerField(_("sequence number"), primary_key=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("action"), max_length=20)
    model = models.CharField(_("type of data"), max_length=60)
    row = models.CharField(_("object ID"), max_length=64)
    name = models.CharField(_("name"), max_length=120, blank=True)
    record_model = models.CharField(_("type of record"), max_length=60)
    record_row = models.CharField(_("record"), max_length=64)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    note = models.TextField(_("reason"), blank=True)
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log")
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["record_model", "record_row", "-position"],
                name="history_of_record",
            ),
            models.Index(fields=["by", "-position"], name="history_of_person"),
            models.Index(fields=["record_model", "-position"], name="history_of_kind"),
            models.Index(fields=["verb", "-position"], name="history_of_action"),
            models.Index(fields=["at"], name="history_of_time"),
        ]

    def __str__(self):
        label = self.name or get_model_verbose_name(self.model)
        return f"{self.position} {get_action_label(self.verb)} {label}"


class PersonalValue(models.Model):
    """Old and new value of a personal field in one audit entry, until they are erased.

    ``subject`` identifies the person to whom the value belongs (``people.person:12``).
    The digests in the chain are computed from ``salt`` and the value; once this row is
    deleted, the value cannot be derived from them.
    """

    deed = models.ForeignKey(
        Deed, models.PROTECT, related_name="personal_values", verbose_name=_("action")
    )
    subject = models.CharField(_("person concerned"), max_length=80, db_index=True)
    field = models.CharField(_("field"), max_length=60)
    language = models.CharField(_("language"), max_length=10, blank=True)
    old = models.TextField(_("before"), blank=True)
    new = models.TextField(_("after"), blank=True)
    salt = models.CharField(_("salt"), max_length=32)

    class Meta:
        verbose_name = _("personal data value")
        verbose_name_plural = _("personal data values")
        constraints = [
            models.UniqueConstraint(
                fields=["deed", "field", "language"],
                name="history_personal_value_once",
                violation_error_message=_(
                    "This audit log entry already includes this field."
                ),
            )
        ]

    def __str__(self):
        return f"{self.deed_id} {self.field}"


class Head(models.Model):
    """Position and hash of the last audit entry, in a table with a single row.

    Every writer locks this row, so that entries are appended one after another.
    """

    position = models.PositiveBigIntegerField(_("sequence number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    objects = ChainHeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of the audit log")
        verbose_name_plural = _("end of the audit log")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="history_head_has_one_row",
                violation_error_message=_("The audit log can have only one end."),
            )
        ]

    def __str__(self):
        return f"{self.position} {self.hash}"


class ChainVerificationRun(models.Model):
    """Verification of the whole chain that a user started and that runs in steps.

    ``position`` and ``hash`` are those of the last entry that was verified, and
    ``head_position`` is the end of the chain when the run was started.
    ``first_broken_position`` and ``fault`` say where and why the chain is broken.
    ``lost_positions`` lists the first entries whose personal values are missing
    although they were not erased, and ``lost_count`` is the number of all such entries.
    """

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"))
    progressed_at = models.DateTimeField(_("last step at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    position = models.PositiveBigIntegerField(_("sequence number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, blank=True)
    head_position = models.PositiveBigIntegerField(_("end of the audit log"))
    first_broken_position = models.PositiveBigIntegerField(
        _("first broken position"), null=True
    )
    fault = models.CharField(_("fault"), max_length=20, blank=True)
    lost_positions = models.JSONField(_("lost values"), default=list, blank=True)
    lost_count = models.PositiveIntegerField(_("number of lost values"), default=0)

    objects = ChainVerificationRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification of the audit log")
        verbose_name_plural = _("verifications of the audit log")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def fault_label(self) -> str:
        """Explanation of the break in the active language, "" if there is none."""
        return get_fault_label(self.fault)
