"""URLs of one-time links created outside a request, and their removal from logs."""

import logging
import re

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import reverse

# Default port of `make run`.
_LOCAL_PORT = 8000
_SECRET_IN_PATH = re.compile(r"(/accounts/(?:invitation|enrolment)/)[^/]+")


def build_enrolment_url(token: str, *, origin: str) -> str:
    """Return the URL of a one-time link for a second factor.

    ``origin`` is the result of ``get_portal_origin``.
    """
    return origin + reverse("enrolment", args=[token])


def get_portal_origin(host: str = "") -> str:
    """Return the origin (scheme, host and port) of the portal, without a final slash.

    ``host`` may include a scheme; the default scheme is https in production, otherwise
    http. Without ``host`` the origin is the first one in CSRF_TRUSTED_ORIGINS, or else
    the first host in ALLOWED_HOSTS, that contains no wildcard. Raises ValueError with
    an explanation for a host that is not in ALLOWED_HOSTS, or if the settings contain
    no host.
    """
    scheme, _, host_and_port = host.rstrip("/").rpartition("://")
    if not host:
        scheme, host_and_port = _find_configured_origin()
    if not _is_allowed_host(host_and_port):
        message = "The settings do not name one host: use --host portal.example."
        if host:
            message = f"{host!r} is not a host of the portal: use one of ALLOWED_HOSTS."
        raise ValueError(message)
    if scheme not in ("", "http", "https"):
        message = f"{scheme!r} is not a scheme of the portal: use http or https."
        raise ValueError(message)
    return f"{scheme or _get_default_scheme()}://{host_and_port}"


def _find_configured_origin() -> tuple[str, str]:
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        scheme, _, host_and_port = origin.partition("://")
        if "*" not in host_and_port and _is_allowed_host(host_and_port):
            return scheme, host_and_port.rstrip("/")
    for host in settings.ALLOWED_HOSTS:
        if "*" not in host and not host.startswith("."):
            port = "" if settings.IS_PRODUCTION else f":{_LOCAL_PORT}"
            return _get_default_scheme(), host + port
    return "", ""


def _is_allowed_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _get_default_scheme() -> str:
    return "https" if settings.IS_PRODUCTION else "http"


def hide_secret(path: str) -> str:
    """Return ``path`` with the secret of a one-time link replaced by "…".

    The link may still be valid, so its secret must not be logged.
    """
    return _SECRET_IN_PATH.sub(r"\1…", path)


class SecretFilter(logging.Filter):
    """Logging filter that removes the secrets of one-time links from logged URLs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                hide_secret(value) if isinstance(value, str) else value
                for value in record.args
            )
        return True
