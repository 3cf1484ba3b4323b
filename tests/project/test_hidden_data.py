"""No page, list, feed or API answer shows data that is not public, in any language.

``tests.project.hidden_dataset`` creates the hidden rows and puts MARK into all of their
texts.
"""

import io
import json
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from portal.content.catalogue.models import Entry, EntryTag, EntryText
from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.publishing import operations
from portal.core.languages import LANGUAGES
from tests.factories import publishing as states
from tests.project.hidden_dataset import MARK, STATES, Secrets, build
from tests.project.url_table import PUBLIC, opened

CODES = [language.code for language in LANGUAGES]
# Lists are read in all languages; the pages of all referencing records in these.
THOROUGH = ("en", "zh-hant", "km")
# States of records that were public before: their address answers 410.
WITHDRAWN_STATES = ("withdrawn", "returned")


@pytest.fixture(scope="module")
def secrets(rows_of_module) -> Iterator[Secrets]:
    with rows_of_module(build) as built:
        yield built


def _url_values(records: dict) -> dict[str, str]:
    values = {code: record.public_code for code, record in records.items()}
    return values | {"country": values["country"].lower(), "file": "/robots.txt"}


def _addresses(secrets: Secrets, language: str) -> Iterator[str]:
    """Yield the public addresses, with those of records that point to hidden ones."""
    carriers = list(secrets.carriers.values())
    for records in carriers if language in THOROUGH else carriers[:1]:
        values = _url_values(records)
        for row in PUBLIC.values():
            if row.kind and not row.is_list:
                yield _in_language(row.example.format(**values), language)
    for row in PUBLIC.values():
        if row.is_list:
            yield _in_language(row.example, language)
            yield _in_language(f"{row.example}?page_size=200", language)
        elif not row.kind:
            yield _in_language(row.example.format(**values), language)


def _in_language(address: str, language: str) -> str:
    if address.startswith("/api/v1/") and "openapi" not in address:
        return f"{address}{'&' if '?' in address else '?'}lang={language}"
    if "?page_size" in address:
        return address.replace("?page_size=200", "?page=2").replace(
            "/en/", f"/{language}/", 1
        )
    return address.replace("/en/", f"/{language}/", 1)


def _visible_text(response) -> str:
    """Return the body and the headers, in which a marked text must not appear."""
    # Digests, sizes and times may contain any number by chance.
    ignored = {"ETag", "Content-Length", "Expires", "Last-Modified"}
    headers = {n: value for n, value in response.headers.items() if n not in ignored}
    return _text_of(response) + str(headers)


def _text_of(response) -> str:
    if response["Content-Type"] == "application/pdf":
        pages = PdfReader(io.BytesIO(response.body)).pages
        return "".join(page.extract_text() for page in pages)
    if response["Content-Type"] in ("image/png", "image/x-icon"):
        return ""  # the text of share images is tested in tests/portal/website/printing
    return response.body.decode()


# Ids of feeds and events are digests, which may contain a code by chance.
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _find_leaks(text: str, codes: set[str] = frozenset()) -> list[str]:
    """Return each marked text or code in ``text``, with what follows it."""
    escaped = [re.escape(c) + (r"(?![0-9a-z])" if c.isdigit() else "") for c in codes]
    values = "|".join([MARK, *sorted(escaped)])
    pattern = rf"(?i)(?<![0-9a-z])(?:{values}).{{0,60}}"
    return [match[0] for match in re.finditer(pattern, _UUID.sub("", text))]


def test_code_is_found_but_not_in_a_digest():
    digest = "urn:uuid:6b9f3a1e-9172-5480-9173-1632a7fff38d"

    assert _find_leaks(digest, {"9172", "9173"}) == []
    assert _find_leaks(f"{digest} edition 9172,", {"9172"}) == ["9172,"]


def test_hidden_dataset_covers_every_kind_and_status(secrets, db):
    at = timezone.now()
    for state, records in secrets.hidden.items():
        assert set(records) == {kind.code for kind in all_kinds()}
        for kind, record in records.items():
            of_kind = get_kind(kind).model.objects
            assert not of_kind.published(at).filter(pk=record.pk).exists(), state
    for records in secrets.carriers.values():
        for kind, record in records.items():
            assert get_kind(kind).model.objects.published(at).filter(pk=record.pk)


@pytest.mark.parametrize("language", CODES)
def test_no_public_url_shows_hidden_text(language, secrets, db, client):
    codes = secrets.codes()
    wrong = {}
    for address in _addresses(secrets, language):
        cache.clear()  # the limit of requests in a minute is not under test
        response = opened(client, address)
        known = (
            codes if "/changes/" not in address else codes - _withdrawn_codes(secrets)
        )
        if leaks := _find_leaks(_visible_text(response), known):
            wrong[address] = leaks[:5]

    assert wrong == {}


def _withdrawn_codes(secrets: Secrets) -> set[str]:
    """Return the codes that the change feed may contain: they were public before."""
    return secrets.codes("withdrawn", "returned")


@pytest.mark.parametrize("language", THOROUGH)
def test_no_filter_matches_hidden_records(language, secrets, db, client):
    wrong = {}
    for row in filter(lambda row: row.is_list, PUBLIC.values()):
        for query in _queries(secrets, get_kind(row.kind).filters):
            address = _in_language(f"{row.example}?{query}", language)
            cache.clear()
            if leaks := _find_leaks(_visible_text(opened(client, address))):
                wrong[address] = leaks[:5]

    assert wrong == {}


def _queries(secrets: Secrets, values: tuple[str, ...]) -> Iterator[str]:
    for records in secrets.hidden.values():
        if "country" in values:
            yield f"country={records['country'].iso2}"
    yield from (
        f"{parameter}={value}"
        for parameter, value in (("scope", "prosecutors"), ("direction", "inbound"))
        if parameter in values
    )


def test_catalogue_contains_no_hidden_text(secrets, db):
    codes = secrets.codes()
    entries = json.dumps(list(Entry.objects.values()), default=str, ensure_ascii=False)
    # Without ids: a sequence of PostgreSQL may have reached the number of an edition.
    texts = EntryText.objects.values("language", "title", "summary")
    texts = json.dumps(list(texts), ensure_ascii=False)

    assert not Entry.objects.filter(code__in=codes).exists()
    assert _find_leaks(texts, codes) == []
    assert _find_leaks(_without(entries, codes)) == []


def test_entry_tags_reference_hidden_records_by_key_only(secrets, db):
    """Tags are for looking up entries that refer to a record; they are never shown."""
    tags = EntryTag.objects.exclude(value__in=secrets.codes())

    assert _find_leaks(json.dumps(list(tags.values()), default=str)) == []


def _without(text: str, codes: set[str]) -> str:
    """Return ``text`` without the keys that entries have of related records."""
    return re.sub(
        "|".join(f'"{re.escape(code)}"' for code in sorted(codes)), '""', text
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", THOROUGH)
def test_hidden_record_url_returns_404_or_410_without_content(
    state, language, secrets, db, client
):
    expected = 410 if state in WITHDRAWN_STATES else 404
    values = _url_values(secrets.hidden[state])
    for row in PUBLIC.values():
        if row.kind and not row.is_list:
            address = _in_language(row.example.format(**values), language)
            cache.clear()

            response = opened(client, address)

            assert response.status_code == expected, address
            assert (
                _find_leaks(_visible_text(response).replace(values[row.kind], "")) == []
            ), address
            if address.startswith("/api/") and state in WITHDRAWN_STATES:
                properties = {"type", "title", "status", "code", "detail"}
                properties |= {"kind", "withdrawn_at"}
                assert set(response.json()) == properties


def test_hidden_record_files_are_not_served(secrets, db, client):
    assert len(secrets.files) > 2 * len(all_kinds())
    for file in secrets.files:
        response = client.get(file.get_absolute_url())

        assert response.status_code == 404, file
        assert _find_leaks(_visible_leaks(response)) == []


def _visible_leaks(response) -> str:
    """Return the page without its own address, which the client knows."""
    return re.sub(r'"[^"]*/files/[^"]*"', "", response.content.decode())


def test_staff_session_reveals_nothing_on_public_urls(secrets, db):
    client = Client()
    client.force_login(states.staff("sample.chief", is_superuser=True))
    wrong = {}
    for address in _addresses(secrets, "zh-hans"):
        cache.clear()
        if leaks := _find_leaks(_visible_text(opened(client, address))):
            wrong[address] = leaks[:5]

    assert wrong == {}


def test_nothing_scheduled_is_published_before_its_time(secrets, db):
    assert operations.publish_due(by=states.actor(), at=timezone.now()) == 0


def test_leak_detection_finds_text_once_published(secrets, db, client):
    """Once published, the marked texts are found: the tests above can fail."""
    from tests.project.hidden_dataset import FAR

    published = operations.publish_due(by=states.actor(), at=FAR)
    leaks = [
        client.get(_in_language(row.example, "en")).content.decode()
        for row in PUBLIC.values()
        if row.is_list and row.example.startswith("/en/")
    ]

    assert published == len(all_kinds())
    assert sum(bool(_find_leaks(text)) for text in leaks) >= len(leaks) - 1
