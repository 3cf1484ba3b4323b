"""What every endpoint of the public API has in common."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from portal.api.errors import BadParameter
from portal.api.language import InLanguage
from portal.api.permissions import PublicRead


class PublicEndpoint(InLanguage):
    """A view mixin for endpoints that anyone may read, with or without a key."""

    permission_classes = (PublicRead,)

    def perform_authentication(self, request):
        """Count the request before its key is looked up.

        DRF checks the limit after the key, so requests with made-up keys would have
        none.
        """
        super().check_throttles(request)
        super().perform_authentication(request)

    def check_throttles(self, request):
        """Do nothing: the request was counted in ``perform_authentication``."""

    def check_parameters(self, known: Collection[str]) -> None:
        """Raise BadParameter for a parameter that is not ``known`` or is repeated."""
        query = self.request.query_params
        for name in query:
            values = [value for value in query.getlist(name) if value]
            if name not in known:
                remedy = _("Unknown parameter. Known here: %(allowed)s.")
                allowed = ", ".join(sorted(known))
                value = query.get(name)
                raise BadParameter(
                    name[:100], value[:100], remedy % {"allowed": allowed}
                )
            if len(values) > 1:
                raise BadParameter(
                    name, values[1][:100], _("Give this parameter once.")
                )
