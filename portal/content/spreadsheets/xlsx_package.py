"""Reader of the parts of an xlsx package with protection against unsafe files.

The central directory of the ZIP file is checked before anything is unpacked. Its sizes
are reliable, because ``zipfile`` stops unpacking a part at the size given there.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.parsers import expat

from django.utils.translation import gettext as _

from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError

# Maximum unpacked size in bytes of all parts read: sheet, shared strings and styles.
MAX_UNPACKED = 64 * 1024 * 1024
_MAX_DIRECTORY = 256 * 1024
_CHUNK = 64 * 1024
# Maximum size in bytes of one tag or comment; usual ones have a few hundred characters.
_MAX_TOKEN_SIZE = 1024 * 1024
_MAX_DEPTH = 40
_OUT_OF_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_MAX_NAMES = 1000
_END_OF_CENTRAL_DIRECTORY = b"PK\x05\x06"
# Beginnings or ends of part names that identify other file formats.
_BINARY = ("xl/workbook.bin",)
_OPEN_DOCUMENT = ("content.xml",)
_NO_WORKBOOKS = ("word/", "ppt/", "visio/", "index/document.iwa")
_WORKBOOKS = (".xlsx", ".xls", ".csv", ".xlsm")
# Substrings of lower-case part names that identify macros, external data and embedded
# files.
_MACROS = ("vbaproject", "vbadata", "macrosheets/", "dialogsheets/", "activex/")
_EXTERNAL = ("externallinks/", "connections.xml", "querytables/")
_EMBEDDED = ("embeddings/",)


class XlsxPackage:
    """Parts of an xlsx file, by normalised name.

    Part names are compared as :func:`part_name` returns them, because programs write
    them in several ways and Excel accepts all of them. Raises
    UnreadableSpreadsheetError if the file is damaged, unsafe or no xlsx workbook.
    """

    def __init__(self, content: bytes):
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnreadableSpreadsheetError(_damaged_file_message()) from error
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = part_name(info.filename)
            if info.filename.endswith(("/", "\\")):
                continue
            if name in self._parts:
                # Ambiguous: programs differ in which of two equal parts they read.
                raise UnreadableSpreadsheetError(_damaged_file_message())
            self._parts[name] = info
        self._remaining_bytes = MAX_UNPACKED
        _check_part_names(list(self._parts))

    def __contains__(self, name: str) -> bool:
        return part_name(name) in self._parts

    def parse_part(self, name: str, reader: "XmlReader") -> None:
        """Parse the XML part ``name`` with the handlers of ``reader``.

        Raises UnreadableSpreadsheetError if the part is missing, damaged or too large.
        """
        info = self._parts.get(part_name(name))
        if info is None:
            raise UnreadableSpreadsheetError(_damaged_file_message())
        self._remaining_bytes -= info.file_size
        if self._remaining_bytes < 0:
            raise UnreadableSpreadsheetError(
                _("The file unpacks to too much. Save only the rows that are needed.")
            )
        parser = reader.create_parser()
        try:
            fed_bytes = 0
            for chunk in self._chunks(info):
                parser.Parse(chunk, False)
                fed_bytes += len(chunk)
                if fed_bytes - parser.CurrentByteIndex > _MAX_TOKEN_SIZE:
                    raise UnreadableSpreadsheetError(_damaged_file_message())
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code == _OUT_OF_MEMORY:
                raise MemoryError from error
            raise UnreadableSpreadsheetError(_damaged_file_message()) from error
        except (
            zipfile.BadZipFile,
            KeyError,
            RuntimeError,
            EOFError,
            OSError,
            NotImplementedError,
        ) as error:
            raise UnreadableSpreadsheetError(_damaged_file_message()) from error

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._zip.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def get_relationships(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the internal relationships of the part ``name``, by id.

        Each value is (last segment of the relationship type, name of the target part).
        """
        path = PurePosixPath(part_name(name))
        rels_part = str(path.parent / "_rels" / f"{path.name}.rels")
        relationships: dict[str, tuple[str, str]] = {}
        if rels_part not in self:
            return relationships

        def start(tag, attributes):
            is_inside = attributes.get("TargetMode") != "External"
            if tag == "Relationship" and is_inside:
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = _resolved(path.parent, attributes.get("Target", ""))
                relationships[attributes.get("Id", "")] = kind, target

        self.parse_part(rels_part, XmlReader(start))
        return relationships


def _ignore(*_arguments) -> None:
    """Ignore an event without a handler."""


class XmlReader:
    """Handlers of a streaming XML parser; no document tree is built.

    ``start(tag, attributes)`` and ``end(tag)`` are called for each element with its
    name without namespace, ``text(text)`` for each piece of text. DOCTYPE declarations
    and very deep nesting are rejected, because a small file could use much memory
    through them.
    """

    def __init__(self, start, end=_ignore, text=None):
        self._start, self._end, self._text = start, end, text
        self._depth = 0
        self._names: dict[str, str] = {}

    def create_parser(self) -> expat.XMLParserType:
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
            raise UnreadableSpreadsheetError(_damaged_file_message())
        self._start(self._local_name(tag), attributes)

    def _handle_end(self, tag: str) -> None:
        self._depth -= 1
        self._end(self._local_name(tag))

    def _local_name(self, tag: str) -> str:
        name = self._names.get(tag)
        if name is None:
            name = tag.rpartition(" ")[2]
            if len(self._names) < _MAX_NAMES:
                self._names[tag] = name
        return name


def _damaged_file_message() -> str:
    return _("The file is damaged. Open it, save it as xlsx again, and choose that.")


def _reject_doctype(*_arguments) -> None:
    raise UnreadableSpreadsheetError(
        _("The file declares names of its own in XML. Save it as xlsx again.")
    )


def part_name(name: str) -> str:
    """Return the normalised form of a part name.

    ``xl\\Sheet%201.xml`` becomes ``xl/sheet 1.xml``. OPC part names are
    case-insensitive (ISO/IEC 29500-2, 6.2.2.3).
    """
    return unquote(name).replace("\\", "/").lstrip("/").lower()


def _resolved(folder: PurePosixPath, target: str) -> str:
    if target.startswith(("/", "\\")):
        return part_name(target)
    target = part_name(target)
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)


def _check_directory(content: bytes) -> None:
    """Raise UnreadableSpreadsheetError for a large ZIP central directory.

    ``zipfile`` reads the directory completely into memory. ZIP64 files are rejected as
    well.
    """
    end = content.rfind(_END_OF_CENTRAL_DIRECTORY)
    if end < 0 or len(content) < end + 22:
        raise UnreadableSpreadsheetError(_damaged_file_message())
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if size > _MAX_DIRECTORY or b"PK\x06\x07" in content[max(0, end - 20) : end]:
        raise UnreadableSpreadsheetError(
            _("The file has too many parts. Copy the rows to a new workbook.")
        )


def _check_part_names(names: list[str]) -> None:
    is_workbook = any(
        name.endswith("xl/workbook.xml") or "worksheets/" in name for name in names
    )
    if not is_workbook or any(name in _BINARY for name in names):
        raise UnreadableSpreadsheetError(_why_no_workbook(names))
    for markers, remedy in (
        (_MACROS, _("The file holds macros. Save it as xlsx, without macros.")),
        (
            _EXTERNAL,
            _(
                "The file fetches values from other files. Paste them as values, and "
                "break the links."
            ),
        ),
        (_EMBEDDED, _("The file holds other files. Remove them, and save it again.")),
    ):
        if any(marker in name for name in names for marker in markers):
            raise UnreadableSpreadsheetError(remedy)


def _why_no_workbook(names: list[str]) -> str:
    if any(name in _BINARY for name in names):
        return _("The file is a binary workbook (xlsb). Save it as xlsx.")
    if any(name in _OPEN_DOCUMENT for name in names):
        return _("The file is an OpenDocument file (such as ods). Save it as xlsx.")
    if any(name.startswith(_NO_WORKBOOKS) for name in names):
        return _("The file is a document or presentation. Choose a workbook.")
    if any(name.endswith(_WORKBOOKS) for name in names):
        return _("The file is a zip archive. Unpack it, and choose the file in it.")
    return _("The file is no workbook of the kind xlsx. Save it as xlsx or csv.")
