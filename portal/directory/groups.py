"""Everything on record about a country or an organ, a few of each kind at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from portal.catalogue.models import Entry
from portal.catalogue.querysets import MOST_COUNTED, texts_shown_in
from portal.catalogue.registry import Kind, Part, kinds
from portal.directory.cards import Card, cards, names_for
from portal.directory.choices import Level
from portal.languages import Language

# How many of a kind are shown before the page links to the whole list.
SHOWN = 5
SHOWN_OF = {"organ": 60, "mechanism": 20}
ORGAN = "organ"


@dataclass(frozen=True)
class Group:
    """Records of one kind, or of one part of it: the newest, and how many there are.

    ``url`` leads to the list of all ``listed`` of them, "" where there is none.
    """

    code: str
    heading: str
    count: int
    entries: list[Card]
    url: str = ""
    listed: int = 0

    @property
    def has_more(self) -> bool:
        return self.count > len(self.entries)

    @property
    def is_counted(self) -> bool:
        """Whether ``listed`` is their number, and not more than anyone counts."""
        return self.listed <= MOST_COUNTED


@dataclass(frozen=True)
class Node:
    """An organ in the tree of those of its country, and the ones below it."""

    card: Card
    level: str
    below: list["Node"] = field(default_factory=list)

    @property
    def native(self) -> str:
        """Its name in its own language, where the title is another."""
        name = self.card.facts["native"]
        return name if name != self.card.title.text else ""


@dataclass(frozen=True)
class Holdings:
    """What is on record about something: its organs as a tree, the rest in groups.

    ``missing`` are the headings of what could be on record and is not.
    """

    organs: list[Node]
    organ_count: int
    shown_organs: int
    groups: list[Group]
    missing: list[str]


def holdings(axis: str, value: str, language: Language) -> Holdings:
    """What carries ``value`` on the filter word ``axis``; three queries at most."""
    found = Entry.objects.newest_of_each(axis, value, _asked())
    entries = sorted(
        found.prefetch_related(texts_shown_in(language)), key=_order, reverse=True
    )
    names = names_for(entries, language)
    told = {
        entry.pk: card
        for entry, card in zip(entries, cards(entries, names, language), strict=True)
    }
    organs = [entry for entry in entries if entry.kind == ORGAN]
    groups, missing = [], []
    for kind in kinds():
        if kind.code in ("country", ORGAN):
            continue
        of_kind = [entry for entry in entries if entry.kind == kind.code]
        for part in kind.parts or (Part("", kind.label_plural),):
            group = _group(kind, part, of_kind, told, {axis: value})
            if group.count:
                groups.append(group)
            elif kind.list_name:
                missing.append(group.heading)
    return Holdings(
        organs=tree(told[entry.pk] for entry in organs),
        organ_count=organs[0].total if organs else 0,
        shown_organs=len(organs),
        groups=groups,
        missing=missing,
    )


def _asked() -> list[tuple[str, str, int]]:
    """Every part of every kind, and how many of it are shown."""
    return [
        (kind.code, part.code, SHOWN_OF.get(kind.code, SHOWN))
        for kind in kinds()
        if kind.code != "country"
        for part in kind.parts or (Part("", kind.label_plural),)
    ]


def _order(entry: Entry) -> tuple:
    """Greatest for the newest; for the highest of the organs, which have no date."""
    return entry.sort_on, -entry.facts.get("rank", 0), entry.code


def _group(kind: Kind, part: Part, entries, told, asked: dict[str, str]) -> Group:
    own = [entry for entry in entries if entry.facts.get("part", "") == part.code]
    count = own[0].total if own else 0
    url, listed = "", 0
    if kind.list_name and part.words is not None:
        url = f"{reverse(kind.list_name)}?{urlencode({**asked, **part.words})}"
        listed = count if part.words else _total(entries)
    return Group(
        code=f"{kind.code}-{part.code}".rstrip("-"),
        heading=str(part.label),
        count=count,
        entries=[told[entry.pk] for entry in own],
        url=url,
        listed=listed,
    )


def _total(entries: Iterable[Entry]) -> int:
    """How many there are of all parts of a kind."""
    return sum({entry.facts.get("part", ""): entry.total for entry in entries}.values())


def tree(organs: Iterable[Card]) -> list[Node]:
    """Organs below those above them, each level in its order.

    The organ of a special administrative region is below none: it is grouped with the
    delegation of China and not subordinate to it (record/SOURCES.md).
    """
    nodes = {
        card.code: Node(card, str(Level(card.facts["level"]).label)) for card in organs
    }
    roots = []
    for node in nodes.values():
        above = nodes.get(node.card.facts["above"])
        is_below = above and node.card.facts["level"] != Level.SPECIAL_REGION
        (above.below if is_below else roots).append(node)
    return roots
