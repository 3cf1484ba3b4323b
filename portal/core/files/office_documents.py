"""Validation of Word, Excel and PowerPoint files (ZIP packages of XML, ECMA-376).

Files with macros or other programs are rejected.
"""

import io
import re
from typing import BinaryIO
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.core.files.office_packages import (
    MACRO_MARKERS,
    OfficePackage,
    PackageProblem,
    UnsafePackageError,
    has_marker,
    is_external,
    normalize_part_name,
)

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES_BY_CONTENT_TYPE = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}.presentationml.presentation.main+xml": "pptx",
}
DOCUMENT_TYPES = tuple(_TYPES_BY_CONTENT_TYPE.values())
_CONTENT_TYPES_PART = "[Content_Types].xml"
_ACTIVE_CONTENT_MARKERS = (*MACRO_MARKERS, "oleobject")
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


def detect_office_document(content: File) -> str:
    """Return ``docx``, ``xlsx`` or ``pptx``, or "" for any other ZIP file.

    The type is that of the main part. Raises ValidationError if the file is damaged,
    password-protected, a ZIP bomb, or contains macros, controls or embedded programs;
    for presentations also if content is loaded from elsewhere or a link starts a
    program.
    """
    try:
        return _validate(content)
    except UnsafePackageError as error:
        raise ValidationError(_get_error_message(error.problem)) from None


def _get_error_message(problem: PackageProblem) -> str:
    if problem in (PackageProblem.TOO_MANY_PARTS, PackageProblem.TOO_LARGE):
        return _("The document is too large when unpacked. Make it smaller.")
    if problem == PackageProblem.ENCRYPTED:
        return _("The document is protected. Save it without a password.")
    return _("The document is damaged. Open it and save it again.")


def _validate(content: BinaryIO, *, is_embedded: bool = False) -> str:
    """Validate a document and return its type, "" for a ZIP file of another kind.

    ``is_embedded``: the document is embedded in another one.
    """
    package = OfficePackage(content)
    package.check_parts()
    if _CONTENT_TYPES_PART not in package:
        return ""
    document_type = _detect_type(package)
    if document_type == "pptx":
        _check_links(package)
    # Only one level of embedding is checked: Office programs write no deeper ones.
    if not is_embedded:
        _check_embedded_documents(package)
    return document_type


def _detect_type(package: OfficePackage) -> str:
    """Return the document type by the content type of the main part, or "".

    The part must exist in the package; in a presentation it must also be the part that
    programs open first.
    """
    overrides = package.find_elements(_CONTENT_TYPES_PART, "Override")
    defaults = package.find_elements(_CONTENT_TYPES_PART, "Default")
    media_types = [
        element.get("ContentType", "").strip().lower()
        for element in (*overrides, *defaults)
    ]
    _check_active_content(media_types, package)
    for override, media_type in zip(overrides, media_types, strict=False):
        document_type = _TYPES_BY_CONTENT_TYPE.get(media_type, "")
        name = override.get("PartName", "")
        if document_type == "pptx" and not _is_main_part(name, package):
            continue
        if document_type and name in package:
            return document_type
    return ""


def _is_main_part(name: str, package: OfficePackage) -> bool:
    """Return whether programs open the part first."""
    return normalize_part_name(name) in [
        target
        for kind, target in package.get_relationships("").values()
        if kind == "officeDocument"
    ]


def _check_active_content(media_types: list[str], package: OfficePackage) -> None:
    """Raise ValidationError if the document contains or loads macros or programs."""
    has_programs = (
        has_marker([*media_types, *package.names], _ACTIVE_CONTENT_MARKERS)
        or any(
            "/embeddings/" in name and name.endswith(_FORBIDDEN_EMBEDDED_EXTENSIONS)
            for name in package.names
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


def _check_embedded_documents(package: OfficePackage) -> None:
    """Validate embedded Office documents; reject files that only look like one."""
    for name in package.names:
        if "/embeddings/" in name and name.endswith(_EMBEDDED_EXTENSIONS):
            embedded = package.read_part(name, _MAX_EMBEDDED_BYTES)
            if not _validate(io.BytesIO(embedded), is_embedded=True):
                _raise_active_content_error()


def _check_links(package: OfficePackage) -> None:
    """Raise ValidationError for external content or unsafe links in a presentation.

    PowerPoint loads external content as soon as a file is opened. A link can start a
    program, or send the user's login name to a file server.
    """
    if has_marker(package.names, ("webextension",)):
        _raise_active_content_error()
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        for relation in package.find_elements(name, "Relationship"):
            target = relation.get("Target", "").strip()
            if not is_external(relation):
                continue
            if not relation.get("Type", "").lower().endswith("/hyperlink"):
                raise ValidationError(
                    _(
                        "The presentation refers to something outside the file: "
                        "“%(target)s”. Insert it into the presentation, or remove "
                        "it."
                    ),
                    params={"target": target[:200]},
                )
            if not _is_harmless(target):
                raise ValidationError(
                    _(
                        "A link in the presentation starts a program or goes to a "
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


def _has_remote_template(package: OfficePackage) -> bool:
    """Return whether a Word document uses a template from another computer.

    Word loads the template, with its macros, when it opens the document.
    """
    name = "word/_rels/settings.xml.rels"
    return name in package and any(
        relation.get("Type", "").endswith("/attachedTemplate")
        and relation.get("Target", "").lower().startswith(("http", "\\\\"))
        for relation in package.find_elements(name, "Relationship")
    )
