"""Members of delegations.

Members are personal data, like ``Person``: they appear neither on public pages, nor in
the public API, nor in the catalogue.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from delegations.models.visits import Visit
from portal.content.publishing.models import Stamped


class Member(Stamped):
    """A member of a delegation, with the office held at the time of the visit.

    At most one member of a delegation is its head.
    """

    personal_fields = ("office", "is_head")

    visit = models.ForeignKey(
        Visit, models.CASCADE, related_name="members", verbose_name=_("visit")
    )
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        related_name="visit_memberships",
        verbose_name=_("person"),
    )
    office = models.CharField(_("official position"), max_length=200, blank=True)
    is_head = models.BooleanField(_("head of delegation"), default=False)

    class Meta:
        verbose_name = _("delegation member")
        verbose_name_plural = _("delegation members")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "person"],
                name="delegations_member_once",
                violation_error_message=_(
                    "This person is already a member of the delegation."
                ),
            ),
            models.UniqueConstraint(
                fields=["visit"],
                condition=models.Q(is_head=True),
                name="delegations_member_one_head",
                violation_error_message=_("This delegation already has a head."),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.visit.code}"

    @property
    def personal_subject(self) -> str:
        """Return the key of the person whose data this row has, for the audit log."""
        return f"people.person:{self.person_id}"
