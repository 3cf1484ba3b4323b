"""A program of its own: what a PDF from standard input would do beside being read.

It prints a word a line: ``scripts``, ``launch`` (starts programs), ``attachments``
(holds other files), ``encrypted`` (cannot be looked into). Run apart from the portal
and with limits, as whoever made the file may mean ill.
"""

import io
import re
import resource
import sys

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    TextStringObject,
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
    ("/S", "/GoToE"): "attachments",
    ("/Type", "/EmbeddedFile"): "attachments",
    ("/EmbeddedFiles", ""): "attachments",
    ("/Subtype", "/FileAttachment"): "attachments",
    ("/Subtype", "/RichMedia"): "attachments",
}
_KEYS = {key for key, _value in _SIGNS}
# Names that are looked for in the bytes too: another reader may find objects where
# the table of this one does not point.
_NAMES = {
    b"JavaScript": "scripts",
    b"Launch": "launch",
    b"EmbeddedFile": "attachments",
    b"EmbeddedFiles": "attachments",
    b"FileAttachment": "attachments",
    b"RichMedia": "attachments",
}
_NAME = re.compile(rb"/([A-Za-z#0-9]{6,60})(?![A-Za-z#0-9])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def limit() -> None:
    """Let the system end this program when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def findings(content: bytes) -> set[str]:
    """What is wrong with the PDF; an error when it is damaged."""
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
    return found


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
    address = one.get("/URI")
    is_script = isinstance(address, TextStringObject | bytes) and (
        re.match(r"\s*javascript:", str(address), re.IGNORECASE)
    )
    return found | {"scripts"} if is_script else found


def _in_bytes(content: bytes) -> set[str]:
    names = {match.group(1) for match in _NAME.finditer(content)}
    plain = {_ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), one) for one in names}
    return {_NAMES[name] for name in plain & set(_NAMES)}


if __name__ == "__main__":
    limit()
    for word in sorted(findings(sys.stdin.buffer.read())):
        sys.stdout.write(f"{word}\n")
