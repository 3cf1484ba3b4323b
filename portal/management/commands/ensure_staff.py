"""Makes the first staff account of a local portal, once."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.factors import has_second_factor
from portal.accounts.link_addresses import portal_origin
from portal.accounts.models import User
from portal.management.enrolment import add_host, create_link


class Command(BaseCommand):
    help = "Make the local staff sign-in if there is none, and print it."
    username = "staff"

    def add_arguments(self, parser):
        add_host(parser)

    def handle(self, *args, **options):
        if settings.IS_PRODUCTION:
            message = "Only for PORTAL_MODE=local. In production use createsuperuser."
            raise CommandError(message)
        path = Path(settings.PORTAL_VAR) / "staff-password"
        user = User.objects.filter(username=self.username).first()
        if user is None:
            password = self._kept(path) or self._made(path)
            user = User.objects.create_superuser(self.username, password=password)
        self.stdout.write("Staff sign-in at /admin/")
        self.stdout.write(f"  name      {self.username}")
        self.stdout.write(f"  password  {self._kept(path) or '(was changed)'}")
        can_sign_in = user.is_active and user.is_staff and user.has_usable_password()
        if can_sign_in and not has_second_factor(user):
            self._print_link(user, options["host"])

    def _print_link(self, user: User, host: str) -> None:
        try:
            origin = portal_origin(host)
        except ValueError:  # a start does not fail because of an optional link
            origin = ""
        need = "needed" if settings.SECOND_FACTOR_REQUIRED else "optional"
        self.stdout.write(f"  second factor ({need} here), by a one-time link:")
        self.stdout.write(f"  {create_link(user, origin=origin)}")

    def _kept(self, path: Path) -> str:
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    def _made(self, path: Path) -> str:
        password = secrets.token_urlsafe(15)
        # Created with its mode: at no moment can another user read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(password + "\n")
        return password
