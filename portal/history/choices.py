from django.db import models
from django.utils.translation import pgettext_lazy


class Verb(models.TextChoices):
    """What somebody did. Stored codes are stable; the model does not bind to them."""

    CREATED = "created", pgettext_lazy("deed", "created")
    CHANGED = "changed", pgettext_lazy("deed", "changed")
    DELETED = "deleted", pgettext_lazy("deed", "deleted")
    SUBMITTED = "submitted", pgettext_lazy("deed", "submitted for review")
    RETURNED = "returned", pgettext_lazy("deed", "returned to its editor")
    APPROVED = "approved", pgettext_lazy("deed", "approved")
    APPROVAL_LAPSED = (
        "approval_lapsed",
        pgettext_lazy(
            "deed", "returned to review, because it is not the approved version"
        ),
    )
    PUBLISHED = "published", pgettext_lazy("deed", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("deed", "withdrawn")
    PROPOSED = "proposed", pgettext_lazy("deed", "proposed a change")
    ACCEPTED = "accepted", pgettext_lazy("deed", "accepted a proposed change")
    DISCARDED = "discarded", pgettext_lazy("deed", "discarded a proposed change")
    IMPORTED = "imported", pgettext_lazy("deed", "imported")
    UNDONE = "undone", pgettext_lazy("deed", "import undone")
    HANDLED = "handled", pgettext_lazy("deed", "dealt with")
    ERASED = "erased", pgettext_lazy("deed", "erased personal data")
    INVITED = "invited", pgettext_lazy("deed", "invited")
    ENROLMENT_LINK = (
        "enrolment_link",
        pgettext_lazy("deed", "made a one-time link for a second factor"),
    )
    RESET = "reset", pgettext_lazy("deed", "second factor reset")
    SIGNED_OUT = "signed_out", pgettext_lazy("deed", "signed out everywhere")
    ISSUED = "issued", pgettext_lazy("deed", "issued")
    REVOKED = "revoked", pgettext_lazy("deed", "revoked")


def label_of(verb: str) -> str:
    """What a reader of the history is told of ``verb``; the code where it has none."""
    return str(Verb(verb).label) if verb in Verb.values else verb
