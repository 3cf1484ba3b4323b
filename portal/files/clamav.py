"""Asking ClamAV's daemon about an upload: INSTREAM, as clamd(8) tells it.

``CLAMAV_SOCKET`` is the path of its socket, or ``host:port``; empty: nobody is asked.
"""

import logging
import socket

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

_SECONDS = 15
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def check_clean(content: File) -> None:
    """Raise ValidationError when ClamAV finds something, or cannot be asked."""
    if not settings.CLAMAV_SOCKET:
        return
    try:
        answer = _asked(content, settings.CLAMAV_SOCKET)
    except (OSError, ValueError):
        logger.exception("ClamAV cannot be asked at %s", settings.CLAMAV_SOCKET)
        answer = ""
    content.seek(0)
    if answer.endswith(" FOUND"):
        name = answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise ValidationError(
            _("The virus scanner found “%(name)s” in the file. It was not stored."),
            params={"name": name},
        )
    if answer != "stream: OK":
        logger.error("ClamAV answered %r", answer)
        raise ValidationError(
            _(
                "The virus scanner could not check the file, so it was not stored. Try "
                "again later, or tell whoever runs the portal."
            )
        )


def _asked(content: File, address: str) -> str:
    with _connected(address) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        content.seek(0)
        try:
            while chunk := content.read(_CHUNK):
                daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
            daemon.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            logger.warning("ClamAV stopped listening; it may say why")
        answer = b""
        while len(answer) < _LONGEST_ANSWER and (part := daemon.recv(_LONGEST_ANSWER)):
            answer += part
            if part.endswith(b"\0"):
                break
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(_SECONDS)
        try:
            daemon.connect(address)
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _colon, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
