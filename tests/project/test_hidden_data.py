"""No page, list, feed or API answer shows data that is not public, in any language.

``tests.project.hidden_dataset`` creates the hidden rows and puts MARK into all of their
texts.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import cycle, product

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from portal.content.catalogue.models import Entry, EntryTag, EntryText
from portal.content.catalogue.registry import all_kinds, get_kind
from portal.content.publishing import operations
from portal.core.files.models import StoredFile
from portal.core.languages import LANGUAGES_BY_CODE
from portal.website.lists import PAGE_SIZE
from tests.factories import publishing as states
from tests.failures import collect_failures
from tests.project.hidden_dataset import (
    MARK,
    STATES,
    WITHDRAWN_STATES,
    Secrets,
    build,
)
from tests.project.kind_factories import public_topic
from tests.project.url_table import PUBLIC, Public, opened
from tests.unrendered_pages import unrendered_errors


@pytest.fixture(scope="module")
def secrets(rows_of_module) -> Iterator[Secrets]:
    with rows_of_module(build) as built:
        yield built


def _url_values(records: dict) -> dict[str, str]:
    values = {code: record.public_code for code, record in records.items()}
    return values | {
        "country": values["country"].lower(),
        "file": "/robots.txt",
        "topic": public_topic(),
    }


def _addresses(secrets: Secrets) -> Iterator[str]:
    """Yield the public addresses, with those of records that point to hidden ones.

    The languages take turns: which records a page shows does not depend on its
    language, and that the catalogue has no hidden text in any language has a test of
    its own. Each address of a record is yielded in one language for each state of the
    records to which it points, any other address in two.
    """
    languages = cycle(LANGUAGES_BY_CODE)
    for row in PUBLIC.values():
        for example in _examples(row, secrets):
            yield _in_language(example, next(languages))


def _examples(row: Public, secrets: Secrets) -> list[str]:
    records = list(secrets.carriers.values())
    if row.kind and not row.is_list:
        return [row.example.format(**_url_values(of_state)) for of_state in records]
    return 2 * [row.example.format(**_url_values(records[0]))]


def _in_language(address: str, language: str) -> str:
    if address.startswith("/api/v1/") and "openapi" not in address:
        return f"{address}{'&' if '?' in address else '?'}lang={language}"
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
            # A list would show all of them on its first page.
            assert of_kind.count() <= PAGE_SIZE
    for records in secrets.carriers.values():
        for kind, record in records.items():
            assert get_kind(kind).model.objects.published(at).filter(pk=record.pk)


def test_no_public_url_shows_hidden_text(secrets, db, client):
    codes = secrets.codes()
    with collect_failures() as failures:
        for address in dict.fromkeys(_addresses(secrets)):
            with failures.case(address):
                cache.clear()  # the limit of requests in a minute is not under test
                text = _text_but_known_codes(opened(client, address), secrets)
                assert _find_leaks(text, codes)[:5] == []


def _text_but_known_codes(response, secrets: Secrets) -> str:
    """Return the text, without the codes in the change feed that were public before."""
    text = _visible_text(response)
    is_feed = response.request["PATH_INFO"] == "/api/v1/changes/"
    return _without(text, secrets.codes(*WITHDRAWN_STATES)) if is_feed else text


def test_no_filter_matches_hidden_records(secrets, db, client):
    """In one language each: what a filter matches does not depend on the language."""
    languages = cycle(LANGUAGES_BY_CODE)
    with collect_failures() as failures:
        for example, query in _filtered(secrets):
            address = _in_language(f"{example}?{query}", next(languages))
            with failures.case(address):
                cache.clear()
                text = _visible_text(opened(client, address))
                assert _find_leaks(text)[:5] == []


def _filtered(secrets: Secrets) -> Iterator[tuple[str, str]]:
    """Yield the lists with each query that might match hidden records.

    The page and the endpoint of a kind read the same filters of the catalogue: they
    take the countries of the hidden records in turn, the page of every second kind
    those that the endpoint of the others takes, if a kind has both.
    """
    for turn, kind in enumerate(all_kinds()):
        lists = [r for r in PUBLIC.values() if r.is_list and r.kind == kind.code]
        assert lists, kind.code
        for position, records in enumerate(secrets.hidden.values()):
            if "country" in kind.filters:
                row = lists[(turn + position) % len(lists)]
                yield row.example, f"country={records['country'].iso2}"
        values = {"scope": "prosecutors", "direction": "inbound"}
        for row, parameter in product(lists, values):
            if parameter in kind.filters:
                yield row.example, f"{parameter}={values[parameter]}"


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
    """Return ``text`` without these codes where they are values of their own."""
    return re.sub(
        "|".join(f'"{re.escape(code)}"' for code in sorted(codes)), '""', text
    )


def test_hidden_record_url_returns_404_or_410_without_content(secrets, db, client):
    """In one language for each state: the record is looked up before its texts."""
    languages = cycle(LANGUAGES_BY_CODE)
    rows = [row for row in PUBLIC.values() if row.kind and not row.is_list]
    with collect_failures() as failures:
        for row, state in product(rows, STATES):
            values = _url_values(secrets.hidden[state])
            address = _in_language(row.example.format(**values), next(languages))
            with failures.case(state, address):
                cache.clear()
                response = opened(client, address)
                _check_hidden(response, state, own_code=values[row.kind])


def _check_hidden(response, state: str, own_code: str) -> None:
    is_withdrawn = state in WITHDRAWN_STATES
    assert response.status_code == (410 if is_withdrawn else 404)
    assert _find_leaks(_visible_text(response).replace(own_code, "")) == []
    if is_withdrawn and response.request["PATH_INFO"].startswith("/api/"):
        properties = {"type", "title", "status", "code", "detail"}
        assert set(response.json()) == properties | {"kind", "withdrawn_at"}


def test_hidden_record_files_are_not_served(secrets, db, client):
    """The page of the refusal depends on nothing but its own address.

    It is rendered for some files, of records in every state.
    """
    assert len(secrets.files) > 2 * len(all_kinds())
    with collect_failures() as failures:
        for position, file in enumerate(_files_in_turn(secrets.files)):
            is_rendered = position % 7 == 0
            with failures.case(file):
                with nullcontext() if is_rendered else unrendered_errors():
                    response = client.get(file.get_absolute_url())

                assert response.status_code == 404
                assert bool(response.content) == is_rendered
                assert _find_leaks(_visible_leaks(response)) == []


def _files_in_turn(files: list[StoredFile]) -> Iterator[StoredFile]:
    """Yield a file of each kind of record and use, the states of records in turn.

    Another test checks that no record of any kind is public in any of the states.
    """
    names = re.compile(rf"-({'|'.join(STATES)})|\d+")
    by_use: dict[str, list[StoredFile]] = {}
    for file in files:
        by_use.setdefault(names.sub("", file.name), []).append(file)
    for turn, alike in enumerate(by_use.values()):
        yield alike[turn % len(alike)]


def _visible_leaks(response) -> str:
    """Return the page without its own address, which the client knows."""
    return re.sub(r'"[^"]*/files/[^"]*"', "", response.content.decode())


def test_staff_session_reveals_nothing_on_public_urls(secrets, db):
    client = Client()
    client.force_login(states.staff("sample.chief", is_superuser=True))
    first = _url_values(secrets.carriers["draft"])
    languages = cycle(LANGUAGES_BY_CODE)
    with collect_failures() as failures:
        for row in PUBLIC.values():
            address = _in_language(row.example.format(**first), next(languages))
            with failures.case(address):
                cache.clear()
                text = _text_but_known_codes(opened(client, address), secrets)
                assert _find_leaks(text)[:5] == []


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
