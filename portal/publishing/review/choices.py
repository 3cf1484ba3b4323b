from django.db import models
from django.utils.translation import pgettext_lazy


class ProposalState(models.TextChoices):
    """Where a change to a published record stands; open until it is decided."""

    WAITING = "waiting", pgettext_lazy("state of a change", "waiting for review")
    RETURNED = "returned", pgettext_lazy("state of a change", "returned")
    ACCEPTED = "accepted", pgettext_lazy("state of a change", "accepted")
    DISCARDED = "discarded", pgettext_lazy("state of a change", "discarded")


# Nobody has decided yet; a record has one such change at most.
OPEN_STATES = (ProposalState.WAITING, ProposalState.RETURNED)
