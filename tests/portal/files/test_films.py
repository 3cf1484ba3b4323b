"""MP4: whole, and without what its camera says of place and owner."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from portal.files.examination import examine


def box(name: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


FTYP = box(b"ftyp", b"isom\0\0\0\1isommp42")
PLACE = box(b"udta", box(b"\xa9xyz", b"+22.8+108.3/"))
OWNER = box(b"meta", b"Sample Owner")
TRACK = box(b"trak", box(b"tkhd", bytes(8)) + PLACE)
FILM = FTYP + box(b"moov", box(b"mvhd", bytes(8)) + TRACK + PLACE + OWNER)
FILM += box(b"mdat", bytes(40))


def test_film_is_taken_without_what_its_camera_says():
    examined = examine(ContentFile(FILM))

    kept = examined.content.read()
    assert (examined.media_type, examined.ending) == ("video/mp4", ".mp4")
    assert len(kept) == len(FILM)
    assert b"udta" not in kept
    assert b"meta" not in kept
    assert kept.count(b"free") == 3
    assert b"+22.8+108.3" not in kept
    assert b"Sample Owner" not in kept


def test_film_with_a_long_box_is_taken():
    long = (1).to_bytes(4, "big") + b"mdat" + (56).to_bytes(8, "big") + bytes(40)
    film = FTYP + long + box(b"moov", box(b"mvhd"))

    assert examine(ContentFile(film)).ending == ".mp4"


@pytest.mark.parametrize(
    "content",
    [
        FTYP,
        FILM[:-1],
        FTYP + box(b"mdat", bytes(9)),
        FTYP + b"\0\0\0\2moov" + box(b"mdat"),
        FTYP + box(b"moov", b"\0\0\xff\xfftrak") + box(b"mdat"),
        FTYP + box(b"moov", box(b"free") * 10_001) + box(b"mdat"),
    ],
)
def test_film_that_is_damaged_is_refused(content):
    with pytest.raises(ValidationError, match="damaged or not complete"):
        examine(ContentFile(content))


@pytest.mark.parametrize("brand", [b"qt  ", b"3gp4"])
def test_relatives_of_mp4_are_none_of_the_kinds(brand):
    content = FILM.replace(b"isom", brand)

    with pytest.raises(ValidationError, match="The file is none of these"):
        examine(ContentFile(content))
