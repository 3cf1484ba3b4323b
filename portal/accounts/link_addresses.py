"""Full addresses of one-time links made outside of a request, and logs without them."""

import logging
import re

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import reverse

# Where `make run` serves unless PORT is set.
_LOCAL_PORT = 8000
_SECRET = re.compile(r"(/accounts/(?:invitation|enrolment)/)[^/]+")


def enrolment_address(token: str, *, origin: str) -> str:
    """The address of the page behind a link for a second factor."""
    return origin + reverse("enrolment", args=[token])


def portal_origin(host: str = "") -> str:
    """Scheme, host and port of the portal, without a slash at the end.

    ``host`` may have a scheme; without one it is https in production. Without ``host``
    it is the first origin in CSRF_TRUSTED_ORIGINS, else the first host in
    ALLOWED_HOSTS, that is no pattern. Raises ValueError, with the remedy, for a host
    that the portal does not answer to, or if the settings name none.
    """
    scheme, _, rest = host.rstrip("/").rpartition("://")
    if not host:
        scheme, rest = _configured()
    if not _is_answered(rest):
        problem = "The settings do not name one host: use --host portal.example."
        if host:
            problem = f"{host!r} is not a host of the portal: use one of ALLOWED_HOSTS."
        raise ValueError(problem)
    if scheme not in ("", "http", "https"):
        problem = f"{scheme!r} is not a scheme of the portal: use http or https."
        raise ValueError(problem)
    return f"{scheme or _scheme()}://{rest}"


def _configured() -> tuple[str, str]:
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        scheme, _, rest = origin.partition("://")
        if "*" not in rest and _is_answered(rest):
            return scheme, rest.rstrip("/")
    for host in settings.ALLOWED_HOSTS:
        if "*" not in host and not host.startswith("."):
            port = "" if settings.IS_PRODUCTION else f":{_LOCAL_PORT}"
            return _scheme(), host + port
    return "", ""


def _is_answered(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _scheme() -> str:
    return "https" if settings.IS_PRODUCTION else "http"


def hide_secret(path: str) -> str:
    """``path`` without the secret of a one-time link, which may still be good."""
    return _SECRET.sub(r"\1…", path)


class SecretFilter(logging.Filter):
    """Takes the secrets of one-time links out of records that name an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                hide_secret(value) if isinstance(value, str) else value
                for value in record.args
            )
        return True
