from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditAction(models.TextChoices):
    """Actions recorded in the audit log.

    The codes are stored and hashed, so they must not change. The database column has no
    ``choices``: entries with a code that was removed from here remain valid.
    """

    CREATED = "created", pgettext_lazy("deed", "created")
    CHANGED = "changed", pgettext_lazy("deed", "changed")
    DELETED = "deleted", pgettext_lazy("deed", "deleted")
    SUBMITTED = "submitted", pgettext_lazy("deed", "submitted for review")
    RETURNED = "returned", pgettext_lazy("deed", "returned for changes")
    APPROVED = "approved", pgettext_lazy("deed", "approved")
    APPROVAL_LAPSED = (
        "approval_lapsed",
        pgettext_lazy(
            "deed", "returned to review, because it differs from the approved version"
        ),
    )
    PUBLISHED = "published", pgettext_lazy("deed", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("deed", "withdrawn")
    PROPOSED = "proposed", pgettext_lazy("deed", "proposed a change")
    ACCEPTED = "accepted", pgettext_lazy("deed", "approved a proposed change")
    DISCARDED = "discarded", pgettext_lazy("deed", "discarded a proposed change")
    IMPORTED = "imported", pgettext_lazy("deed", "imported")
    ROW_ASSIGNED = (
        "row_assigned",
        pgettext_lazy("deed", "linked to a row of the public data files"),
    )
    IMPORT_UNDONE = "undone", pgettext_lazy("deed", "import undone")
    HANDLED = "handled", pgettext_lazy("deed", "dealt with")
    ERASED = "erased", pgettext_lazy("deed", "deleted personal data")
    INVITATION_CREATED = (
        "invited",
        pgettext_lazy("deed", "created a one-time link to choose a password"),
    )
    ENROLMENT_LINK = (
        "enrolment_link",
        pgettext_lazy("deed", "created a one-time link for two-factor authentication"),
    )
    SECOND_FACTOR_RESET = (
        "reset",
        pgettext_lazy("deed", "two-factor authentication reset"),
    )
    SIGNED_OUT = "signed_out", pgettext_lazy("deed", "signed out everywhere")
    ISSUED = "issued", pgettext_lazy("deed", "issued")
    REVOKED = "revoked", pgettext_lazy("deed", "revoked")


def get_action_label(action: str) -> str:
    """Return the label of an action code, or the code itself if it is unknown."""
    return str(AuditAction(action).label) if action in AuditAction.values else action


class ChainFault(models.TextChoices):
    """Why the hash chain is broken at a position.

    The codes are stored with the verifications that users started.
    """

    MISSING = "missing", _("An audit log entry is missing.")
    ORDER = "order", _("The audit log entry does not follow the previous entry.")
    CHANGED = (
        "changed",
        _("The audit log entry has been changed since it was recorded."),
    )
    PERSONAL_VALUE = (
        "personal_value",
        _("Personal data in the audit log entry has changed since it was recorded."),
    )
    END = "end", _("The end of the audit log is missing or has changed.")


def get_fault_label(fault: str) -> str:
    """Return the explanation of a fault, or the code itself if it is unknown."""
    return str(ChainFault(fault).label) if fault in ChainFault.values else fault
