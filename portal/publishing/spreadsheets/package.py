"""The package of an xlsx file: is it one, and is it safe to open?

Everything is judged by the directory of the zip before anything is unpacked. A part
never unpacks to more than the directory says (``zipfile`` stops there), so its sizes
can be relied on.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.parsers import expat

from django.utils.translation import gettext as _

from portal.publishing.spreadsheets.sheets import Unreadable

# Of all parts that are read: rows, texts, styles.
MAX_UNPACKED = 64 * 1024 * 1024
_MAX_DIRECTORY = 256 * 1024
_CHUNK = 64 * 1024
# One tag or comment; a real one has a few hundred characters.
_MAX_TAG = 1024 * 1024
_MAX_DEPTH = 40
_MAX_NAMES = 1000
_END = b"PK\x05\x06"
# Parts that other kinds of files have, by the beginning or the end of a name.
_BINARY = ("xl/workbook.bin",)
_OPEN_DOCUMENT = ("content.xml",)
_NO_WORKBOOKS = ("word/", "ppt/", "visio/", "index/document.iwa")
_WORKBOOKS = (".xlsx", ".xls", ".csv", ".xlsm")
# Words in a part's name, and what they say of the file. Lower case.
_MACROS = ("vbaproject", "vbadata", "macrosheets/", "dialogsheets/", "activex/")
_OUTSIDE = ("externallinks/", "connections.xml", "querytables/")
_EMBEDDED = ("embeddings/",)


class Package:
    """The parts of an xlsx file. Raises :class:`Unreadable` when it will not do.

    Parts are found by :func:`part_name`, since programs write their names in several
    ways, and Excel reads them all.
    """

    def __init__(self, content: bytes):
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise Unreadable(_BROKEN()) from problem
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = part_name(info.filename)
            if info.filename.endswith(("/", "\\")):
                continue
            if name in self._parts:
                # One program would read the one, and another the other.
                raise Unreadable(_BROKEN())
            self._parts[name] = info
        self._left = MAX_UNPACKED
        _check_names(list(self._parts))

    def __contains__(self, name: str) -> bool:
        return part_name(name) in self._parts

    def feed(self, name: str, reader: "Reader") -> None:
        """Have ``reader`` read the XML part ``name``."""
        info = self._parts.get(part_name(name))
        if info is None:
            raise Unreadable(_BROKEN())
        self._left -= info.file_size
        if self._left < 0:
            raise Unreadable(
                _("The file unpacks to too much. Save only the rows that are needed.")
            )
        parser = reader.parser()
        try:
            fed = 0
            for chunk in self._chunks(info):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _MAX_TAG:
                    raise Unreadable(_BROKEN())
            parser.Parse(b"", True)
        except (
            expat.ExpatError,
            zipfile.BadZipFile,
            KeyError,
            RuntimeError,
            EOFError,
            OSError,
            NotImplementedError,
        ) as problem:
            raise Unreadable(_BROKEN()) from problem

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._zip.open(info) as part:
            while chunk := part.read(_CHUNK):
                yield chunk

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What the part ``name`` refers to: (last word of the type, target) by id."""
        path = PurePosixPath(part_name(name))
        listed = str(path.parent / "_rels" / f"{path.name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if listed not in self:
            return found

        def start(tag, attributes):
            is_inside = attributes.get("TargetMode") != "External"
            if tag == "Relationship" and is_inside:
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = _resolved(path.parent, attributes.get("Target", ""))
                found[attributes.get("Id", "")] = kind, target

        self.feed(listed, Reader(start))
        return found


def _nothing(*_words) -> None:
    """For what a reader does not care about."""


class Reader:
    """Reads XML by its events, of which nothing is kept.

    ``start(tag, attributes)`` and ``end(tag)`` are told of each element, by its name
    without namespace, ``text(words)`` of each piece of text. Declarations of entities
    and very deep nesting are refused: both make much memory of little text.
    """

    def __init__(self, start, end=_nothing, text=None):
        self._start, self._end, self._text = start, end, text
        self._depth = 0
        self._names: dict[str, str] = {}

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._text
        return parser

    def _started(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Unreadable(_BROKEN())
        self._start(self._local(tag), attributes)

    def _ended(self, tag: str) -> None:
        self._depth -= 1
        self._end(self._local(tag))

    def _local(self, tag: str) -> str:
        name = self._names.get(tag)
        if name is None:
            name = tag.rpartition(" ")[2]
            if len(self._names) < _MAX_NAMES:
                self._names[tag] = name
        return name


def _BROKEN() -> str:  # noqa: N802 a message, translated when it is needed
    return _("The file is damaged. Open it, save it as xlsx again, and choose that.")


def _refuse_doctype(*_words) -> None:
    raise Unreadable(
        _("The file declares names of its own in XML. Save it as xlsx again.")
    )


def part_name(written: str) -> str:
    """A name of a part in one form: ``xl\\Sheet%201.xml`` is ``xl/sheet 1.xml``.

    OPC compares names without regard to capitals (ISO/IEC 29500-2, 6.2.2.3).
    """
    return unquote(written).replace("\\", "/").lstrip("/").lower()


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
    """The list of parts is read whole by zipfile: it must not be a long one."""
    end = content.rfind(_END)
    if end < 0 or len(content) < end + 22:
        raise Unreadable(_BROKEN())
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if size > _MAX_DIRECTORY or b"PK\x06\x07" in content[max(0, end - 20) : end]:
        raise Unreadable(
            _("The file has too many parts. Copy the rows to a new workbook.")
        )


def _check_names(names: list[str]) -> None:
    is_workbook = any(
        name.endswith("xl/workbook.xml") or "worksheets/" in name for name in names
    )
    if not is_workbook or any(name in _BINARY for name in names):
        raise Unreadable(_why_no_workbook(names))
    for words, remedy in (
        (_MACROS, _("The file holds macros. Save it as xlsx, without macros.")),
        (
            _OUTSIDE,
            _(
                "The file fetches values from other files. Paste them as values, and "
                "break the links."
            ),
        ),
        (_EMBEDDED, _("The file holds other files. Remove them, and save it again.")),
    ):
        if any(word in name for name in names for word in words):
            raise Unreadable(remedy)


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
