"""Authentication back end under the import path that release 1.0 stored in sessions.

A session that was opened before the upgrade names this path, and Django accepts it only
while it is listed in ``AUTHENTICATION_BACKENDS``. Sessions end after 12 hours
(``SESSION_COOKIE_AGE``), so release 1.2 can remove this package.
"""

from django.contrib.auth.backends import BaseBackend

from portal.core.accounts import backends


class StaffBackend(BaseBackend):
    """Load the user of an open session; sign nobody in and grant no permission."""

    def get_user(self, user_id):
        return backends.StaffBackend().get_user(user_id)
