"""Who did what, when, to which field: a chain of deeds in which nothing can be changed
unseen.

Each deed carries the hash of the one before it. What is personal stands outside the
chain, in rows that can be erased; the chain holds only a salted digest of it.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.history.choices import label_of
from portal.history.naming import kind_of_row
from portal.history.querysets import DeedQuerySet, HeadQuerySet


class Deed(models.Model):
    """One thing that somebody did to one row; never edited, never deleted.

    ``model`` and ``row`` name the row (``seminars.session``, its primary key as text),
    ``record_model`` and ``record_row`` the record that it hangs on, the row itself
    where it hangs on none; ``name`` is that record's public code, "" where it has none:
    no name of a person stands here. ``changes`` lists what changed: each a dict of
    ``field``, ``language`` ("" if it has none) and ``old`` and ``new`` as text, or
    ``old_digest`` and ``new_digest`` where the values are personal. ``note`` is the
    reason that was given. ``hash`` is SHA-256 over all of it and ``previous_hash``.
    """

    position = models.PositiveBigIntegerField(_("position"), primary_key=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("deed"), max_length=20)
    model = models.CharField(_("kind of row"), max_length=60)
    row = models.CharField(_("row"), max_length=64)
    name = models.CharField(_("name"), max_length=120, blank=True)
    record_model = models.CharField(_("kind of record"), max_length=60)
    record_row = models.CharField(_("record"), max_length=64)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    note = models.TextField(_("reason"), blank=True)
    previous_hash = models.CharField(_("hash before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the history")
        verbose_name_plural = _("history")
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["record_model", "record_row", "-position"],
                name="history_of_record",
            ),
            models.Index(fields=["by", "-position"], name="history_of_person"),
        ]

    def __str__(self):
        told = self.name or kind_of_row(self.model)
        return f"{self.position} {label_of(self.verb)} {told}"


class PersonalValue(models.Model):
    """What a personal field said before and after a deed, until it is erased.

    ``subject`` names the person whom it is about (``people.person:12``). ``salt`` and a
    value make the digest in the chain: without them it tells nothing.
    """

    deed = models.ForeignKey(
        Deed, models.PROTECT, related_name="personal_values", verbose_name=_("deed")
    )
    subject = models.CharField(_("about"), max_length=80, db_index=True)
    field = models.CharField(_("field"), max_length=60)
    language = models.CharField(_("language"), max_length=10, blank=True)
    old = models.TextField(_("before"), blank=True)
    new = models.TextField(_("after"), blank=True)
    salt = models.CharField(_("salt"), max_length=32)

    class Meta:
        verbose_name = _("personal value")
        verbose_name_plural = _("personal values")
        constraints = [
            models.UniqueConstraint(
                fields=["deed", "field", "language"],
                name="history_personal_value_once",
                violation_error_message=_(
                    "This entry of the history tells this field already."
                ),
            )
        ]

    def __str__(self):
        return f"{self.deed_id} {self.field}"


class Head(models.Model):
    """The one row that holds the end of the chain; locked by each writer."""

    position = models.PositiveBigIntegerField(_("position"), default=0)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    objects = HeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of the history")
        verbose_name_plural = _("end of the history")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="history_head_has_one_row",
                violation_error_message=_("The history has one end."),
            )
        ]

    def __str__(self):
        return f"{self.position} {self.hash}"
