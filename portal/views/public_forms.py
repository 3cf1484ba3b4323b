"""What guards a form that anyone may send: where it came from, and how many came."""

import ipaddress

from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.throttling import BaseThrottle

# So many of one form from one network address an hour.
MOST_AN_HOUR = 10
HOUR = 60 * 60


def refuse_foreign(request) -> None:
    """Raise BadRequest for a form that another site has sent.

    There is no session that such a site could abuse, so a browser too old to say
    where a form comes from is believed.
    """
    here = f"{request.scheme}://{request.get_host()}"
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", here)
    if site not in ("same-origin", "none") or origin != here:
        raise BadRequest(
            _("This form was not sent from this site. Open it here and send it again.")
        )


def is_one_too_many(request, form: str) -> bool:
    """Count one more ``form`` from the sender's address; whether the hour is full.

    The address itself is kept nowhere: its keyed hash is, for an hour.
    """
    sender = salted_hmac("portal.public-form", _network(request)).hexdigest()
    # Each place is taken by one ``add``, which no other request can take too.
    return not any(
        cache.add(f"form:{form}:{sender}:{place}", 1, HOUR)
        for place in range(MOST_AN_HOUR)
    )


def _network(request) -> str:
    """The sender's address; of IPv6 the part that one subscriber holds whole."""
    address = BaseThrottle().get_ident(request) or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
