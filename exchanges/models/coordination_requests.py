"""Coordination requests between the two sides of a mechanism.

They are recorded to count requests and to measure response times. By design there is no
field for free text, files, case numbers or persons: the content of a request is known
to the authorities concerned only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchanges.choices import RequestDirection, RequestKind, RequestResult
from exchanges.models.mechanisms import Mechanism
from portal.content.publishing.models import Stamped


class CoordinationRequest(Stamped):
    """A coordination request with its direction, kind, dates and result.

    While a request is pending, ``answered_on`` is NULL and ``result`` is empty.
    """

    mechanism = models.ForeignKey(
        Mechanism,
        models.PROTECT,
        related_name="coordination_requests",
        verbose_name=_("mechanism"),
    )
    direction = models.CharField(_("direction"), max_length=3, choices=RequestDirection)
    request_kind = models.CharField(_("type"), max_length=12, choices=RequestKind)
    received_on = models.DateField(_("received on"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=10, choices=RequestResult, blank=True
    )

    class Meta:
        verbose_name = _("coordination request")
        verbose_name_plural = _("coordination requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    direction__in=RequestDirection.values,
                    request_kind__in=RequestKind.values,
                    result__in=["", *RequestResult.values],
                ),
                name="exchanges_coordinationrequest_closed_lists",
                violation_error_message=_(
                    "Choose the direction, type and result from the lists."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True)
                | models.Q(answered_on__gte=models.F("received_on")),
                name="exchanges_coordinationrequest_ordered_days",
                violation_error_message=_(
                    "The answer date must be the same as or after the date received."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True, result="")
                | (models.Q(answered_on__isnull=False) & ~models.Q(result="")),
                name="exchanges_coordinationrequest_result",
                violation_error_message=_(
                    "Enter both the answer date and the result, or leave both "
                    "blank if the request is pending."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.mechanism} {self.received_on}"
