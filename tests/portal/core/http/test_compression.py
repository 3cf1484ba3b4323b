import gzip

import brotli
import pytest
from django.core.cache import cache

from portal.core.http.compression import compress_body

BODY = "检察 prosecutors ".encode() * 100


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,gzip;q=0.5", "gzip"),
        ("br;q=0.000, gzip; q=0.00", ""),
        ("br; q=0 , gzip", "gzip"),
        ("deflate;q=0.5, ;, =", ""),
        ("gzipped, brotli", ""),
    ],
)
def test_best_accepted_encoding_is_used(accepted, encoding):
    assert compress_body(BODY, "digest", accepted)[0] == encoding


def test_compressed_body_round_trips():
    assert compress_body(BODY, "a", "") == ("", BODY)
    assert gzip.decompress(compress_body(BODY, "a", "gzip")[1]) == BODY
    assert brotli.decompress(compress_body(BODY, "a", "br")[1]) == BODY


def test_short_body_is_not_compressed():
    assert compress_body(b"x" * 499, "a", "br") == ("", b"x" * 499)
    assert compress_body(b"x" * 500, "b", "br")[0] == "br"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_compressed_bytes_are_reproducible_without_cache(encoding, time_machine):
    time_machine.move_to("2024-05-06T08:00:00Z")
    first = compress_body(BODY, "a", encoding)[1]
    cache.clear()
    time_machine.move_to("2025-05-06T08:00:00Z")

    second = compress_body(BODY, "a", encoding)[1]

    assert first == second
    assert len(first) < len(BODY) / 5


def test_body_is_compressed_once():
    first = compress_body(BODY, "a", "br")[1]
    cache.set("compressed:br:a", b"kept")

    assert first != b"kept"
    assert compress_body(BODY, "a", "br")[1] == b"kept"
