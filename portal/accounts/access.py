"""The page of the admin on which somebody's way in is given, mended or shut."""

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

from portal.accounts import operations
from portal.accounts.models import User
from portal.accounts.operations.invitations import VALID_FOR
from portal.accounts.reauthentication import ask_again, recently_authenticated

_LAST_SIGN_INS = 20


def rights_of(person: User) -> tuple:
    """What a person may do, as far as it stands with their account."""
    return (
        person.is_active,
        person.is_staff,
        person.is_superuser,
        frozenset(person.groups.values_list("pk", flat=True)),
        frozenset(person.user_permissions.values_list("pk", flat=True)),
        frozenset(person.translates),
    )


class AccessPage(View):
    """``act`` of a POST is ``invite``, ``enrol``, ``reset`` or ``sign-out``."""

    model_admin = None
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        person = User.objects.filter(pk=kwargs["pk"]).first()
        if not self.model_admin.has_change_permission(request, person):
            raise PermissionDenied
        if person is None:
            raise Http404
        if not recently_authenticated(request):
            return ask_again(request)
        return super().dispatch(request, person)

    def get(self, request, person):
        return self._page(request, person)

    def post(self, request, person):
        acts = {
            "invite": self._invite,
            "enrol": self._enrol,
            "reset": self._reset,
            "sign-out": self._end,
        }
        act = acts.get(request.POST.get("act"))
        return act(request, person) if act else self._page(request, person)

    def _invite(self, request, person):
        try:
            token = operations.invite(person, by=request.user, at=timezone.now())
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return self._page(request, person)
        path = reverse("invitation", args=[token])
        return self._hand_over(request, person, path, mail=_mail_invitation)

    def _enrol(self, request, person):
        at = timezone.now()
        try:
            token = operations.create_enrolment_link(person, by=request.user, at=at)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return self._page(request, person)
        path = reverse("enrolment", args=[token])
        return self._hand_over(request, person, path, mail=_mail_enrolment)

    def _hand_over(self, request, person, path, *, mail):
        link = request.build_absolute_uri(path)
        is_mailed = bool(settings.EMAIL_URL and person.email)
        if is_mailed:
            mail(person, link)
        return self._page(request, person, link=link, is_mailed=is_mailed)

    def _reset(self, request, person):
        """The person cannot set up a new factor without a link, so make it as well."""
        operations.reset_second_factor(person, by=request.user, at=timezone.now())
        messages.success(request, _("The second factor is taken away."))
        return self._enrol(request, person)

    def _end(self, request, person):
        operations.sign_out_everywhere(person, by=request.user, at=timezone.now())
        messages.success(request, _("All sessions are over."))
        return self._page(request, person)

    def _page(self, request, person, **told):
        """The link in this one answer: neither a session nor a cookie ever holds it."""
        site = self.model_admin.admin_site
        factors = Authenticator.objects.filter(user_id=person.pk).order_by("pk")
        context = {
            **site.each_context(request),
            "title": _("Access of %(person)s") % {"person": person},
            "opts": self.model_admin.opts,
            "person": person,
            "may_have_link": person.is_active and person.has_usable_password(),
            "factors": [factor.get_type_display() for factor in factors],
            "sign_ins": person.sign_ins.all()[:_LAST_SIGN_INS],
            "days": VALID_FOR.days,
            **told,
        }
        return TemplateResponse(request, "account/access.html", context)


def _mail_invitation(person: User, link: str) -> None:
    """Send the link in the language of the person who gets it."""
    with translation.override(person.interface_language):
        subject = _("Your account of the Conference portal")
        first = _(
            "Choose a password for your account %(username)s within %(days)s days:"
        )
        _send(person, subject, first, link)


def _mail_enrolment(person: User, link: str) -> None:
    with translation.override(person.interface_language):
        subject = _("Second factor of your account of the Conference portal")
        first = _(
            "Set up a second factor for your account %(username)s within %(days)s days:"
        )
        _send(person, subject, first, link)


def _send(person: User, subject: str, first: str, link: str) -> None:
    last = _("The link works once. If you did not expect it, tell your administrator.")
    values = {"username": person.username, "days": VALID_FOR.days}
    body = "\n\n".join((first % values, link, last))
    send_mail(subject, body, None, [person.email])
