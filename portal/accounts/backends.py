from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Name and password, of active staff only."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not user.is_actor

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Who is no staff is answered as if the password were wrong."""
        user = super().authenticate(request, username, password, **kwargs)
        return user if user is not None and user.is_staff else None
