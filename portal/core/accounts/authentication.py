"""DRF authentication with agency API keys: ``Authorization: Api-Key <key>``."""

import logging
import re

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from portal.core.accounts import operations
from portal.core.accounts.models import AgencyKey

_SCHEME = "Api-Key"
# Keys have a prefix of 8 characters, a dot and 32 characters; longer ones are accepted.
_KEY_PATTERN = re.compile(r"([A-Za-z0-9]{1,8})\.[A-Za-z0-9]{1,100}")
logger = logging.getLogger(__name__)


class AgencyKeyAuthentication(BaseAuthentication):
    """Authentication of API requests by the key of a partner agency.

    ``request.auth`` is the AgencyKey, or None for an anonymous request. Requests
    without a key are anonymous. So are requests with another scheme, which a proxy may
    have added. A key that is malformed, unknown, expired, revoked or of an inactive
    agency is answered with 401 even for public data, so that the agency notices the
    problem before it needs data that require a key.
    """

    def authenticate(self, request):
        parts = request.META.get("HTTP_AUTHORIZATION", "").split(maxsplit=1)
        if not parts or parts[0].lower() != _SCHEME.lower():
            return None
        key = self._find_key(parts[1].strip() if len(parts) > 1 else "")
        if key is None:
            message = _(
                "This key is not valid, has expired or has been revoked. "
                "Ask the office for a new key, or send the request without "
                "a key."
            )
            raise AuthenticationFailed(message)
        self._record_use(key)
        return None, key

    def authenticate_header(self, request):
        """Return the WWW-Authenticate header of a 401 response."""
        return f'{_SCHEME} realm="api"'

    def _find_key(self, plain_key: str) -> AgencyKey | None:
        match = _KEY_PATTERN.fullmatch(plain_key)
        if match is None:
            return None
        usable_keys = AgencyKey.objects.usable(timezone.now())
        key = usable_keys.filter(prefix=match[1]).first()
        return key if key is not None and key.is_valid(plain_key) else None

    def _record_use(self, key: AgencyKey) -> None:
        try:
            operations.record_key_use(key, at=timezone.now())
        except DatabaseError:
            # The request can still be answered, e.g. from a read-only replica.
            logger.exception("The use of agency key %s was not recorded.", key.prefix)
