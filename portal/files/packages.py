"""Documents of Word, Excel and PowerPoint: packages of XML parts (ECMA-376).

They hold no programs. Everything is read off the table of the package before a part is
unpacked.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}.presentationml.presentation.main+xml": "pptx",
}
KINDS = tuple(_MAIN.values())
_TYPES, _RELATIONS = "[Content_Types].xml", "_rels/.rels"
_MOST_PARTS = 5_000
_MOST_BYTES = 400_000_000
# XML of long tables is packed to a fiftieth; what goes further is made to burst.
_MOST_RATIO, _RATIO_FROM = 150, 5_000_000
_MOST_OF_TYPES = 1_000_000
# The end of a package, with the longest remark; the table of parts before it.
_LONGEST_END, _LONGEST_TABLE = 65_557, 2_000_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    IndexError,
    RuntimeError,
    OSError,
    EOFError,
)
# Parts by which Office runs something, by a piece of their type or name.
_PROGRAMS = (
    "macroenabled",
    "vbaproject",
    "macrosheet",
    "activex",
    "oleobject",
    "vbadata",
)
_EMBEDDED = (".bin", ".exe", ".dll", ".js", ".vbs", ".docm", ".xlsm", ".pptm", ".ole")
# Packages within a package, such as the numbers of a chart, are examined themselves.
_INNER, _MOST_OF_INNER = (".docx", ".xlsx", ".pptx"), 20_000_000
# What a link of a presentation may open: an address, or a document.
_ADDRESS = re.compile(r"(https?|mailto|tel|ftp):", re.IGNORECASE)
_DOCUMENTS = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|ppsx?|od[tsp]|txt|rtf|csv|jpe?g|png|gif|webp|mp[34]|wav)"
    r"(#.*)?\Z",
    re.IGNORECASE,
)


class _NotXml(ValueError):
    """A part is no XML, or declares types of its own."""


def kind_of_package(content: File) -> str:
    """``docx``, ``xlsx`` or ``pptx``, as its main part says; "" for any other ZIP file.

    Raises ValidationError when it is damaged, protected, would burst when unpacked, or
    holds macros, controls or embedded programs; a presentation also when it fetches
    something from elsewhere, or a link of it starts a program.
    """
    try:
        return _examined(content)
    except _DAMAGED:
        raise ValidationError(
            _("The document is damaged. Open it and save it anew.")
        ) from None


def _examined(content: File, *, is_inner: bool = False) -> str:
    _check_table(content)
    content.seek(0)
    with zipfile.ZipFile(content) as package:
        _check_sizes(package.infolist(), content.size)
        if _TYPES not in package.NameToInfo:
            return ""
        kind = _kind(package)
        if kind == "pptx":
            _check_links(package)
        # Deeper ones are not examined: office programs do not make them.
        if not is_inner:
            _check_inner(package)
        return kind


def _check_table(content: File) -> None:
    """Before the table is read: a small file can hold one that fills the memory."""
    content.seek(max(content.size - _LONGEST_END, 0))
    tail = content.read(_LONGEST_END)
    # Found as zipfile finds it: at the very end, else behind a remark.
    is_at_end = tail[-22:-18] == b"PK\5\6" and tail.endswith(b"\0\0")
    end = len(tail) - 22 if is_at_end else tail.rfind(b"PK\5\6")
    if end < 0:
        raise zipfile.BadZipFile
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    has_long_table = tail[max(end - 20, 0) : end][:4] == b"PK\6\7"
    if length > _LONGEST_TABLE or has_long_table:
        _refuse_burst()


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = {part.filename.lower() for part in parts}
    if len(names) < len(parts):
        raise zipfile.BadZipFile  # Two parts of one name: readers see different ones.
    packed = sum(part.compress_size for part in parts)
    is_too_much = (
        len(parts) > _MOST_PARTS
        or sum(part.file_size for part in parts) > _MOST_BYTES
        or packed > size  # parts that overlap
    )
    if is_too_much or any(map(_bursts, parts)):
        _refuse_burst()
    if any(part.flag_bits & 0x1 for part in parts):
        raise ValidationError(
            _("The document is protected. Save it without a password.")
        )


def _bursts(part: zipfile.ZipInfo) -> bool:
    is_dense = part.file_size > _MOST_RATIO * max(part.compress_size, 1)
    return is_dense and part.file_size > _RATIO_FROM


def _refuse_burst() -> None:
    raise ValidationError(
        _("The document would become far too large when opened. Make it smaller.")
    )


def _kind(package: zipfile.ZipFile) -> str:
    """By the type of the main part, which has to be there."""
    types = dict(_types(_read(package, _TYPES)))
    _check_programs(types, package)
    for part, media_type in types.items():
        kind, name = _MAIN.get(media_type.strip().lower(), ""), part.lstrip("/")
        if kind == "pptx" and name not in _main_parts(package):
            continue
        if kind and name in package.NameToInfo:
            return kind
    return ""


def _main_parts(package: zipfile.ZipFile) -> set[str]:
    """The parts that a program opens first."""
    if _RELATIONS not in package.NameToInfo:
        return set()
    return {
        relation.get("Target", "").lstrip("/")
        for relation in _elements(_read(package, _RELATIONS), "Relationship")
        if relation.get("Type", "").endswith("/officeDocument")
    }


def _check_programs(types: dict[str, str], package: zipfile.ZipFile) -> None:
    words = [word.lower() for word in (*types.values(), *package.namelist())]
    has_programs = (
        any(sign in word for word in words for sign in _PROGRAMS)
        or any("/embeddings/" in word and word.endswith(_EMBEDDED) for word in words)
        or _has_remote_template(package)
    )
    if has_programs:
        _refuse_programs()


def _refuse_programs() -> None:
    raise ValidationError(
        _(
            "The document contains macros or other programs. Save it without them, "
            "as DOCX, XLSX or PPTX."
        )
    )


def _check_inner(package: zipfile.ZipFile) -> None:
    """A document within the document holds no programs either."""
    for name in package.namelist():
        if "/embeddings/" in name.lower() and name.lower().endswith(_INNER):
            inner = _read(package, name, _MOST_OF_INNER)
            if not _examined(ContentFile(inner), is_inner=True):
                _refuse_programs()


def _check_links(package: zipfile.ZipFile) -> None:
    """PowerPoint fetches what a slide shows from elsewhere as soon as it is opened; a
    link of a slide may start a program, or send the reader's name to a file server.
    """
    if any("webextension" in name.lower() for name in package.namelist()):
        _refuse_programs()
    for name in package.namelist():
        if not name.lower().endswith(".rels"):
            continue
        for relation in _elements(_read(package, name), "Relationship"):
            target = relation.get("Target", "").strip()
            if relation.get("TargetMode", "").strip().lower() != "external":
                continue
            if not relation.get("Type", "").lower().endswith("/hyperlink"):
                raise ValidationError(
                    _(
                        "The presentation shows something that is not in the file: "
                        "“%(target)s”. Insert it into the presentation, or remove it."
                    ),
                    params={"target": target[:200]},
                )
            if not _is_harmless(target):
                raise ValidationError(
                    _(
                        "A link in the presentation starts a program or leads to a "
                        "file on a server: “%(target)s”. Remove the link."
                    ),
                    params={"target": target[:200]},
                )


def _is_harmless(target: str) -> bool:
    """Whether a link leads to an address, into its file, or to a near document."""
    if not target or target.startswith("#") or _ADDRESS.match(target):
        return True
    path = unquote(target)
    near = re.sub(r"\Afile:///(?:[A-Za-z]:)?", "", path, flags=re.IGNORECASE)
    is_remote = re.match(r"[\\/]{2}|[^\\/]*:", near) is not None
    return not is_remote and _DOCUMENTS.search(near) is not None


def _has_remote_template(package: zipfile.ZipFile) -> bool:
    """Word fetches such a template when it opens the document, with its macros."""
    name = "word/_rels/settings.xml.rels"
    if name not in package.NameToInfo:
        return False
    return any(
        relation.get("Type", "").endswith("/attachedTemplate")
        and relation.get("Target", "").lower().startswith(("http", "\\\\"))
        for relation in _elements(_read(package, name), "Relationship")
    )


def _types(xml: bytes) -> Iterator[tuple[str, str]]:
    for one in _elements(xml, "Override"):
        yield one.get("PartName", ""), one.get("ContentType", "")
    for one in _elements(xml, "Default"):
        yield f"*.{one.get('Extension', '')}", one.get("ContentType", "")


def _read(package: zipfile.ZipFile, name: str, most: int = _MOST_OF_TYPES) -> bytes:
    with package.open(name) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise _NotXml
    return content


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of the elements of this local name."""
    found = []

    def started(tag, attributes):
        if tag.rpartition(" ")[2] == name:
            found.append(attributes)

    def declared(*_told):
        raise _NotXml

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = started, declared
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise _NotXml from None
    return found
