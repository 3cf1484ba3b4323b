"""Validation of MP4 films (ISO 14496-12), which are sequences of named boxes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

_BRANDS = {
    *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"mp71"),
    *(b"avc1", b"M4V ", b"dash", b"MSNV"),
}
_MAX_BOXES = 10_000
# Boxes in which cameras store place, time and owner.
_METADATA_BOXES = {b"udta", b"meta", b"uuid"}


@dataclass(frozen=True)
class _Box:
    """Box of an MP4 file with its name and its byte offsets in the file."""

    name: bytes
    start: int
    payload_start: int
    end: int


def is_mp4(head: bytes) -> bool:
    """Return whether ``head``, the first 16 or more bytes, is that of an MP4 file."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def check_and_strip_mp4(content: File) -> None:
    """Check that an MP4 file is complete and remove its metadata in place.

    Boxes with metadata (place, time, owner) are renamed ``free`` and overwritten with
    zeros. Raises ValidationError if the file is truncated or damaged.
    """
    try:
        boxes = list(_iterate_boxes(content, 0, content.size))
        names = {box.name for box in boxes}
        metadata_boxes = [box for box in boxes if box.name in _METADATA_BOXES]
        for movie_box in (box for box in boxes if box.name == b"moov"):
            metadata_boxes += _find_metadata_boxes(content, movie_box)
    except ValueError:
        names = set()
    if not {b"moov", b"mdat"} <= names:
        raise ValidationError(
            _("The video is damaged or incomplete. Save it as MP4 again.")
        )
    for box in metadata_boxes:
        content.seek(box.start + 4)
        content.write(b"free")
        content.seek(box.payload_start)
        content.write(bytes(box.end - box.payload_start))
    content.seek(0)


def _find_metadata_boxes(content: File, movie_box: _Box) -> list[_Box]:
    """Return the metadata boxes directly in a ``moov`` box and in its tracks."""
    metadata_boxes = []
    for box in _iterate_boxes(content, movie_box.payload_start, movie_box.end):
        if box.name in _METADATA_BOXES:
            metadata_boxes.append(box)
        elif box.name == b"trak":
            inner_boxes = _iterate_boxes(content, box.payload_start, box.end)
            metadata_boxes += [
                inner_box
                for inner_box in inner_boxes
                if inner_box.name in _METADATA_BOXES
            ]
    return metadata_boxes


def _iterate_boxes(content: File, start: int, end: int) -> Iterator[_Box]:
    """Yield the boxes between the byte offsets ``start`` and ``end``.

    Raises ValueError if the boxes do not fill this range exactly or are too many.
    """
    for _number in range(_MAX_BOXES):
        if start == end:
            return
        content.seek(start)
        header = content.read(16)
        size, header_size = int.from_bytes(header[:4], "big"), 8
        if size == 1:
            size, header_size = int.from_bytes(header[8:16], "big"), 16
        elif size == 0:
            size = end - start
        if size < header_size or start + size > end:
            raise ValueError("a box exceeds the box that contains it")
        yield _Box(header[4:8], start, start + header_size, start + size)
        start += size
    raise ValueError("too many boxes")
