"""User accounts of staff and of the portal itself.

A system user (``system:record``) is the author of automatic actions and cannot sign in.
"""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.choices import InterfaceLanguage, MailFrequency
from portal.core.accounts.querysets import UserManager
from portal.core.languages import LANGUAGES_BY_CODE


def validate_translation_languages(codes: list[str]) -> None:
    """Raise ValidationError unless ``codes`` is a list of distinct language codes.

    Only codes of the portal's languages are valid.
    """
    valid_codes = ", ".join(LANGUAGES_BY_CODE)
    if not isinstance(codes, list):
        message = gettext("Enter a list of language codes. Choose from: %(known)s.")
        raise ValidationError(message, params={"known": valid_codes})
    for position, code in enumerate(codes):
        if not isinstance(code, str) or code not in LANGUAGES_BY_CODE:
            message = gettext(
                "“%(code)s” is not a language of the portal. Choose from: %(known)s."
            )
            raise ValidationError(message, params={"code": code, "known": valid_codes})
        if code in codes[:position]:
            message = gettext(
                "“%(code)s” is listed twice. List each language only once."
            )
            raise ValidationError(message, params={"code": code})


class User(AbstractUser):
    """Staff account or system user (``is_actor``).

    ``interface_language`` is the language of the staff admin. ``translates`` contains
    the codes of the languages in which a translator may write; it is empty for other
    roles. ``mail_frequency`` is when the user gets mail about what waits for them; they
    choose it themselves. ``session_round`` is increased to end all sessions of the
    user.
    """

    # The audit log stores personal fields outside its hash chain, so that they can be
    # erased, and replaces secret fields by a placeholder.
    personal_fields = ("username", "first_name", "last_name", "email")
    secret_fields = ("password",)
    language_code_fields = ("translates",)

    is_actor = models.BooleanField(
        _("system account"),
        default=False,
        help_text=_(
            "Used for actions that the portal performs automatically. "
            "No one can sign in with this account."
        ),
    )
    interface_language = models.CharField(
        _("interface language"),
        max_length=10,
        choices=InterfaceLanguage,
        default=InterfaceLanguage.ZH_HANS,
    )
    translates = models.JSONField(
        _("translation languages"),
        default=list,
        blank=True,
        validators=[validate_translation_languages],
        help_text=_(
            "Languages that a translator can edit. Leave blank for other roles."
        ),
    )

    mail_frequency = models.CharField(
        _("mail about work"),
        max_length=10,
        choices=MailFrequency,
        default=MailFrequency.DAILY,
        db_default=MailFrequency.DAILY,
        editable=False,
    )
    session_round = models.PositiveIntegerField(
        _("session version"), default=0, editable=False
    )

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_actor=False)
                | models.Q(is_active=False, is_staff=False, is_superuser=False),
                name="accounts_user_actor_cannot_sign_in",
                violation_error_message=_(
                    "A system account cannot be active, staff or superuser."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(interface_language__in=InterfaceLanguage.values),
                name="accounts_user_interface_language",
                violation_error_message=_(
                    "Choose Simplified Chinese or English as the interface language."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(mail_frequency__in=MailFrequency.values),
                name="accounts_user_mail_frequency",
                violation_error_message=_(
                    "Mail about work is sent at once, daily or never."
                ),
            ),
        ]

    def _get_session_auth_hash(self, secret=None):
        """Return the hash that Django stores in each session of the user.

        A session ends when its hash no longer matches: after a change of the password
        or of ``session_round``.
        """
        return salted_hmac(
            "portal.accounts.session",
            f"{self.session_round}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
