"""How much of a page is in its own language, where the record has the text in it.

The unit is a text in one element: ``<p>``, ``<h1>``, ``<li>``, any element with a
``lang``. Its letters count as own or as foreign. They do not count at all if the text
is not held in the language of the page (a name of an organ that no source gives in
Thai), or if it is excluded (see ``EXCLUDED_CLASSES`` and ``EXCLUDED_TEXT``).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.apps import apps
from django.db import models
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from portal.content.catalogue.entry_writer import collect_names
from portal.content.catalogue.formed_titles import collect_keys_in_facts
from portal.content.catalogue.registry import get_kind
from portal.content.catalogue.title_names import TitleNames
from portal.core.languages import (
    LANGUAGES_BY_CODE,
    UNDETERMINED_LANGUAGE,
    Language,
    language_for,
)
from portal.core.translations.localized_text import LocalizedText
from portal.core.translations.markup import strip_markup
from portal.core.translations.querysets import translated_fields
from portal.core.translations.single_line import on_single_line

# Titles of these kinds are formed from facts in every language without a written title.
FORMED_KINDS = {
    *("edition", "document", "visit", "mechanism", "meeting", "seminar", "figure"),
}

EXCLUDED_CLASSES = {
    "available": "languages of the record, each named in itself",
    "second-language": "languages of a document's text, each named in itself",
    "sources": "addresses and titles of sources",
    "search-snippet": "quotation of the passage that contains the searched words",
    "original": "official title or name, quoted in its own language",
    "organ-tree__native": "official name of an organ in its own language",
}
# Texts that are the same in every language.
EXCLUDED_TEXT = re.compile(
    r"""(?:https?://|www\.)\S+          # addresses
      | \b[\w-]+(?:\.[\w-]+)*\.(?:org|com|cn|net|int|gov|edu|asia|info)(?:\.\w\w)?\b
      | \S+@\S+                         # e-mail
      | \b[A-Z]{2,4}-\d+\b              # codes of records
      | \b(?:ASEAN|PDF|CSV|API|JSON|Atom|iCalendar|RSS|UTC)\b""",
    re.VERBOSE,
)
# ``lang=""``: wording of a source whose language is not on record.
_UNKNOWN_LANGUAGE = {"", "und"}

_BLOCKS = {
    *("h1", "h2", "h3", "h4", "p", "div", "section", "article", "main", "nav"),
    *("header", "footer", "ul", "ol", "li", "dl", "dt", "dd", "td", "th", "caption"),
    *("form", "label", "legend", "option", "button", "summary", "figcaption"),
}
_VOID = {"br", "hr", "img", "input", "link", "meta", "path", "wbr", "circle", "rect"}
_NOT_TEXT = {"script", "style", "svg", "template", "textarea"}
_HEADINGS = {"h1", "h2", "h3"}
_SCRIPTS = {
    "zh-hans": re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "lo": re.compile(r"[\u0e80-\u0eff]"),
}
_LATIN = re.compile(r"[A-Za-z]")


@dataclass
class Unit:
    """The text of one element.

    ``lang`` is the tag that applies to it, ``path`` the page that it links, without
    language prefix.
    """

    lang: str
    heading: str = ""
    path: str = ""
    is_excluded: bool = False
    is_main: bool = False
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


class _UnitParser(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.units: list[Unit] = []
        self._open: list[tuple[str, Unit]] = [("", Unit(""))]

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._open[-1][1].parts.append(" ")
        if tag in _VOID:
            return
        outer = self._open[-1][1]
        unit = outer
        if tag in _BLOCKS | _NOT_TEXT | {"html", "body", "head"} or "lang" in values:
            classes = set(values.get("class", "").split())
            unit = Unit(
                lang=values.get("lang", outer.lang),
                heading=tag if tag in _HEADINGS else outer.heading,
                path=_path_of(values["href"]) if "href" in values else outer.path,
                is_main=outer.is_main or tag == "main",
                is_excluded=outer.is_excluded
                or tag in _NOT_TEXT
                or bool(classes & EXCLUDED_CLASSES.keys()),
            )
            self.units.append(unit)
            # Words of two elements are not joined.
            outer.parts.append(" ")
        elif tag == "a":
            unit.path = _path_of(values.get("href", ""))
        self._open.append((tag, unit))

    def handle_endtag(self, tag):
        while len(self._open) > 1:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data):
        self._open[-1][1].parts.append(data)


def units_of(html: str) -> list[Unit]:
    """Return the texts of a page that are not empty or excluded, in page order."""
    parser = _UnitParser()
    parser.feed(html)
    parser.close()
    return [
        unit
        for unit in parser.units
        if unit.text and not unit.is_excluded and unit.lang not in _UNKNOWN_LANGUAGE
    ]


class HeldTexts:
    """The texts of the record, by their wording.

    ``written[text]`` are the languages in which some row has exactly this text.
    """

    def __init__(self):
        self.written: dict[str, set[str]] = {}
        self._held: dict[str, dict[str, set[str]]] = {}

    def add(
        self, texts: dict[str, str], held: Iterable[str] = (), path: str = ""
    ) -> None:
        """Add the texts of one field of one row, by language code.

        ``held`` are further languages in which the row can form this text; ``path`` is
        the page of the row.
        """
        available = {code for code, text in texts.items() if text} - {""} | set(held)
        for code, text in texts.items():
            for part in _shown_parts(text, code):
                self.written.setdefault(part, set()).add(code)
                by_path = self._held.setdefault(part, {})
                by_path[path] = by_path.get(path, available) & available

    def is_missing(self, text: str, path: str, language: Language) -> bool:
        """Return whether ``text`` is one of the record's, without one in ``language``.

        Where rows share the text, the page that it links decides which row it is; if it
        links none of their pages, the text is missing if one of them lacks it.
        """
        by_path = self._held.get(text)
        if by_path is None:
            return False
        if path in by_path:
            return language.code not in by_path[path]
        return any(language.code not in codes for codes in by_path.values())


def load_held_texts() -> HeldTexts:
    """Return the texts of all rows in the database, with native names of organs."""
    texts = HeldTexts()
    for model in apps.get_models():
        for name in translated_fields(model):
            kind = getattr(model, "kind", "")
            is_formed = name in ("title", "name") and kind in FORMED_KINDS
            unformed = load_unformed_titles(kind) if is_formed else {}
            for row in model.objects.all():
                by_code = {
                    code: getattr(row, build_localized_fieldname(name, code)) or ""
                    for code in LANGUAGES_BY_CODE
                }
                native = language_for(getattr(row, "native_language", "") or "-")
                if name == "name" and native and row.name_native:
                    by_code[native.code] = by_code[native.code] or row.name_native
                formed = (
                    [code for code in LANGUAGES_BY_CODE if code not in unformed[row]]
                    if is_formed
                    else ()
                )
                is_page = hasattr(row, "get_absolute_url")
                path = _path_of(row.get_absolute_url()) if is_page else ""
                texts.add(by_code, formed, path)
                if original := getattr(row, f"{name}_other", ""):
                    # Wording of a source, in a language that may be none of the twelve.
                    held_in = {code for code, text in by_code.items() if text}
                    texts.add({"": original}, held_in, path)
    return texts


def load_unformed_titles(kind_code: str) -> dict[models.Model, set[str]]:
    """Return the languages in which no title can be formed, by row of a kind.

    The parties of a document may have no name in a language.
    """
    kind = get_kind(kind_code)
    rows = list(kind.model.objects.all())
    with kind.prefetch(rows):
        facts_by_row = {row: kind.build_entry(row).facts for row in rows}
    keys = collect_keys_in_facts((kind, facts) for facts in facts_by_row.values())
    names = collect_names(keys)
    unformed = {row: set() for row in rows}
    for language in LANGUAGES_BY_CODE.values():
        with translation.override(language.code):
            for row, facts in facts_by_row.items():
                title = kind.title_from_facts(facts, TitleNames(names, language))
                if title is None or title.is_fallback:
                    unformed[row].add(language.code)
    return unformed


def _shown_parts(text: str, code: str) -> set[str]:
    """Return a text as pages show it: whole, by line and paragraph, on one line."""
    plain = strip_markup(text)
    language = LANGUAGES_BY_CODE.get(code, UNDETERMINED_LANGUAGE)
    single = on_single_line(LocalizedText(plain, language)).text
    parts = {plain, single, *plain.splitlines(), *plain.split("\n\n")}
    return {" ".join(part.split()) for part in parts} - {""}


@dataclass
class Share:
    """Number of letters of a page in its own language, and its foreign texts."""

    own: int = 0
    foreign: dict[str, int] = field(default_factory=dict)

    @property
    def value(self) -> float:
        total = self.own + sum(self.foreign.values())
        return self.own / total if total else 1.0

    def describe(self, count: int = 3) -> str:
        largest = sorted(self.foreign, key=self.foreign.get, reverse=True)[:count]
        return "; ".join(text[:60] for text in largest)


def measure(html: str, language: Language, held: HeldTexts, path: str = "") -> Share:
    """Return the share of the main content of a page that is in ``language``.

    ``path`` is that of the page, without language prefix.
    """
    share = Share()
    count = _count_in_script if language.code in _SCRIPTS else _count_marked
    for unit in units_of(html):
        if unit.is_main:
            text = EXCLUDED_TEXT.sub(" ", unit.text)
            is_missing = held.is_missing(unit.text, unit.path or path, language)
            own, foreign = count(unit, text, language, held.written)
            if is_missing and own < foreign:
                foreign = 0
            share.own += own
            if foreign:
                share.foreign[unit.text] = share.foreign.get(unit.text, 0) + foreign
    return share


def _count_in_script(
    _unit: Unit, text: str, language: Language, _written: dict[str, set[str]]
) -> tuple[int, int]:
    """Return the letters of ``text`` in the script of ``language``, and all others."""
    letters = [character for character in text if _is_letter(character)]
    own = sum(bool(_SCRIPTS[language.code].match(letter)) for letter in letters)
    return own, len(letters) - own


def _count_marked(
    unit: Unit, text: str, language: Language, written: dict[str, set[str]]
) -> tuple[int, int]:
    """Return the letters of ``text`` as own if its ``lang`` says so, else as foreign.

    A text of the record without a mark counts by the language in which it is written.
    """
    letters = sum(map(_is_letter, text))
    codes = written.get(unit.text, {language.code})
    is_own = unit.lang == language.tag and language.code in codes
    return (letters, 0) if is_own else (0, letters)


def _path_of(address: str) -> str:
    """Return the path of a page of the site without language prefix."""
    return address.split("/", 2)[2] if address.count("/") > 1 else ""


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def english_headings(html: str) -> list[str]:
    """Return the headings, h1 to h3, that have more Latin letters than Chinese ones."""
    return [
        unit.text
        for unit in units_of(html)
        if unit.heading
        and len(_LATIN.findall(EXCLUDED_TEXT.sub(" ", unit.text)))
        > len(_SCRIPTS["zh-hans"].findall(unit.text))
    ]
