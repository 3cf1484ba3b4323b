"""View mixin of all public API endpoints: access, throttling, query parameters."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from portal.core.api.errors import InvalidParameterError
from portal.core.api.language import LanguageViewMixin
from portal.core.api.permissions import PublicReadOnly


class PublicEndpoint(LanguageViewMixin):
    """View mixin for public endpoints, which accept an API key but do not need one."""

    permission_classes = (PublicReadOnly,)

    def perform_authentication(self, request):
        """Check the throttle before the API key is looked up.

        DRF checks throttles after authentication, so requests with made-up keys would
        not be limited.
        """
        super().check_throttles(request)
        super().perform_authentication(request)

    def check_throttles(self, request):
        """Do nothing: ``perform_authentication`` has checked the throttle."""

    def check_parameters(self, allowed_names: Collection[str]) -> None:
        """Raise InvalidParameterError if a query parameter is unknown or repeated.

        ``allowed_names`` contains the parameter names that the endpoint accepts.
        """
        query = self.request.query_params
        for name in query:
            values = [value for value in query.getlist(name) if value]
            if name not in allowed_names:
                remedy = _("Unknown parameter. You can use: %(allowed)s.")
                allowed = ", ".join(sorted(allowed_names))
                value = query.get(name)
                raise InvalidParameterError(
                    name[:100], value[:100], remedy % {"allowed": allowed}
                )
            if len(values) > 1:
                raise InvalidParameterError(
                    name, values[1][:100], _("Use this parameter only once.")
                )
