from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Authentication backend for user name and password of active staff."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not user.is_actor

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the user, or None for a wrong password or a user who is not staff.

        The sign-in form shows the same message in both cases.
        """
        user = super().authenticate(request, username, password, **kwargs)
        return user if user is not None and user.is_staff else None
