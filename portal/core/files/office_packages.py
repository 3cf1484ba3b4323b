"""ZIP packages of Office documents: limits, names of parts, and their XML.

Used for uploads and for imported workbooks (OPC, ECMA-376 part 2). Nothing is unpacked
before the central directory of the ZIP file has been checked. Its sizes are reliable,
because ``zipfile`` stops unpacking a part at the size given there. The module runs in
the sandbox process as well, so that it has no messages for users.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote
from xml.parsers import expat

# Substrings of lower-case part names and content types that mark code which Office can
# run, and of part names that mark embedded files.
MACRO_MARKERS = (
    "macroenabled",
    "vbaproject",
    "vbadata",
    "macrosheet",
    "dialogsheet",
    "activex",
)
EMBEDDED_FILE_MARKERS = ("embeddings/", "oleobject")
_MAX_PARTS = 5_000
_MAX_DIRECTORY_BYTES = 2_000_000
_MAX_UNPACKED_BYTES = 400_000_000
# Maximum size in bytes of a part whose elements are kept in memory.
_MAX_LISTED_BYTES = 1_000_000
# XML of long tables compresses to about 1/50. Large parts that compress to less than
# 1/150 are treated as ZIP bombs.
_MAX_COMPRESSION_RATIO, _MIN_BYTES_FOR_RATIO = 150, 5_000_000
# Maximum size in bytes of the end record with its comment (the format's limit).
_MAX_END_RECORD_BYTES = 65_557
_CHUNK_BYTES = 64 * 1024
# Maximum size in bytes of one tag or comment; usual ones have a few hundred characters.
_MAX_TOKEN_BYTES = 1024 * 1024
_MAX_DEPTH = 40
_MAX_CACHED_NAMES = 1000
_OUT_OF_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_DAMAGED_FILE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    LookupError,
    RuntimeError,
    OSError,
    EOFError,
)


class PackageProblem(Enum):
    """Reason why a package is not read."""

    DAMAGED = auto()
    TOO_MANY_PARTS = auto()
    TOO_LARGE = auto()
    ENCRYPTED = auto()
    DOCTYPE = auto()


class UnsafePackageError(ValueError):
    """Raised for a package or part that is damaged or unsafe to read."""

    def __init__(self, problem: PackageProblem = PackageProblem.DAMAGED):
        super().__init__(problem.name)
        self.problem = problem


class OfficePackage:
    """Parts of a package, by normalised name.

    Part names are compared as :func:`normalize_part_name` returns them, because
    programs write them in several ways and Office accepts all of them.
    ``max_directory_bytes`` limits the central directory, ``max_parsed_bytes`` all parts
    together that are parsed. All methods raise UnsafePackageError.
    """

    def __init__(
        self,
        content: BinaryIO,
        *,
        max_directory_bytes: int = _MAX_DIRECTORY_BYTES,
        max_parsed_bytes: int = _MAX_UNPACKED_BYTES,
    ):
        _check_central_directory(content, max_directory_bytes)
        with _damage_as_unsafe():
            self._zip = zipfile.ZipFile(content)
        self._parts = {
            normalize_part_name(info.filename): info for info in self._zip.infolist()
        }
        if len(self._parts) < len(self._zip.infolist()):
            # Ambiguous: programs differ in which of two equal parts they read.
            raise UnsafePackageError
        self.names = [name for name in self._parts if not name.endswith("/")]
        self._size = _get_size(content)
        self._remaining_bytes = max_parsed_bytes

    def __contains__(self, name: str) -> bool:
        return normalize_part_name(name) in self._parts

    def check_parts(self) -> None:
        """Check the number of parts, their declared sizes and their encryption.

        Callers do this before they read a part, but can look at the names first.
        """
        parts = self._zip.infolist()
        if len(parts) > _MAX_PARTS:
            raise UnsafePackageError(PackageProblem.TOO_MANY_PARTS)
        is_too_large = (
            sum(part.file_size for part in parts) > _MAX_UNPACKED_BYTES
            # Parts overlap.
            or sum(part.compress_size for part in parts) > self._size
        )
        if is_too_large or any(map(_is_zip_bomb, parts)):
            raise UnsafePackageError(PackageProblem.TOO_LARGE)
        if any(part.flag_bits & 0x1 for part in parts):
            raise UnsafePackageError(PackageProblem.ENCRYPTED)

    def read_part(self, name: str, max_bytes: int) -> bytes:
        """Return the bytes of a part, which has at most ``max_bytes``."""
        info = self._get_info(name)
        if info.file_size > max_bytes:
            raise UnsafePackageError
        return b"".join(self._iterate_chunks(info))

    def parse_part(self, name: str, reader: "XmlReader") -> None:
        """Parse the XML part ``name`` with the handlers of ``reader``."""
        info = self._get_info(name)
        self._remaining_bytes -= info.file_size
        if self._remaining_bytes < 0:
            raise UnsafePackageError(PackageProblem.TOO_LARGE)
        reader.parse(self._iterate_chunks(info))

    def find_elements(self, name: str, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements with the local name ``tag``.

        The part has at most a million bytes.
        """
        if self._get_info(name).file_size > _MAX_LISTED_BYTES:
            raise UnsafePackageError
        elements = []

        def start(local_name, attributes):
            if local_name == tag:
                elements.append(attributes)

        self.parse_part(name, XmlReader(start))
        return elements

    def get_relationships(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the internal relationships of the part ``name``, by id.

        Each value is (last segment of the relationship type, name of the target part).
        The relationships of the package itself are those of ``""``.
        """
        path = PurePosixPath(normalize_part_name(name))
        rels_part = str(path.parent / "_rels" / f"{path.name}.rels")
        if rels_part not in self:
            return {}
        return {
            attributes.get("Id", ""): (
                attributes.get("Type", "").rpartition("/")[2],
                _resolve_target(path.parent, attributes.get("Target", "")),
            )
            for attributes in self.find_elements(rels_part, "Relationship")
            if not is_external(attributes)
        }

    def _get_info(self, name: str) -> zipfile.ZipInfo:
        info = self._parts.get(normalize_part_name(name))
        if info is None:
            raise UnsafePackageError
        return info

    def _iterate_chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with _damage_as_unsafe(), self._zip.open(info) as part:
            while chunk := part.read(_CHUNK_BYTES):
                yield chunk


def _ignore(*_arguments) -> None:
    """Ignore an event without a handler."""


class XmlReader:
    """Handlers of a streaming XML parser; no document tree is built.

    ``start(tag, attributes)`` and ``end(tag)`` are called for each element with its
    name without namespace, ``text(text)`` for each piece of text. DOCTYPE declarations,
    long tags and very deep nesting are rejected, because a small file could use much
    memory through them.
    """

    def __init__(self, start, end=_ignore, text=None):
        self._start, self._end, self._text = start, end, text
        self._depth = 0
        self._names: dict[str, str] = {}

    def parse(self, chunks: Iterator[bytes]) -> None:
        """Parse a document; raise UnsafePackageError if it is not XML or unsafe."""
        parser = self._create_parser()
        try:
            fed_bytes = 0
            for chunk in chunks:
                parser.Parse(chunk, False)
                fed_bytes += len(chunk)
                if fed_bytes - parser.CurrentByteIndex > _MAX_TOKEN_BYTES:
                    raise UnsafePackageError
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code == _OUT_OF_MEMORY:
                raise MemoryError from error
            raise UnsafePackageError from error
        except (ValueError, LookupError) as error:
            # Unknown encodings raise ValueError or LookupError, handlers a subclass.
            if type(error) in (ValueError, LookupError):
                raise UnsafePackageError from error
            raise

    def _create_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _reject_doctype
        parser.StartElementHandler = self._handle_start
        parser.EndElementHandler = self._handle_end
        parser.CharacterDataHandler = self._text
        return parser

    def _handle_start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise UnsafePackageError
        self._start(self._local_name(tag), attributes)

    def _handle_end(self, tag: str) -> None:
        self._depth -= 1
        self._end(self._local_name(tag))

    def _local_name(self, tag: str) -> str:
        name = self._names.get(tag)
        if name is None:
            name = tag.rpartition(" ")[2]
            if len(self._names) < _MAX_CACHED_NAMES:
                self._names[tag] = name
        return name


def normalize_part_name(name: str) -> str:
    """Return the normalised form of a part name.

    ``xl\\Sheet%201.xml`` becomes ``xl/sheet 1.xml``. OPC part names are
    case-insensitive (ISO/IEC 29500-2, 6.2.2.3).
    """
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def is_external(relationship: dict[str, str]) -> bool:
    """Return whether the target of a Relationship element is outside the package."""
    return relationship.get("TargetMode", "").strip().lower() == "external"


def has_marker(words: list[str], markers: tuple[str, ...]) -> bool:
    """Return whether a marker is a substring of one of the lower-case ``words``."""
    return any(marker in word for word in words for marker in markers)


def _reject_doctype(*_arguments) -> None:
    raise UnsafePackageError(PackageProblem.DOCTYPE)


def _resolve_target(folder: PurePosixPath, target: str) -> str:
    if target.startswith(("/", "\\")):
        return normalize_part_name(target)
    parts: list[str] = []
    for part in (folder / normalize_part_name(target)).parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)


@contextmanager
def _damage_as_unsafe() -> Iterator[None]:
    try:
        yield
    except _DAMAGED_FILE_ERRORS as error:
        raise UnsafePackageError from error


def _get_size(content: BinaryIO) -> int:
    content.seek(0, 2)
    return content.tell()


def _check_central_directory(content: BinaryIO, max_bytes: int) -> None:
    """Raise UnsafePackageError if the central directory is too large to be read.

    Must run before zipfile opens the file: a small file can have a central directory
    that fills the memory. ZIP64 files are rejected as well.
    """
    content.seek(max(_get_size(content) - _MAX_END_RECORD_BYTES, 0))
    tail = content.read(_MAX_END_RECORD_BYTES)
    # Locate the end record as zipfile does: at the very end, or before a comment.
    is_at_end = tail[-22:-18] == b"PK\5\6" and tail.endswith(b"\0\0")
    end = len(tail) - 22 if is_at_end else tail.rfind(b"PK\5\6")
    if end < 0:
        raise UnsafePackageError
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    has_zip64_record = b"PK\6\7" in tail[max(end - 20, 0) : end]
    if length > max_bytes or has_zip64_record:
        raise UnsafePackageError(PackageProblem.TOO_MANY_PARTS)


def _is_zip_bomb(part: zipfile.ZipInfo) -> bool:
    is_dense = part.file_size > _MAX_COMPRESSION_RATIO * max(part.compress_size, 1)
    return is_dense and part.file_size > _MIN_BYTES_FOR_RATIO
