"""Agency keys as DRF authentication: ``Authorization: Api-Key <key>``."""

import logging
import re

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from portal.accounts import operations
from portal.accounts.models import AgencyKey

_SCHEME = "Api-Key"
# What a key is made of: a prefix of 8 characters, a point, 32 characters.
_KEY = re.compile(r"([A-Za-z0-9]{1,8})\.[A-Za-z0-9]{1,100}")
logger = logging.getLogger(__name__)


class AgencyKeyAuthentication(BaseAuthentication):
    """Checks the key of a request; ``request.auth`` is its AgencyKey, else None.

    A request without a key is anonymous, and so is one with another scheme, which a
    proxy may have added. A key that is malformed, unknown, expired, revoked or of an
    inactive agency is 401: an agency must notice before it needs what only a key opens.
    """

    def authenticate(self, request):
        words = request.META.get("HTTP_AUTHORIZATION", "").split(maxsplit=1)
        if not words or words[0].lower() != _SCHEME.lower():
            return None
        found = self._find(words[1].strip() if len(words) > 1 else "")
        if found is None:
            message = _(
                "This key is not valid: it is unknown, has expired or was revoked. "
                "Ask the office for a new one, or send the request without a key."
            )
            raise AuthenticationFailed(message)
        self._record_use(found)
        return None, found

    def authenticate_header(self, request):
        """The challenge of a 401 answer."""
        return f'{_SCHEME} realm="api"'

    def _find(self, key: str) -> AgencyKey | None:
        match = _KEY.fullmatch(key)
        if match is None:
            return None
        usable = AgencyKey.objects.usable(timezone.now())
        found = usable.filter(prefix=match[1]).first()
        return found if found is not None and found.is_valid(key) else None

    def _record_use(self, key: AgencyKey) -> None:
        try:
            operations.record_key_use(key, at=timezone.now())
        except DatabaseError:
            # The data can still be read, e.g. from a replica.
            logger.exception("The use of agency key %s was not recorded.", key.prefix)
