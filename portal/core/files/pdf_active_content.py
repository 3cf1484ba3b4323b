"""Active content of a PDF, found in the sandbox process as the file may be hostile.

Words that name it: ``scripts``, ``launch`` (starts programs), ``attachments`` (contains
other files), ``forms`` (submits form data), ``opens`` (opens a URL or another file
without a click), ``servers`` (links to a file server, which would receive the user's
login name), ``encrypted`` (cannot be checked).
"""

import io
import logging
import re
from urllib.parse import unquote

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    read_object,
)

_MAX_DEPTH = 100
# Entries of PDF dictionaries as (key, value); the value "" matches any value.
_ACTIVE_CONTENT_ENTRIES = {
    ("/S", "/JavaScript"): "scripts",
    ("/JavaScript", ""): "scripts",
    ("/XFA", ""): "scripts",
    ("/S", "/Launch"): "launch",
    ("/S", "/ImportData"): "launch",
    ("/S", "/SubmitForm"): "forms",
    ("/S", "/GoToE"): "attachments",
    ("/Type", "/EmbeddedFile"): "attachments",
    ("/EmbeddedFiles", ""): "attachments",
    ("/Subtype", "/FileAttachment"): "attachments",
    ("/Subtype", "/RichMedia"): "attachments",
    # Script of a 3D model, run when the page is shown.
    ("/OnInstantiate", ""): "scripts",
    # File specification that refers to a URL.
    ("/FS", "/URL"): "opens",
}
_ACTIVE_CONTENT_KEYS = {key for key, _word in _ACTIVE_CONTENT_ENTRIES}
# Keys whose values are file names or URLs.
_LOCATION_KEYS = ("/URI", "/F", "/UF", "/DOS", "/Unix", "/Mac", "/Base")
# Actions that leave the document, which are rejected if they need no click. Actions
# inside the document are accepted.
_LEAVING_ACTIONS = ("/URI", "/GoToR", "/GoToE", "/Launch", "/SubmitForm", "/ImportData")
# Keys of actions of an annotation that run when the mouse button goes down or up.
_CLICK_KEYS = {"/D", "/U"}
_MAX_ACTIONS = 10_000
# If one of these keys occurs twice in a dictionary, programs differ in the value they
# use.
_UNIQUE_KEYS = (
    *("/OpenAction", "/AA", "/A", "/S", "/Next", "/Names", "/AcroForm", "/JS", "/Root"),
    *_LOCATION_KEYS,
)
# Names also searched for in the raw bytes, because other PDF programs may find objects
# that the cross-reference table read by pypdf does not list.
_ACTIVE_CONTENT_NAMES = {
    b"JavaScript": "scripts",
    b"SubmitForm": "forms",
    b"Launch": "launch",
    b"EmbeddedFile": "attachments",
    b"EmbeddedFiles": "attachments",
    b"FileAttachment": "attachments",
    b"RichMedia": "attachments",
}
_NAME = re.compile(rb"/([A-Za-z#0-9]{6,60})(?![A-Za-z#0-9])")
_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}\s+[0-9]{1,5}\s+obj(?![A-Za-z])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class _DuplicateKeyHandler(logging.Handler):
    """Log handler that notes whether pypdf dropped the second value of a key.

    pypdf uses the first value and logs a message; browsers use the last. Only keys that
    matter for active content are noted.
    """

    has_duplicates = False

    def emit(self, record):
        message = record.getMessage()
        if message.startswith("Multiple definitions in dictionary"):
            self.has_duplicates |= message.endswith(
                tuple(f"for key {key}" for key in _UNIQUE_KEYS)
            )


def list_active_content(content: bytes) -> str:
    """Return the words for the active content of a PDF, separated by blanks."""
    return " ".join(sorted(find_active_content(content)))


def find_active_content(content: bytes) -> set[str]:
    """Return the words for the active content that was found (see the module).

    Raises an exception if the PDF is damaged or ambiguous.
    """
    handler, pypdf_logger = _DuplicateKeyHandler(), logging.getLogger("pypdf")
    pypdf_logger.addHandler(handler)
    try:
        words = _scan_document(content)
    finally:
        pypdf_logger.removeHandler(handler)
    if handler.has_duplicates:
        raise ValueError("duplicate key in a dictionary")
    return words


def _scan_document(content: bytes) -> set[str]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return {"encrypted"}
    # Raises an exception if the document has no pages.
    reader.root_object["/Pages"]["/Kids"]
    words = _scan_bytes(content)
    words |= _scan_object(reader.trailer)
    for number, generation in _list_object_numbers(reader):
        words |= _scan_object(
            reader.get_object(IndirectObject(number, generation, reader))
        )
    for unlisted_object in _iterate_unlisted_objects(content, reader):
        words |= _scan_object(unlisted_object)
    return words


def _iterate_unlisted_objects(content: bytes, reader: PdfReader):
    """Yield objects that the cross-reference table does not list.

    Other PDF programs may search the file for them.
    """
    listed_offsets = {
        offset for table in reader.xref.values() for offset in table.values()
    }
    for match in _OBJECT.finditer(content):
        if match.start() in listed_offsets:
            continue
        stream = io.BytesIO(content)
        stream.seek(match.end())
        try:
            yield read_object(stream, reader)
        except Exception:  # noqa: S112 the bytes only looked like an object
            continue


def _list_object_numbers(reader: PdfReader) -> set[tuple[int, int]]:
    """Return (number, generation) of every object in the cross-reference tables."""
    listed = {
        (number, generation)
        for generation, table in reader.xref.items()
        for number in table
    }
    return listed | {(number, 0) for number in reader.xref_objStm}


def _scan_object(root) -> set[str]:
    """Return the words for an object and all objects nested in it.

    References to other objects are not followed: the caller scans every object.
    """
    words, pending = set(), [(root, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > _MAX_DEPTH:
            raise ValueError("objects nested too deeply")
        if isinstance(item, DictionaryObject):
            words |= _scan_dictionary(item)
            pending += [(value, depth + 1) for value in item.values()]
        elif isinstance(item, ArrayObject):
            pending += [(value, depth + 1) for value in item]
    return words


def _scan_dictionary(dictionary: DictionaryObject) -> set[str]:
    """Return the words for the entries of one dictionary, without nested objects."""
    words = set()
    for key in _ACTIVE_CONTENT_KEYS & set(dictionary):
        value = dictionary[key]  # Resolves a reference to another object.
        for entry in ((key, value if isinstance(value, str) else None), (key, "")):
            words |= (
                {_ACTIVE_CONTENT_ENTRIES[entry]}
                if entry in _ACTIVE_CONTENT_ENTRIES
                else set()
            )
    for key in _LOCATION_KEYS:
        location = _get_string(dictionary, key)
        if key == "/URI" and re.match(r"\s*javascript:", location, re.IGNORECASE):
            words.add("scripts")
        if _is_on_file_server(location):
            words.add("servers")
    is_script = _get_string(dictionary, "/JS") or isinstance(
        _get_value(dictionary, "/JS"), StreamObject
    )
    if "/S" in dictionary and is_script:
        words.add("scripts")
    if any(map(_leaves_document, _list_automatic_actions(dictionary))):
        words.add("opens")
    return words


def _get_value(dictionary: DictionaryObject, key: str):
    """Return the value at ``key`` with references resolved, or None."""
    value = dictionary.get(key)
    return None if value is None else value.get_object()


def _get_string(dictionary: DictionaryObject, key: str) -> str:
    """Return the string at ``key``, or "" if the value is not a string."""
    value = _get_value(dictionary, key)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    is_string = isinstance(value, str) and not isinstance(value, NameObject)
    return str(value) if is_string else ""


def _is_on_file_server(location: str) -> bool:
    """Return whether a file name or URL refers to a file server.

    File servers are UNC paths, SMB and similar schemes, and file://host.
    """
    cleaned = re.sub(r"[\x00-\x20]", "", location)
    for path in (cleaned, unquote(cleaned)):
        path = path.replace("\\", "/").lower()
        if re.match("//|(smb|cifs|nfs|afp|unc):", path):
            return True
        host, _slash, rest = path.removeprefix("file://").partition("/")
        is_local = host in ("", "localhost") or re.match("[a-z][:|]", host)
        if path.startswith("file://") and (not is_local or rest.startswith("/")):
            return True
    return False


def _list_automatic_actions(dictionary: DictionaryObject) -> list[DictionaryObject]:
    """Return the actions that a dictionary runs without a click, with all /Next."""
    pending = [_get_value(dictionary, "/OpenAction")]
    additional_actions = _get_value(dictionary, "/AA")
    if isinstance(additional_actions, DictionaryObject):
        pending += [
            additional_actions[key]
            for key in additional_actions
            if key not in _CLICK_KEYS
        ]
    actions, seen = [], {id(None)}
    while pending:
        action = pending.pop()
        action = action.get_object() if action is not None else None
        if id(action) in seen:
            continue
        if len(seen) > _MAX_ACTIONS:
            raise ValueError("too many actions")
        seen.add(id(action))
        if isinstance(action, ArrayObject):
            pending += action  # Actions of /Next, or a destination in the document.
        elif isinstance(action, DictionaryObject):
            actions.append(action)
            pending.append(_get_value(action, "/Next"))
    return actions


def _leaves_document(action: DictionaryObject) -> bool:
    """Return whether an action opens a URL, starts a program or leaves the document."""
    kind = _get_value(action, "/S")
    if kind == "/Thread":  # /F: an article of another document.
        return "/F" in action
    # Some programs need no action type if there is a URL.
    return kind in _LEAVING_ACTIONS or bool(_get_string(action, "/URI"))


def _scan_bytes(content: bytes) -> set[str]:
    """Return the words for names of active content anywhere in the raw bytes."""
    names = {match.group(1) for match in _NAME.finditer(content)}
    decoded_names = {
        _ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), name) for name in names
    }
    return {
        _ACTIVE_CONTENT_NAMES[name]
        for name in decoded_names & set(_ACTIVE_CONTENT_NAMES)
    }
