"""Exceptions of name changes. Their messages are displayed to clerks."""


class NameChangeError(ValueError):
    """The name change is not possible; the message gives the reason and a remedy."""


class SelfApprovalError(NameChangeError):
    """The user who accepts the name change is one of its authors."""


class OutdatedVersionError(NameChangeError):
    """The decision or change is based on an outdated version of the name.

    The name or its change was edited or deleted after the page was opened, or the name
    was edited after the change was proposed.
    """


class AlreadyDecidedError(NameChangeError):
    """The state of the name change does not allow this decision."""


class InvalidNameError(NameChangeError):
    """The proposed name violates a rule, for example because it already exists."""
