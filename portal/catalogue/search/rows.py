"""Writing what an entry is found by, in the transaction that writes the entry."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

from django.utils import translation

from portal.catalogue.models import Entry, SearchRow
from portal.catalogue.naming import form_title
from portal.catalogue.registry import Drawn, kind_of
from portal.catalogue.search import marks
from portal.catalogue.search.gathering import HeldFile, Names
from portal.catalogue.search.tokens import terms_of, tokens_of
from portal.languages import BY_CODE
from portal.translations.shown import Shown, choose, names_in

# Below 1 MB, PostgreSQL's limit of a tsvector. A longer text is found by its beginning.
_TOKEN_BYTES = 700_000
# What a hit is shown from: passages of a row, and of each text in it.
_PASSAGE_CHARACTERS, _TEXT_CHARACTERS = 40_000, 8_000
_PK_BITS = 40


@dataclass
class Texts:
    """What an entry says: titles, heads (summaries, names), and the rest, of which the
    ``bodies`` (language, text) are passages to show a hit in."""

    titles: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    bodies: list[tuple[str, str]] = field(default_factory=list)
    labels: tuple[str, ...] = ()


Item = tuple[Entry, Drawn, list[HeldFile]]


def key_of(entry: Entry) -> int:
    """Greater for what comes first in the newest order; never the same for two."""
    return (entry.sort_on.toordinal() << _PK_BITS) | entry.pk


def entry_pk(key: int) -> int:
    return key & ((1 << _PK_BITS) - 1)


def write_rows(
    items: Sequence[Item], names: Names, formed: Mapping[str, Mapping[str, Shown]]
) -> set[int]:
    """Bring the search rows of entries of one kind up to date.

    ``names`` are those of all that the entries name, ``formed`` the titles by code of
    the entry, as :func:`form_titles` returns them. Makes as many queries for one entry
    as for a thousand. Returns the pks of the entries whose rows changed.
    """
    wanted = {
        entry.pk: _row(
            entry,
            _texts(
                entry,
                drawn,
                files,
                names,
                dict.fromkeys(title.text for title in formed[entry.code].values()),
            ),
        )
        for entry, drawn, files in items
    }
    present = SearchRow.objects.filter(entry__in=list(wanted)).in_bulk(
        field_name="entry_id"
    )
    changed = [pk for pk, row in wanted.items() if not _is_same(row, present.get(pk))]
    gone = [present[pk].id for pk in changed if pk in present]
    if gone:
        SearchRow.objects.filter(pk__in=gone).delete()
    SearchRow.objects.bulk_create(wanted[pk] for pk in changed)
    return set(changed)


def _is_same(row: SearchRow, present: SearchRow | None) -> bool:
    names = [column.attname for column in SearchRow._meta.concrete_fields]
    return present is not None and all(
        getattr(row, name) == getattr(present, name) for name in names
    )


def _row(entry: Entry, texts: Texts) -> SearchRow:
    return SearchRow(
        id=key_of(entry),
        entry=entry,
        kind=entry.kind,
        countries=" ".join(entry.countries),
        year=entry.year,
        passages=_passages(texts.bodies),
        tokens=_limited(chain(_facts(entry), _tokens(texts))),
    )


def named_keys(drawn: Drawn) -> dict[str, list[str]]:
    """Keys of all that an entry names, by axis."""
    return {
        "country": drawn.countries,
        "place": drawn.places,
        "topic": drawn.topics,
        "organ": drawn.tags.get("organ", []),
    }


def _texts(
    entry: Entry,
    drawn: Drawn,
    files: list[HeldFile],
    names: Names,
    sentences: Iterable[str],
) -> Texts:
    texts = Texts()
    # A short name for an address is made of words, which are no title.
    is_number = re.fullmatch("([A-Z]+-)?[0-9]+|[A-Z]{2}", entry.code)
    texts.titles = [entry.code, *sentences] if is_number else list(sentences)
    texts.titles += [title for title, _summary in drawn.texts.values() if title]
    texts.heads = [summary for _title, summary in drawn.texts.values() if summary]
    for axis, keys in named_keys(drawn).items():
        for key in keys:
            texts.heads += names[axis].get(key, {}).values()
    texts.heads += _years(drawn)
    texts.labels = (entry.code, *_labels(entry.kind))
    texts.bodies = list(drawn.bodies)
    for held in files:
        texts.bodies.append((held.language, held.title))
        if read := getattr(held.file, "text", None):
            texts.bodies.append((held.language, read.text))
    return texts


def form_titles(
    kind: str, drawn_by_code: Mapping[str, Drawn], names: Names
) -> dict[str, dict[str, Shown]]:
    """Titles of entries of one kind, by code and language, where none is written.

    A reader of the language sees the sentence that the kind forms from the facts.
    """
    found = {code: {} for code in drawn_by_code}
    countries = cache(lambda spoken: names_in(spoken, names["country"]))
    for language in BY_CODE.values() if kind_of(kind).sentence else ():
        with translation.override(language.code):
            for code, drawn in drawn_by_code.items():
                titles = {code: pair[0] for code, pair in drawn.texts.items()}
                if not choose(titles, language):
                    found[code][language.code] = form_title(
                        kind_of(kind), drawn.facts, countries, language
                    )
    return found


@cache
def _labels(kind: str) -> tuple[str, ...]:
    """What the kind is called in every language: a seminar is found by "seminar"."""
    labels = []
    for code in BY_CODE:
        with translation.override(code):
            labels.append(str(kind_of(kind).label))
    return tuple(dict.fromkeys(labels))


def _years(drawn: Drawn) -> list[str]:
    days = (drawn.period.first, drawn.period.last_day)
    return sorted({str(day.year) for day in days if day})


def _passages(bodies: Iterable[tuple[str, str]]) -> list[list[str]]:
    left, passages = _PASSAGE_CHARACTERS, []
    for code, text in bodies:
        part = text[: min(left, _TEXT_CHARACTERS)].replace("\0", "").strip()
        if part:
            passages.append([code, part])
            left -= len(part)
    return passages


def _facts(entry: Entry) -> list[str]:
    found = [marks.sorted_in(entry.sort_on.year)]
    found.append(marks.filtered("kind", entry.kind))
    found += [marks.filtered("country", iso2) for iso2 in entry.countries]
    if entry.year:
        found.append(marks.filtered("year", str(entry.year)))
    return found


def _tokens(texts: Texts) -> Iterator[str]:
    """The best first: what is cut off of too long a text is the least."""
    in_titles = {token: None for text in texts.titles for token in _of_short(text)}
    in_heads = dict(in_titles)
    in_heads |= {token: None for text in texts.heads for token in _of_short(text)}
    for title in texts.titles:
        terms = terms_of(title)
        yield marks.whole(terms)
        yield from marks.pairs(terms)
    yield from marks.in_title(in_titles)
    yield from marks.in_head(in_heads)
    yield from in_heads
    for label in texts.labels:
        yield from _of_short(label)
    for _code, text in texts.bodies:
        yield from tokens_of(text)


def _of_short(text: str) -> Iterable[str]:
    """Names of countries and topics stand in thousands of records."""
    return _remembered(text) if len(text) < 100 else tokens_of(text)


@lru_cache(maxsize=4096)
def _remembered(text: str) -> tuple[str, ...]:
    return tuple(tokens_of(text))


def _limited(tokens: Iterable[str]) -> str:
    """The tokens, each once, parted by spaces; the last are cut off where they are too
    many."""
    text = " ".join(dict.fromkeys(tokens))
    if len(text.encode()) <= _TOKEN_BYTES:
        return text
    cut = text.encode()[:_TOKEN_BYTES].decode("utf-8", "ignore")
    return cut.rpartition(" ")[0]
