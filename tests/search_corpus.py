"""Invented records and test queries for the search tests.

``corpus/records`` holds the records, a file for each language or purpose;
``corpus/cases`` the queries of each language with their expected results;
``corpus/papers`` PDFs.
"""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from modeltranslation.utils import build_localized_fieldname

from portal.core.languages import LANGUAGES_BY_CODE

CORPUS = Path(__file__).parent / "portal/content/catalogue/search/corpus"
# By kind: the field with the date, and the field with the country.
DATES = {"article": "reported_on", "document": "signed_on"}
COUNTRIES = {"visit": "from_country", "meeting": "other_country"}
TITLES = {"edition": "theme", "country": "name"}
FAR = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)


def records() -> list[dict]:
    """Return all records of the files, countries first because others refer to them."""
    files = sorted(
        CORPUS.glob("records/*.toml"), key=lambda p: (p.stem != "countries", p.stem)
    )
    return [
        record
        for file in files
        for record in tomllib.loads(file.read_text(encoding="utf-8"))["record"]
    ]


def texts_of(record: dict) -> dict[str, dict[str, str]]:
    """Return language code → field → text; paragraphs are under ``paragraphs``."""
    return {code: record[code] for code in LANGUAGES_BY_CODE if code in record}


@dataclass(frozen=True)
class Case:
    """A search query with the records that it must find and must not find.

    ``line`` is the query's line in the file of ``language``. If ``is_exhaustive``, only
    the ``expected`` records may be found. Otherwise also records whose generated title
    has the searched words.
    """

    language: str
    line: int
    query: str
    finds: frozenset[str]
    is_whole: bool
    not_finds: frozenset[str]
    why: str

    @property
    def is_negative(self) -> bool:
        """Whether the case requires that certain records, or all, are not found."""
        return bool(self.not_finds) or (self.is_whole and not self.finds)


def cases() -> list[Case]:
    """Return all cases, ordered by language and line."""
    return [
        _case(code, number, line)
        for code in LANGUAGES_BY_CODE
        for number, line in enumerate(_lines(CORPUS / f"cases/{code}.tsv"), start=1)
        if number > 1
    ]


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _case(language: str, number: int, line: str) -> Case:
    query, finds, not_finds, why = line.split("\t")
    codes = finds.split()
    return Case(
        language,
        number,
        # The files contain invisible characters as \uXXXX.
        re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), query),
        frozenset(codes) - {"-", "…"},
        "…" not in codes,
        frozenset(not_finds.split()),
        why,
    )


def publish_all() -> None:
    """Create every record and bring it to the status given in its file."""
    for record in records():
        _load(record)


def _load(record: dict) -> None:
    from tests.factories import publishing

    if "former" in record:
        row = publishing.published(_create({**record, **record["former"]}))
        _change(row, _fields(record))
        return
    row = _create(record)
    for latin, own in record.get("persons", ()):
        _take_part(row, latin, own)
    if "paper" in record:
        _attach(row, record)
    {
        "published": publishing.published,
        "draft": lambda row: row,
        "in review": publishing.in_review,
        "withdrawn": publishing.withdrawn,
        "set for later": lambda row: publishing.scheduled(row, FAR),
    }[record.get("state", "published")](row)
    if "paper" in record:
        _read_files(row)


def _create(record: dict):
    from tests.factories import conference, delegations, directory, exchanges, seminars

    factories = {
        "article": conference.article,
        "country": directory.country,
        "document": conference.document,
        "edition": lambda code, **fields: conference.edition(int(code), **fields),
        "meeting": exchanges.meeting,
        "page": conference.page,
        "seminar": seminars.seminar,
        "visit": delegations.visit,
    }[record["kind"]]
    row = factories(record["code"], **_fields(record))
    paragraphs = {
        code: texts["paragraphs"]
        for code, texts in texts_of(record).items()
        if "paragraphs" in texts
    }
    for number in range(max(map(len, paragraphs.values()), default=0)):
        by_column = {
            build_localized_fieldname("text", code): texts[number]
            for code, texts in paragraphs.items()
        }
        conference.paragraph(row, number + 1, **{"text_en": "", **by_column})
    return row


def _fields(record: dict) -> dict:
    from tests.factories.directory import any_country

    kind = record["kind"]
    fields = {build_localized_fieldname(TITLES.get(kind, "title"), "en"): ""}
    for code, texts in texts_of(record).items():
        for name in texts.keys() - {"paragraphs"}:
            fields[build_localized_fieldname(name, code)] = texts[name]
    if "on" in record:
        fields[DATES.get(kind, "starts_on")] = record["on"]
        fields["date_precision"] = "day"
    if "country" in record:
        fields[COUNTRIES[kind]] = any_country(record["country"])
    return fields


def _change(row, fields: dict) -> None:
    from tests.factories.publishing import AT, republished

    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    republished(row, at=AT + dt.timedelta(days=1))


def _take_part(seminar, latin: str, own: str) -> None:
    from tests.factories import people, seminars

    person = people.person(name_latin=latin, name_own=own)
    seminars.participant(seminar, person=person)
    seminars.session(seminar, speaker=person)


def _attach(row, record: dict) -> None:
    from tests.factories import files, publishing

    paper = CORPUS / "papers" / f"{record['paper']}.pdf"
    publishing.attachment(
        row,
        files.stored_file(paper.read_bytes(), paper.name),
        language=record["paper"],
        is_public=record.get("paper_is_public", True),
    )


def _read_files(row) -> None:
    from portal.content.catalogue.tasks import extract_file_text

    for attachment in row.attachments.all():
        extract_file_text(sha256=attachment.file.sha256)
