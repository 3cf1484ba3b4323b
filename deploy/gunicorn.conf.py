"""Settings of gunicorn, and how it reads addresses that are not percent-encoded.

Browsers encode an address; WeChat, curl and hand-written links may not. gunicorn
answers such a request itself, with a bare 400. Here the bytes are encoded first, as
the URL standard has it, so that the portal answers: with the page, a redirect, or a
404 page of its own.
"""

from gunicorn.http import Request, RequestParser

# However long an address is, the answer to it is a page of the portal.
limit_request_line = 0
# The parser in C would not call the method below.
http_parser = "python"


class EncodingRequest(Request):
    """A request whose address may contain bytes above 127."""

    def parse_request_line(self, line_bytes):
        super().parse_request_line(encode_non_ascii(line_bytes))


def encode_non_ascii(line: bytes) -> bytes:
    """Percent-encode every byte of the address in a request line that is not ASCII."""
    if line.isascii():
        return line
    method, space, rest = line.partition(b" ")
    target, last_space, version = rest.rpartition(b" ")
    encoded = b"".join(
        bytes([byte]) if byte < 0x80 else b"%%%02X" % byte for byte in target
    )
    return method + space + encoded + last_space + version


RequestParser.mesg_class = EncodingRequest
