from rest_framework.permissions import SAFE_METHODS, BasePermission


class Denied(BasePermission):
    """The default of the API: an endpoint is closed until it names another class."""

    def has_permission(self, request, view):
        return False


class PublicRead(BasePermission):
    """Anyone may read what is published; nobody may write.

    A method that the endpoint does not have is let through to its 405.
    """

    def has_permission(self, request, view):
        return request.method in SAFE_METHODS or not hasattr(
            view, request.method.lower()
        )
