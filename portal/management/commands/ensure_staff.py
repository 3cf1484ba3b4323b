"""Create the first staff account of a local installation, if there is none."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.accounts.models import User
from portal.core.accounts.one_time_links import get_portal_origin
from portal.core.accounts.second_factors import has_second_factor
from portal.management.enrolment import add_host_argument, create_link


class Command(BaseCommand):
    help = "Create the local staff account if there is none, and print its password."
    username = "staff"

    def add_arguments(self, parser):
        add_host_argument(parser)

    def handle(self, *args, **options):
        if settings.IS_PRODUCTION:
            message = "Only for PORTAL_MODE=local. In production use createsuperuser."
            raise CommandError(message)
        path = Path(settings.PORTAL_VAR) / "staff-password"
        user = User.objects.filter(username=self.username).first()
        if user is None:
            password = self._read_password(path) or self._create_password(path)
            user = User.objects.create_superuser(self.username, password=password)
        self.stdout.write("Staff sign-in at /admin/")
        self.stdout.write(f"  name      {self.username}")
        self.stdout.write(
            f"  password  {self._read_password(path) or '(changed by the user)'}"
        )
        can_sign_in = user.is_active and user.is_staff and user.has_usable_password()
        if can_sign_in and not has_second_factor(user):
            self._print_link(user, options["host"])

    def _print_link(self, user: User, host: str) -> None:
        try:
            origin = get_portal_origin(host)
        except ValueError:  # the link is optional and must not make the start fail
            origin = ""
        need = "needed" if settings.SECOND_FACTOR_REQUIRED else "optional"
        self.stdout.write(f"  second factor ({need}), set up with this one-time link:")
        self.stdout.write(f"  {create_link(user, origin=origin)}")

    def _read_password(self, path: Path) -> str:
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    def _create_password(self, path: Path) -> str:
        password = secrets.token_urlsafe(15)
        # Create the file with its mode, so that no other user can read it at any time.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(password + "\n")
        return password
