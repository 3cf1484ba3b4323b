"""Where a request comes from, as far as the proxies in front can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The network address of whoever asks; "" where it cannot be told."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    told = request.META.get("REMOTE_ADDR", "")
    if settings.NUM_PROXIES and forwarded != [""]:
        told = forwarded[-min(settings.NUM_PROXIES, len(forwarded))]
    try:
        return str(ipaddress.ip_address(told.strip()))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """``address``, for IPv6 the /64 that one subscriber holds whole."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))
