"""Gunicorn settings, and percent-encoding of URLs with non-ASCII bytes.

Browsers percent-encode URLs; WeChat, curl and hand-written links may not. Gunicorn
would answer such a request itself, with a plain 400. Here the bytes are encoded first,
as the URL standard requires, so that the portal answers with the page, a redirect or
its own 404 page.
"""

from gunicorn.http import Request, RequestParser

# No limit, so that the portal and not gunicorn answers requests with long URLs.
limit_request_line = 0
# The C parser would not call EncodingRequest.parse_request_line.
http_parser = "python"


class EncodingRequest(Request):
    """Request that accepts non-ASCII bytes in its URL."""

    def parse_request_line(self, line_bytes):
        super().parse_request_line(encode_non_ascii(line_bytes))


def encode_non_ascii(line: bytes) -> bytes:
    """Return a request line with each non-ASCII byte of its URL percent-encoded."""
    if line.isascii():
        return line
    method, space, rest = line.partition(b" ")
    target, last_space, version = rest.rpartition(b" ")
    encoded = b"".join(
        bytes([byte]) if byte < 0x80 else b"%%%02X" % byte for byte in target
    )
    return method + space + encoded + last_space + version


RequestParser.mesg_class = EncodingRequest
