"""Gives every role the rights that the apps declare; ``migrate`` does it too."""

from django.core.management.base import BaseCommand

from portal.accounts.choices import Role
from portal.accounts.roles import sync_roles


class Command(BaseCommand):
    help = "Write the roles that the apps declare into the database."

    def handle(self, *args, **options):
        changed = sync_roles()
        for role in changed:
            self.stdout.write(f"{role.value}: brought up to date")
        self.stdout.write(f"{len(Role)} roles, {len(changed)} changed")
