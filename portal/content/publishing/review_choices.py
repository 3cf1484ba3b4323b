"""Choices of proposed changes."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ProposalState(models.TextChoices):
    """State of a proposed change to a published record."""

    WAITING = "waiting", pgettext_lazy("state of a change", "awaiting approval")
    RETURNED = "returned", pgettext_lazy("state of a change", "returned")
    ACCEPTED = "accepted", pgettext_lazy("state of a change", "approved")
    DISCARDED = "discarded", pgettext_lazy("state of a change", "discarded")


# States of a proposal without a final decision; a record has at most one such proposal.
OPEN_STATES = (ProposalState.WAITING, ProposalState.RETURNED)
