"""IP address and network of the client of a request, behind trusted proxies."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def get_client_ip(request: HttpRequest) -> str:
    """Return the IP address of the client, or "" if it is not a valid address.

    Behind NUM_PROXIES trusted proxies the address is taken from that position, counted
    from the right, of X-Forwarded-For; otherwise it is REMOTE_ADDR.
    """
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    candidate_ip = request.META.get("REMOTE_ADDR", "")
    if settings.NUM_PROXIES and forwarded != [""]:
        candidate_ip = forwarded[-min(settings.NUM_PROXIES, len(forwarded))]
    try:
        return str(ipaddress.ip_address(candidate_ip.strip()))
    except ValueError:
        return ""


def get_client_network(address: str) -> str:
    """Return the network of an IP address, for use as the key of rate limits.

    This is the address itself for IPv4, and its /64 network for IPv6, because one
    subscriber usually has a whole /64.
    """
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False))
