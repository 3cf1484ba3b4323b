import gzip

import brotli
import pytest
from django.core.cache import cache

from portal.compression import compressed

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
def test_best_accepted_encoding_is_taken(accepted, encoding):
    assert compressed(BODY, "digest", accepted)[0] == encoding


def test_body_comes_back_whole():
    assert compressed(BODY, "a", "") == ("", BODY)
    assert gzip.decompress(compressed(BODY, "a", "gzip")[1]) == BODY
    assert brotli.decompress(compressed(BODY, "a", "br")[1]) == BODY


def test_short_body_is_left_as_it_is():
    assert compressed(b"x" * 499, "a", "br") == ("", b"x" * 499)
    assert compressed(b"x" * 500, "b", "br")[0] == "br"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_bytes_are_the_same_without_the_cache(encoding, time_machine):
    time_machine.move_to("2024-05-06T08:00:00Z")
    first = compressed(BODY, "a", encoding)[1]
    cache.clear()
    time_machine.move_to("2025-05-06T08:00:00Z")

    second = compressed(BODY, "a", encoding)[1]

    assert first == second
    assert len(first) < len(BODY) / 5


def test_body_is_compressed_once():
    first = compressed(BODY, "a", "br")[1]
    cache.set("compressed:br:a", b"kept")

    assert first != b"kept"
    assert compressed(BODY, "a", "br")[1] == b"kept"
