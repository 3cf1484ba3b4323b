"""MP4 files: complete ones are accepted, location and owner metadata is removed."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from portal.core.files.upload_validation import validate_upload


def box(name: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


FTYP = box(b"ftyp", b"isom\0\0\0\1isommp42")
PLACE = box(b"udta", box(b"\xa9xyz", b"+22.8+108.3/"))
OWNER = box(b"meta", b"Sample Owner")
TRACK = box(b"trak", box(b"tkhd", bytes(8)) + PLACE)
FILM = FTYP + box(b"moov", box(b"mvhd", bytes(8)) + TRACK + PLACE + OWNER)
FILM += box(b"mdat", bytes(40))


def test_mp4_metadata_is_removed():
    examined = validate_upload(ContentFile(FILM))

    content = examined.content.read()
    assert (examined.media_type, examined.extension) == ("video/mp4", ".mp4")
    assert len(content) == len(FILM)
    assert b"udta" not in content
    assert b"meta" not in content
    assert content.count(b"free") == 3
    assert b"+22.8+108.3" not in content
    assert b"Sample Owner" not in content


def test_mp4_with_64_bit_box_size_is_accepted():
    box_with_64_bit_size = (
        (1).to_bytes(4, "big") + b"mdat" + (56).to_bytes(8, "big") + bytes(40)
    )
    film = FTYP + box_with_64_bit_size + box(b"moov", box(b"mvhd"))

    assert validate_upload(ContentFile(film)).extension == ".mp4"


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
def test_damaged_mp4_is_rejected(content):
    with pytest.raises(ValidationError, match="damaged or incomplete"):
        validate_upload(ContentFile(content))


@pytest.mark.parametrize("brand", [b"qt  ", b"3gp4"])
def test_other_iso_media_brands_are_rejected(brand):
    content = FILM.replace(b"isom", brand)

    with pytest.raises(
        ValidationError,
        match=("The file type is not accepted"),
    ):
        validate_upload(ContentFile(content))
