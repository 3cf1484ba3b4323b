from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What somebody is at the desk; one person may be several. Stable codes: they name
    groups in the database, and apps declare their rights by them."""

    EDITOR = "editor", pgettext_lazy("role", "editor")
    TRANSLATOR = "translator", pgettext_lazy("role", "translator")
    REVIEWER = "reviewer", pgettext_lazy("role", "reviewer")
    REGISTRAR = "registrar", pgettext_lazy("role", "training registrar")
    LIAISON = "liaison", pgettext_lazy("role", "liaison officer")
    AUDITOR = "auditor", pgettext_lazy("role", "auditor")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "administrator")


class InterfaceLanguage(TextChoices):
    """The languages of the staff desk; each is named in itself."""

    ZH_HANS = "zh-hans", "简体中文"
    EN = "en", "English"


class KeyScope(TextChoices):
    """What an agency's key opens; each scope holds the ones before it."""

    PUBLIC = "public", _("the public record")
    TRAINING = "training", _("and the training records of its own people")


class Factor(TextChoices):
    """By what somebody shows who they are; the codes are those of allauth."""

    PASSWORD = "password", _("password")
    TOTP = "totp", _("authenticator app")
    RECOVERY_CODES = "recovery_codes", _("recovery code")
    WEBAUTHN = "webauthn", _("passkey")


class Outcome(TextChoices):
    """How an attempt to sign in ended."""

    PASSED = "passed", _("signed in")
    FAILED = "failed", _("refused")
    CONFIRMED = "confirmed", _("confirmed who they are")


class InvitationPurpose(TextChoices):
    """What a one-time link is for."""

    PASSWORD = "password", _("to choose a password")
    ENROLMENT = "enrolment", _("to set up a second factor")
