"""ZIP packages of Office documents: what is refused for uploads and for imports."""

import io
import zipfile

import pytest

from portal.core.files import office_packages
from portal.core.files.office_packages import (
    OfficePackage,
    PackageProblem,
    UnsafePackageError,
    XmlReader,
)


def zip_of(parts: dict[str, str | bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, part in parts.items():
            # ZipInfo replaces only os.sep, so backslashes are kept.
            info = zipfile.ZipInfo(name)
            info.compress_type = compression
            package.writestr(info, part)
    return out.getvalue()


def opened(content: bytes, **limits) -> OfficePackage:
    package = OfficePackage(io.BytesIO(content), **limits)
    package.check_parts()
    return package


def problem(content: bytes, **limits) -> PackageProblem:
    """Return why the package or its part ``a.xml`` is refused."""
    with pytest.raises(UnsafePackageError) as error:
        opened(content, **limits).find_elements("a.xml", "a")
    return error.value.problem


def overlapping() -> bytes:
    """List the same compressed part ten times in the central directory."""
    content = zip_of({"a.xml": bytes(range(256)) * 40})
    directory, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    entry, record = content[directory:end], bytearray(content[end:])
    entries = b"".join(
        entry.replace(b"a.xml", b"%d.xml" % number) for number in range(10)
    )
    record[8:10] = record[10:12] = (10).to_bytes(2, "little")
    record[12:16] = len(entries).to_bytes(4, "little")
    return content[:directory] + entries + bytes(record)


def encrypted() -> bytes:
    content = bytearray(zip_of({"a.xml": "<a/>"}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def corrupted() -> bytes:
    content = bytearray(zip_of({"a.xml": "<a>" + "x" * 1000 + "</a>"}))
    content[35 : content.index(b"PK\1\2")] = b"\xff" * (content.index(b"PK\1\2") - 35)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\3\4", PackageProblem.DAMAGED),
        (zip_of({"a.xml": "<a/>"})[:-30], PackageProblem.DAMAGED),
        (corrupted(), PackageProblem.DAMAGED),
        (zip_of({"b.xml": "<a/>"}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": "<a/>", "A.XML": ""}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": "<a/>", "b\\c": "", "b/c": ""}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": "<a/>", "b/%63": "", "b/c": ""}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": "no XML"}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": f"<a>{' ' * 1_000_000}</a>"}), PackageProblem.DAMAGED),
        (zip_of({"a.xml": "<a>" * 50 + "</a>" * 50}), PackageProblem.DAMAGED),
        (
            zip_of({"a.xml": '<?xml version="1.0" encoding="gb2312"?><a/>'}),
            PackageProblem.DAMAGED,
        ),
        (
            zip_of({"a.xml": '<?xml version="1.0" encoding="none-such"?><a/>'}),
            PackageProblem.DAMAGED,
        ),
        (zip_of({"a.xml": "<!DOCTYPE a><a/>"}), PackageProblem.DOCTYPE),
        (zip_of({"a.xml": "<a/>", "b": bytes(6_000_000)}), PackageProblem.TOO_LARGE),
        (overlapping(), PackageProblem.TOO_LARGE),
        (encrypted(), PackageProblem.ENCRYPTED),
    ],
)
def test_unsafe_package_is_refused(content, reason):
    assert problem(content) == reason


def test_limits_of_the_caller_are_applied():
    content = zip_of({"a.xml": f"<a>{' ' * 1000}</a>", "b.xml": "<a/>"})

    assert problem(content, max_directory_bytes=50) == PackageProblem.TOO_MANY_PARTS
    assert problem(content, max_parsed_bytes=900) == PackageProblem.TOO_LARGE
    assert opened(content).find_elements("b.xml", "a") == [{}]
    with pytest.raises(UnsafePackageError):
        opened(content).read_part("a.xml", 900)


def test_zip64_is_refused():
    content = zip_of({"a.xml": "<a/>"})
    end = content.index(b"PK\5\6")
    locator = b"PK\6\7" + bytes(16)

    reason = problem(content[:end] + locator + content[end:])

    assert reason == PackageProblem.TOO_MANY_PARTS


def test_number_and_size_of_parts_are_limited(monkeypatch):
    content = zip_of({"a.xml": "<a/>", "b": "x" * 100})

    monkeypatch.setattr(office_packages, "_MAX_UNPACKED_BYTES", 100)
    assert problem(content) == PackageProblem.TOO_LARGE
    monkeypatch.setattr(office_packages, "_MAX_PARTS", 1)
    assert problem(content) == PackageProblem.TOO_MANY_PARTS


def test_long_tag_is_refused(monkeypatch):
    monkeypatch.setattr(office_packages, "_CHUNK_BYTES", 100)
    monkeypatch.setattr(office_packages, "_MAX_TOKEN_BYTES", 500)

    assert problem(zip_of({"a.xml": f'<a b="{"x" * 2000}"/>'})) == (
        PackageProblem.DAMAGED
    )


def test_error_of_a_handler_is_not_changed():
    class OwnError(ValueError):
        pass

    def start(tag, attributes):
        raise OwnError

    with pytest.raises(OwnError):
        opened(zip_of({"a.xml": "<a/>"})).parse_part("a.xml", XmlReader(start))


def test_lack_of_memory_is_not_damage():
    from xml.parsers import expat

    def start(tag, attributes):
        error = expat.ExpatError("out of memory")
        error.code = office_packages._OUT_OF_MEMORY
        raise error

    with pytest.raises(MemoryError):
        opened(zip_of({"a.xml": "<a/>"})).parse_part("a.xml", XmlReader(start))


def test_relationships_are_resolved_and_external_ones_left_out():
    relations = (
        '<Relationships><Relationship Id="1" Type="x/worksheet" Target="../a%201.xml"/>'
        '<Relationship Id="2" Type="x/link" Target="b" TargetMode=" external "/>'
        '<Relationship Id="3" Type="x/styles" Target="\\S.xml"/></Relationships>'
    )
    package = opened(zip_of({"xl/w/_rels/Book.xml.rels": relations}))

    assert package.get_relationships("/xl/w/book.xml") == {
        "1": ("worksheet", "xl/a 1.xml"),
        "3": ("styles", "s.xml"),
    }
    assert package.get_relationships("") == {}
