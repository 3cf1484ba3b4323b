"""Why a change of a name cannot be proposed or decided. Messages are for clerks."""


class NameChangeError(ValueError):
    """The change of a name cannot be written; the message says why and what to do."""


class SelfApprovalError(NameChangeError):
    """The person who accepts has written the change."""


class OutdatedVersionError(NameChangeError):
    """The change or the name is not what was shown, or not what it was based on."""


class AlreadyDecidedError(NameChangeError):
    """The change is in a state from which this decision is not possible."""


class InvalidNameError(NameChangeError):
    """The name as it is wanted breaks a rule, such as a name that exists already."""
