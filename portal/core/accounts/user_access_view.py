"""Admin view for one user's access: one-time links, second factor and sessions."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views import View

from portal.core.accounts import operations
from portal.core.accounts.models import User
from portal.core.accounts.operations.invitations import INVITATION_LIFETIME
from portal.core.accounts.reauthentication import (
    is_recently_authenticated,
    redirect_to_reauthentication,
)

_RECENT_SIGN_IN_LIMIT = 20


def get_privileges(user: User) -> tuple:
    """Return the flags, groups and permissions that determine what a user may do.

    The result is a tuple that is compared before and after a change of the account.
    """
    return (
        user.is_active,
        user.is_staff,
        user.is_superuser,
        frozenset(user.groups.values_list("pk", flat=True)),
        frozenset(user.user_permissions.values_list("pk", flat=True)),
        frozenset(user.translates),
    )


class UserAccessView(View):
    """Admin view of one user's access; requires recent authentication.

    The POST parameter ``action`` is ``invite`` (create an invitation link), ``enrol``
    (create a link for a second factor), ``reset`` (delete the second factor and create
    such a link) or ``sign-out`` (end all sessions).
    """

    model_admin = None
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        user = User.objects.filter(pk=kwargs["pk"]).first()
        if not self.model_admin.has_change_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404
        if not is_recently_authenticated(request):
            return redirect_to_reauthentication(request)
        return super().dispatch(request, user)

    def get(self, request, user):
        return self._render(request, user)

    def post(self, request, user):
        actions = {
            "invite": self._invite,
            "enrol": self._enrol,
            "reset": self._reset,
            "sign-out": self._sign_out_everywhere,
        }
        action = actions.get(request.POST.get("action"))
        return action(request, user) if action else self._render(request, user)

    def _invite(self, request, user):
        try:
            token = operations.create_invitation(
                user, by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return self._render(request, user)
        path = reverse("invitation", args=[token])
        return self._deliver_link(request, user, path, send_email=_email_invitation)

    def _enrol(self, request, user):
        at = timezone.now()
        try:
            token = operations.create_enrolment_link(user, by=request.user, at=at)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return self._render(request, user)
        path = reverse("enrolment", args=[token])
        return self._deliver_link(request, user, path, send_email=_email_enrolment)

    def _deliver_link(self, request, user, path, *, send_email):
        link = request.build_absolute_uri(path)
        is_emailed = bool(settings.EMAIL_URL and user.email)
        if is_emailed:
            send_email(user, link)
        return self._render(request, user, invitation_link=link, is_emailed=is_emailed)

    def _reset(self, request, user):
        """Delete the user's second factors and create a link to set up a new one.

        Without the link the user could not set up another second factor.
        """
        operations.reset_second_factor(user, by=request.user, at=timezone.now())
        messages.success(request, _("Two-factor authentication has been reset."))
        return self._enrol(request, user)

    def _sign_out_everywhere(self, request, user):
        operations.sign_out_everywhere(user, by=request.user, at=timezone.now())
        messages.success(request, _("The account has been signed out everywhere."))
        return self._render(request, user)

    def _render(self, request, user, **extra_context):
        """Render the page with additional template context.

        A new one-time link is part of this response only. It is not stored in a session
        or cookie.
        """
        site = self.model_admin.admin_site
        factors = Authenticator.objects.filter(user_id=user.pk).order_by("pk")
        context = {
            **site.each_context(request),
            "title": _("Access for %(person)s") % {"person": user},
            "opts": self.model_admin.opts,
            "person": user,
            "may_have_link": user.is_active and user.has_usable_password(),
            "factors": [factor.get_type_display() for factor in factors],
            "sign_ins": user.sign_ins.all()[:_RECENT_SIGN_IN_LIMIT],
            "days": INVITATION_LIFETIME.days,
            **extra_context,
        }
        return TemplateResponse(request, "account/access.html", context)


def _email_invitation(user: User, link: str) -> None:
    """Send an invitation link by e-mail, in the interface language of the recipient."""
    with translation.override(user.interface_language):
        subject = _("Your Conference portal account")
        introduction = _(
            "Choose a password for your account %(username)s within %(days)s days:"
        )
        _send_link(user, subject, introduction, link)


def _email_enrolment(user: User, link: str) -> None:
    with translation.override(user.interface_language):
        subject = _("Two-factor authentication for your Conference portal account")
        introduction = _(
            "Set up two-factor authentication for your account "
            "%(username)s within %(days)s days:"
        )
        _send_link(user, subject, introduction, link)


def _send_link(user: User, subject: str, introduction: str, link: str) -> None:
    closing = _(
        "The link can be used only once. If you did not expect this "
        "email, tell your administrator."
    )
    values = {"username": user.username, "days": INVITATION_LIFETIME.days}
    body = "\n\n".join((introduction % values, link, closing))
    send_mail(subject, body, None, [user.email])
