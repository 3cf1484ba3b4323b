"""Virus scan of uploads by the ClamAV daemon (command INSTREAM, see clamd(8)).

``CLAMAV_SOCKET`` is the path of the daemon's Unix socket, or ``host:port``. If it is
empty, uploads are not scanned.
"""

import logging
import socket

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 15
_CHUNK_SIZE = 64 * 1024
_MAX_RESPONSE_LENGTH = 4096


def check_for_viruses(content: File) -> None:
    """Raise ValidationError if ClamAV finds a virus or cannot scan the file."""
    if not settings.CLAMAV_SOCKET:
        return
    try:
        response = _scan(content, settings.CLAMAV_SOCKET)
    except (OSError, ValueError):
        logger.exception("cannot connect to ClamAV at %s", settings.CLAMAV_SOCKET)
        response = ""
    content.seek(0)
    if response.endswith(" FOUND"):
        name = response.removeprefix("stream: ").removesuffix(" FOUND")
        raise ValidationError(
            _(
                "The file was not saved because it contains a virus "
                "(“%(name)s”). Choose another file."
            ),
            params={"name": name},
        )
    if response != "stream: OK":
        logger.error("unexpected response from ClamAV: %r", response)
        raise ValidationError(
            _(
                "The file was not saved because it could not be checked "
                "for viruses. Try again later, or contact the system "
                "administrator."
            )
        )


def _scan(content: File, address: str) -> str:
    """Send ``content`` to the daemon at ``address`` and return its response line."""
    with _connect(address) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        content.seek(0)
        try:
            while chunk := content.read(_CHUNK_SIZE):
                daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
            daemon.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            logger.warning("ClamAV closed the connection early; reading its response")
        response = b""
        while len(response) < _MAX_RESPONSE_LENGTH and (
            received := daemon.recv(_MAX_RESPONSE_LENGTH)
        ):
            response += received
            if received.endswith(b"\0"):
                break
    return response.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(_TIMEOUT_SECONDS)
        try:
            daemon.connect(address)
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _colon, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection(
        (host.strip("[]"), int(port)), timeout=_TIMEOUT_SECONDS
    )
