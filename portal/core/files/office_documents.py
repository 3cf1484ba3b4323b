"""Validation of Word, Excel and PowerPoint files (ZIP packages of XML, ECMA-376).

Files with macros or other programs are rejected. Sizes are checked in the ZIP central
directory before a part is unpacked.
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
_TYPES_BY_CONTENT_TYPE = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}.presentationml.presentation.main+xml": "pptx",
}
DOCUMENT_TYPES = tuple(_TYPES_BY_CONTENT_TYPE.values())
_CONTENT_TYPES_PART, _RELATIONSHIPS_PART = "[Content_Types].xml", "_rels/.rels"
_MAX_PARTS = 5_000
_MAX_UNPACKED_BYTES = 400_000_000
# XML of long tables compresses to about 1/50. Large parts that compress to less than
# 1/150 are treated as ZIP bombs.
_MAX_COMPRESSION_RATIO, _MIN_BYTES_FOR_RATIO = 150, 5_000_000
_MAX_XML_BYTES = 1_000_000
# Maximum size in bytes of the end record with its comment (the format's limit), and of
# the central directory.
_MAX_END_RECORD_BYTES, _MAX_CENTRAL_DIRECTORY_BYTES = 65_557, 2_000_000
_DAMAGED_FILE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    IndexError,
    RuntimeError,
    OSError,
    EOFError,
)
# Substrings of content types and part names that mark code which Office can run.
_ACTIVE_CONTENT_MARKERS = (
    "macroenabled",
    "vbaproject",
    "macrosheet",
    "activex",
    "oleobject",
    "vbadata",
)
_FORBIDDEN_EMBEDDED_EXTENSIONS = (
    ".bin",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".docm",
    ".xlsm",
    ".pptm",
    ".ole",
)
# Embedded documents, such as the data of a chart, are validated as well.
_EMBEDDED_EXTENSIONS, _MAX_EMBEDDED_BYTES = (".docx", ".xlsx", ".pptx"), 20_000_000
# Allowed targets of links in a presentation: URLs with these schemes, and documents.
_ALLOWED_SCHEME = re.compile(r"(https?|mailto|tel|ftp):", re.IGNORECASE)
_DOCUMENT_NAME = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|ppsx?|od[tsp]|txt|rtf|csv|jpe?g|png|gif|webp|mp[34]|wav)"
    r"(#.*)?\Z",
    re.IGNORECASE,
)


class _InvalidXMLError(ValueError):
    """The part is too large, is not XML, or has a document type declaration."""


def detect_office_document(content: File) -> str:
    """Return ``docx``, ``xlsx`` or ``pptx``, or "" for any other ZIP file.

    The type is that of the main part. Raises ValidationError if the file is damaged,
    password-protected, a ZIP bomb, or contains macros, controls or embedded programs;
    for presentations also if content is loaded from elsewhere or a link starts a
    program.
    """
    try:
        return _validate(content)
    except _DAMAGED_FILE_ERRORS:
        raise ValidationError(
            _("The document is damaged. Open it and save it anew.")
        ) from None


def _validate(content: File, *, is_embedded: bool = False) -> str:
    """Validate a document and return its type, "" for a ZIP file of another kind.

    ``is_embedded``: the document is embedded in another one.
    """
    _check_central_directory(content)
    content.seek(0)
    with zipfile.ZipFile(content) as package:
        _check_sizes(package.infolist(), content.size)
        if _CONTENT_TYPES_PART not in package.NameToInfo:
            return ""
        document_type = _detect_type(package)
        if document_type == "pptx":
            _check_links(package)
        # Only one level of embedding is checked: Office programs write no deeper ones.
        if not is_embedded:
            _check_embedded_documents(package)
        return document_type


def _check_central_directory(content: File) -> None:
    """Raise ValidationError if the central directory is too large to be read safely.

    Must run before zipfile opens the file: a small file can have a central directory
    that fills the memory.
    """
    content.seek(max(content.size - _MAX_END_RECORD_BYTES, 0))
    tail = content.read(_MAX_END_RECORD_BYTES)
    # Locate the end record as zipfile does: at the very end, or before a comment.
    is_at_end = tail[-22:-18] == b"PK\5\6" and tail.endswith(b"\0\0")
    end = len(tail) - 22 if is_at_end else tail.rfind(b"PK\5\6")
    if end < 0:
        raise zipfile.BadZipFile
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    has_long_table = tail[max(end - 20, 0) : end][:4] == b"PK\6\7"
    if length > _MAX_CENTRAL_DIRECTORY_BYTES or has_long_table:
        _raise_zip_bomb_error()


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    names = {part.filename.lower() for part in parts}
    if len(names) < len(parts):
        raise zipfile.BadZipFile  # Programs differ in which duplicate they use.
    packed = sum(part.compress_size for part in parts)
    is_too_much = (
        len(parts) > _MAX_PARTS
        or sum(part.file_size for part in parts) > _MAX_UNPACKED_BYTES
        or packed > size  # parts overlap
    )
    if is_too_much or any(map(_is_zip_bomb, parts)):
        _raise_zip_bomb_error()
    if any(part.flag_bits & 0x1 for part in parts):
        raise ValidationError(
            _("The document is protected. Save it without a password.")
        )


def _is_zip_bomb(part: zipfile.ZipInfo) -> bool:
    is_dense = part.file_size > _MAX_COMPRESSION_RATIO * max(part.compress_size, 1)
    return is_dense and part.file_size > _MIN_BYTES_FOR_RATIO


def _raise_zip_bomb_error() -> None:
    raise ValidationError(
        _("The document would become far too large when opened. Make it smaller.")
    )


def _detect_type(package: zipfile.ZipFile) -> str:
    """Return the document type by the content type of the main part, or "".

    The part must exist in the package; in a presentation it must also be the part that
    programs open first.
    """
    types = dict(_iterate_content_types(_read_part(package, _CONTENT_TYPES_PART)))
    _check_active_content(types, package)
    for part, media_type in types.items():
        document_type, name = (
            _TYPES_BY_CONTENT_TYPE.get(media_type.strip().lower(), ""),
            part.lstrip("/"),
        )
        if document_type == "pptx" and name not in _find_main_parts(package):
            continue
        if document_type and name in package.NameToInfo:
            return document_type
    return ""


def _find_main_parts(package: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts that programs open first."""
    if _RELATIONSHIPS_PART not in package.NameToInfo:
        return set()
    return {
        relation.get("Target", "").lstrip("/")
        for relation in _find_elements(
            _read_part(package, _RELATIONSHIPS_PART), "Relationship"
        )
        if relation.get("Type", "").endswith("/officeDocument")
    }


def _check_active_content(
    content_types: dict[str, str], package: zipfile.ZipFile
) -> None:
    """Raise ValidationError if the document contains or loads macros or programs."""
    names = [word.lower() for word in (*content_types.values(), *package.namelist())]
    has_programs = (
        any(marker in word for word in names for marker in _ACTIVE_CONTENT_MARKERS)
        or any(
            "/embeddings/" in word and word.endswith(_FORBIDDEN_EMBEDDED_EXTENSIONS)
            for word in names
        )
        or _has_remote_template(package)
    )
    if has_programs:
        _raise_active_content_error()


def _raise_active_content_error() -> None:
    raise ValidationError(
        _(
            "The document contains macros or other programs. Save it without them, "
            "as DOCX, XLSX or PPTX."
        )
    )


def _check_embedded_documents(package: zipfile.ZipFile) -> None:
    """Validate embedded Office documents; reject files that only look like one."""
    for name in package.namelist():
        if "/embeddings/" in name.lower() and name.lower().endswith(
            _EMBEDDED_EXTENSIONS
        ):
            embedded = _read_part(package, name, _MAX_EMBEDDED_BYTES)
            if not _validate(ContentFile(embedded), is_embedded=True):
                _raise_active_content_error()


def _check_links(package: zipfile.ZipFile) -> None:
    """Raise ValidationError for external content or unsafe links in a presentation.

    PowerPoint loads external content as soon as a file is opened. A link can start a
    program, or send the user's login name to a file server.
    """
    if any("webextension" in name.lower() for name in package.namelist()):
        _raise_active_content_error()
    for name in package.namelist():
        if not name.lower().endswith(".rels"):
            continue
        for relation in _find_elements(_read_part(package, name), "Relationship"):
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
    """Return whether a link leads to a URL, into the file, or to a local document."""
    if not target or target.startswith("#") or _ALLOWED_SCHEME.match(target):
        return True
    path = unquote(target)
    local_path = re.sub(r"\Afile:///(?:[A-Za-z]:)?", "", path, flags=re.IGNORECASE)
    is_remote = re.match(r"[\\/]{2}|[^\\/]*:", local_path) is not None
    return not is_remote and _DOCUMENT_NAME.search(local_path) is not None


def _has_remote_template(package: zipfile.ZipFile) -> bool:
    """Return whether a Word document uses a template from another computer.

    Word loads the template, with its macros, when it opens the document.
    """
    name = "word/_rels/settings.xml.rels"
    if name not in package.NameToInfo:
        return False
    return any(
        relation.get("Type", "").endswith("/attachedTemplate")
        and relation.get("Target", "").lower().startswith(("http", "\\\\"))
        for relation in _find_elements(_read_part(package, name), "Relationship")
    )


def _iterate_content_types(xml: bytes) -> Iterator[tuple[str, str]]:
    """Yield (part name or ``*.extension``, content type) from [Content_Types].xml."""
    for element in _find_elements(xml, "Override"):
        yield element.get("PartName", ""), element.get("ContentType", "")
    for element in _find_elements(xml, "Default"):
        yield f"*.{element.get('Extension', '')}", element.get("ContentType", "")


def _read_part(
    package: zipfile.ZipFile, name: str, max_bytes: int = _MAX_XML_BYTES
) -> bytes:
    with package.open(name) as part:
        content = part.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise _InvalidXMLError
    return content


def _find_elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements with the local name ``name``."""
    elements = []

    def handle_start(tag, attributes):
        if tag.rpartition(" ")[2] == name:
            elements.append(attributes)

    def handle_doctype(*_args):
        raise _InvalidXMLError

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = (
        handle_start,
        handle_doctype,
    )
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise _InvalidXMLError from None
    return elements
