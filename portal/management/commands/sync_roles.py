"""Give each role the permissions that the apps declare; ``migrate`` does this too."""

from django.core.management.base import BaseCommand

from portal.core.accounts.choices import Role
from portal.core.accounts.roles import sync_roles


class Command(BaseCommand):
    help = (
        "Write the permissions of each role, as declared by the apps, to the database."
    )

    def handle(self, *args, **options):
        changed = sync_roles()
        for role in changed:
            self.stdout.write(f"{role.value}: updated")
        self.stdout.write(f"{len(Role)} roles, {len(changed)} changed")
