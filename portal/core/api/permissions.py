from rest_framework.permissions import SAFE_METHODS, BasePermission


class DenyAll(BasePermission):
    """Permission that denies every request.

    It is the default of the API, so that each endpoint has to declare its permissions.
    """

    def has_permission(self, request, view):
        return False


class PublicReadOnly(BasePermission):
    """Permission that allows every read request and no write request.

    Methods that the view does not implement are permitted, so that DRF answers 405
    instead of 403.
    """

    def has_permission(self, request, view):
        return request.method in SAFE_METHODS or not hasattr(
            view, request.method.lower()
        )
