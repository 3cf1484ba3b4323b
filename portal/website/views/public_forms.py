"""Protection of public forms: same-origin check and rate limit."""

import ipaddress

from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.throttling import BaseThrottle

# Maximum submissions per form, client network and hour.
MAX_PER_HOUR = 10
RATE_LIMIT_SECONDS = 60 * 60


def check_same_origin(request) -> None:
    """Raise BadRequest if the form was submitted from another origin.

    Checks the Sec-Fetch-Site and Origin headers. Requests without them are accepted:
    there is no session that another site could abuse.
    """
    own_origin = f"{request.scheme}://{request.get_host()}"
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", own_origin)
    if site not in ("same-origin", "none") or origin != own_origin:
        raise BadRequest(
            _(
                "This form must be sent from this website. Open the form here and "
                "try again."
            )
        )


def exceeds_rate_limit(request, form: str) -> bool:
    """Count a submission of ``form``; return True if the client's limit is exceeded.

    The limit applies per client network and hour. Only a keyed hash of the network
    address is stored, for one hour.
    """
    sender = salted_hmac("portal.public-form", _client_network(request)).hexdigest()
    # Each submission claims one slot; ``add`` is atomic, so no slot is claimed twice.
    return not any(
        cache.add(f"form:{form}:{sender}:{slot}", 1, RATE_LIMIT_SECONDS)
        for slot in range(MAX_PER_HOUR)
    )


def _client_network(request) -> str:
    """Return the client's IPv4 address, or the /64 network of its IPv6 address.

    One subscriber usually has a whole /64 network.
    """
    address = BaseThrottle().get_ident(request) or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
