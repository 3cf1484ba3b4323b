"""A program of its own: what a PDF from standard input would do beside being read.

It prints a word a line: ``scripts``, ``launch`` (starts programs), ``attachments``
(holds other files), ``forms`` (sends what was filled in), ``opens`` (opens an address
or another file without a click), ``servers`` (leads to a file server, which is then
sent the reader's name), ``encrypted`` (cannot be looked into). Run apart and with
limits, because the file may be hostile.
"""

import io
import logging
import re
import resource
import sys
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

_SECONDS, _BYTES = 10, 1_500_000_000
_DEEPEST = 100
# Of a dictionary: (key, value), the value "" for any.
_SIGNS = {
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
    # What a script of a three-dimensional model does when the page is shown.
    ("/OnInstantiate", ""): "scripts",
    # A file that is fetched from an address.
    ("/FS", "/URL"): "opens",
}
_KEYS = {key for key, _value in _SIGNS}
# Keys of file names and addresses.
_PLACES = ("/URI", "/F", "/UF", "/DOS", "/Unix", "/Mac", "/Base")
# What leads away when it is done without a click; inside the document, all may happen.
_AWAY = ("/URI", "/GoToR", "/GoToE", "/Launch", "/SubmitForm", "/ImportData")
# Actions of an annotation that are done when the button of the mouse goes down or up.
_CLICKS = {"/D", "/U"}
_MOST_ACTIONS = 10_000
# A second value of these keys is read by some programs instead of the first.
_SINGLE = (
    *("/OpenAction", "/AA", "/A", "/S", "/Next", "/Names", "/AcroForm", "/JS", "/Root"),
    *_PLACES,
)
# Names that are looked for in the bytes too: another reader may find objects where
# the table of this one does not point.
_NAMES = {
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


def limit() -> None:
    """Let the system end this program when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


class _Ambiguous(logging.Handler):
    """Notes whether pypdf left out a second value of a key that matters.

    pypdf takes the first value and logs it; browsers take the last.
    """

    is_met = False

    def emit(self, record):
        message = record.getMessage()
        if message.startswith("Multiple definitions in dictionary"):
            self.is_met |= message.endswith(tuple(f"for key {key}" for key in _SINGLE))


def findings(content: bytes) -> set[str]:
    """What is wrong with the PDF; an error when it is damaged."""
    ambiguous, log = _Ambiguous(), logging.getLogger("pypdf")
    log.addHandler(ambiguous)
    try:
        found = _findings(content)
    finally:
        log.removeHandler(ambiguous)
    if ambiguous.is_met:
        raise ValueError("a key has two values")
    return found


def _findings(content: bytes) -> set[str]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return {"encrypted"}
    # A document has pages; this raises where there are none.
    reader.root_object["/Pages"]["/Kids"]
    found = _in_bytes(content)
    found |= _in_object(reader.trailer)
    for number, generation in _numbers(reader):
        found |= _in_object(
            reader.get_object(IndirectObject(number, generation, reader))
        )
    for one in _outside_the_table(content, reader):
        found |= _in_object(one)
    return found


def _outside_the_table(content: bytes, reader: PdfReader):
    """Objects that the table does not point to: other readers may look for them."""
    known = {place for table in reader.xref.values() for place in table.values()}
    for match in _OBJECT.finditer(content):
        if match.start() in known:
            continue
        stream = io.BytesIO(content)
        stream.seek(match.end())
        try:
            yield read_object(stream, reader)
        except Exception:  # noqa: S112 it was no object, only like one
            continue


def _numbers(reader: PdfReader) -> set[tuple[int, int]]:
    listed = {
        (number, generation)
        for generation, table in reader.xref.items()
        for number in table
    }
    return listed | {(number, 0) for number in reader.xref_objStm}


def _in_object(top) -> set[str]:
    """What an object says with all that stands in it; others have their own turn."""
    found, waiting = set(), [(top, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("objects within objects without end")
        if isinstance(one, DictionaryObject):
            found |= _in_dictionary(one)
            waiting += [(value, depth + 1) for value in one.values()]
        elif isinstance(one, ArrayObject):
            waiting += [(value, depth + 1) for value in one]
    return found


def _in_dictionary(one: DictionaryObject) -> set[str]:
    found = set()
    for key in _KEYS & set(one):
        value = one[key]  # An object of its own is read here.
        for sign in ((key, value if isinstance(value, str) else None), (key, "")):
            found |= {_SIGNS[sign]} if sign in _SIGNS else set()
    for key in _PLACES:
        place = _text(one, key)
        if key == "/URI" and re.match(r"\s*javascript:", place, re.IGNORECASE):
            found.add("scripts")
        if _is_on_a_server(place):
            found.add("servers")
    is_script = _text(one, "/JS") or isinstance(_value(one, "/JS"), StreamObject)
    if "/S" in one and is_script:
        found.add("scripts")
    if any(map(_leads_away, _automatic(one))):
        found.add("opens")
    return found


def _value(one: DictionaryObject, key: str):
    value = one.get(key)
    return None if value is None else value.get_object()


def _text(one: DictionaryObject, key: str) -> str:
    """The string at ``key``; "" for anything else."""
    value = _value(one, key)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    is_string = isinstance(value, str) and not isinstance(value, NameObject)
    return str(value) if is_string else ""


def _is_on_a_server(place: str) -> bool:
    """Whether a file name or address leads to a file server (UNC, SMB, file://host)."""
    plain = re.sub(r"[\x00-\x20]", "", place)
    for path in (plain, unquote(plain)):
        path = path.replace("\\", "/").lower()
        if re.match("//|(smb|cifs|nfs|afp|unc):", path):
            return True
        host, _slash, rest = path.removeprefix("file://").partition("/")
        is_local = host in ("", "localhost") or re.match("[a-z][:|]", host)
        if path.startswith("file://") and (not is_local or rest.startswith("/")):
            return True
    return False


def _automatic(one: DictionaryObject) -> list[DictionaryObject]:
    """Actions that ``one`` has done without a click, with those that follow them."""
    waiting = [_value(one, "/OpenAction")]
    more = _value(one, "/AA")
    if isinstance(more, DictionaryObject):
        waiting += [more[key] for key in more if key not in _CLICKS]
    actions, seen = [], {id(None)}
    while waiting:
        step = waiting.pop()
        step = step.get_object() if step is not None else None
        if id(step) in seen:
            continue
        if len(seen) > _MOST_ACTIONS:
            raise ValueError("actions without end")
        seen.add(id(step))
        if isinstance(step, ArrayObject):
            waiting += step  # Steps of /Next, or a place in the document.
        elif isinstance(step, DictionaryObject):
            actions.append(step)
            waiting.append(_value(step, "/Next"))
    return actions


def _leads_away(action: DictionaryObject) -> bool:
    kind = _value(action, "/S")
    if kind == "/Thread":  # An article, which may be one of another document.
        return "/F" in action
    # Some programs do without the kind where there is an address.
    return kind in _AWAY or bool(_text(action, "/URI"))


def _in_bytes(content: bytes) -> set[str]:
    names = {match.group(1) for match in _NAME.finditer(content)}
    plain = {_ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), one) for one in names}
    return {_NAMES[name] for name in plain & set(_NAMES)}


if __name__ == "__main__":
    limit()
    for word in sorted(findings(sys.stdin.buffer.read())):
        sys.stdout.write(f"{word}\n")
