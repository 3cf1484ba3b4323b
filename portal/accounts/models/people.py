"""People who work in the portal: staff of the office, and the portal's own actors.

An actor (``system:record``) signs what the portal does by itself. It cannot sign in.
"""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.choices import InterfaceLanguage
from portal.accounts.querysets import UserManager
from portal.languages import BY_CODE


def validate_languages(codes: list[str]) -> None:
    """Raises ValidationError unless ``codes`` is a list of languages of the portal,
    each once."""
    known = ", ".join(BY_CODE)
    if not isinstance(codes, list):
        told = gettext("Give a list of language codes, of these: %(known)s.")
        raise ValidationError(told, params={"known": known})
    for position, code in enumerate(codes):
        if not isinstance(code, str) or code not in BY_CODE:
            told = gettext(
                "“%(code)s” is no language of the portal. Choose of these: %(known)s."
            )
            raise ValidationError(told, params={"code": code, "known": known})
        if code in codes[:position]:
            told = gettext("“%(code)s” stands there twice. Name each language once.")
            raise ValidationError(told, params={"code": code})


class User(AbstractUser):
    """A staff account or a named system actor.

    ``interface_language`` is that of the desk. ``translates`` holds the codes of the
    languages that a translator writes; empty for who is no translator. Sessions begun
    in an earlier ``session_round`` are over.
    """

    # What the history keeps outside its chain, and what it never tells.
    personal_fields = ("username", "first_name", "last_name", "email")
    secret_fields = ("password",)
    language_fields = ("translates",)

    is_actor = models.BooleanField(
        _("system actor"),
        default=False,
        help_text=_("An actor signs what the portal does by itself; nobody signs in."),
    )
    interface_language = models.CharField(
        _("interface language"),
        max_length=10,
        choices=InterfaceLanguage,
        default=InterfaceLanguage.ZH_HANS,
    )
    translates = models.JSONField(
        _("translates into"),
        default=list,
        blank=True,
        validators=[validate_languages],
        help_text=_("Languages that a translator may write; none for other roles."),
    )

    session_round = models.PositiveIntegerField(
        _("round of sessions"), default=0, editable=False
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
                    "A system actor may be neither active, staff nor superuser."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(interface_language__in=InterfaceLanguage.values),
                name="accounts_user_interface_language",
                violation_error_message=_(
                    "The interface is in simplified Chinese or in English."
                ),
            ),
        ]

    def _get_session_auth_hash(self, secret=None):
        """What each session carries: over when the password or the round changes."""
        return salted_hmac(
            "portal.accounts.session",
            f"{self.session_round}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
