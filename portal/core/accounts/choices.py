from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """Roles of staff; a user can have several.

    The codes must not change: they are the names of groups in the database, and apps
    declare the permissions of roles by them.
    """

    EDITOR = "editor", pgettext_lazy("role", "editor")
    TRANSLATOR = "translator", pgettext_lazy("role", "translator")
    REVIEWER = "reviewer", pgettext_lazy("role", "reviewer")
    REGISTRAR = "registrar", pgettext_lazy("role", "training administrator")
    LIAISON = "liaison", pgettext_lazy("role", "liaison officer")
    AUDITOR = "auditor", pgettext_lazy("role", "auditor")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "administrator")


class InterfaceLanguage(TextChoices):
    """Languages of the staff admin, each with its name in that language."""

    ZH_HANS = "zh-hans", "简体中文"
    EN = "en", "English"


class MailFrequency(TextChoices):
    """When a member of staff gets mail about what waits for them."""

    AT_ONCE = "at_once", _("at once, one mail for each")
    DAILY = "daily", _("once a day, at 08:00")
    NEVER = "never", _("never")


class KeyScope(TextChoices):
    """Data that an API key gives access to; each scope includes the previous ones."""

    PUBLIC = "public", _("public data")
    TRAINING = (
        "training",
        _("public data and the training records of the agency's own people"),
    )


class Factor(TextChoices):
    """Authentication factors; the codes are those of allauth."""

    PASSWORD = "password", _("password")
    TOTP = "totp", _("authenticator app")
    RECOVERY_CODES = "recovery_codes", _("recovery code")
    WEBAUTHN = "webauthn", _("passkey")


class SignInOutcome(TextChoices):
    """Result of an attempt to sign in or to reauthenticate."""

    PASSED = "passed", _("signed in")
    FAILED = "failed", _("refused")
    REAUTHENTICATED = "confirmed", _("identity confirmed")


class InvitationPurpose(TextChoices):
    """Purpose of a one-time link."""

    PASSWORD = "password", _("to choose a password")
    ENROLMENT = "enrolment", _("to set up two-factor authentication")
