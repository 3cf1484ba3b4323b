"""Films as MP4 (ISO 14496-12): a row of boxes, each with its size and its name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

_BRANDS = {
    *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"mp71"),
    *(b"avc1", b"M4V ", b"dash", b"MSNV"),
}
_MOST_BOXES = 10_000
# What a camera says of place, time and owner.
_REMARKS = {b"udta", b"meta", b"uuid"}


@dataclass(frozen=True)
class _Box:
    name: bytes
    start: int
    inner: int
    end: int


def is_film(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (16 bytes or more) says it is MP4."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def check_film(content: File) -> None:
    """Raise ValidationError for a film that is cut off or damaged; take out of any
    other what its camera says of place, time and owner: the box is named ``free`` and
    filled with zeros.
    """
    try:
        boxes = list(_boxes(content, 0, content.size))
        names = {box.name for box in boxes}
        remarks = [box for box in boxes if box.name in _REMARKS]
        for film in (box for box in boxes if box.name == b"moov"):
            remarks += _remarks(content, film)
    except ValueError:
        names = set()
    if not {b"moov", b"mdat"} <= names:
        raise ValidationError(
            _("The film is damaged or not complete. Save it as MP4 once more.")
        )
    for box in remarks:
        content.seek(box.start + 4)
        content.write(b"free")
        content.seek(box.inner)
        content.write(bytes(box.end - box.inner))
    content.seek(0)


def _remarks(content: File, film: _Box) -> list[_Box]:
    found = []
    for box in _boxes(content, film.inner, film.end):
        if box.name in _REMARKS:
            found.append(box)
        elif box.name == b"trak":
            inner = _boxes(content, box.inner, box.end)
            found += [one for one in inner if one.name in _REMARKS]
    return found


def _boxes(content: File, start: int, end: int) -> Iterator[_Box]:
    """The boxes between two places; ValueError when they do not fill it."""
    for _number in range(_MOST_BOXES):
        if start == end:
            return
        content.seek(start)
        head = content.read(16)
        size, inner = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - start
        if size < inner or start + size > end:
            raise ValueError("a box is larger than its room")
        yield _Box(head[4:8], start, start + inner, start + size)
        start += size
    raise ValueError("boxes without end")
