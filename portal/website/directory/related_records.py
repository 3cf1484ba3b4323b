"""Records related to a country, an organ or a topic: a few of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from portal.content.catalogue.choices import RECORD_FILTERS
from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import COUNT_LIMIT, prefetch_texts
from portal.content.catalogue.registry import Kind, Subgroup, all_kinds, get_kind
from portal.core.languages import Language
from portal.core.translations.normal_form import fold_form
from portal.reference.directory.choices import OrganLevel
from portal.website.cards import Card, build_cards, load_card_names

ORGAN = "organ"


@dataclass(frozen=True)
class RecordGroup:
    """Related records of one kind or subgroup: the newest ones, and their number.

    ``count`` is the number of related records, at most COUNT_LIMIT + 1; ``entries`` are
    the cards shown. ``url`` is the URL of the filtered list, "" if there is none;
    ``list_count`` is the number of records in that list. ``list_label`` says what the
    list holds if it also holds records of other groups, else "".
    """

    code: str
    heading: str
    count: int
    entries: list[Card]
    url: str = ""
    list_count: int = 0
    list_label: str = ""

    @property
    def has_more(self) -> bool:
        return self.count > len(self.entries)

    @property
    def is_count_exact(self) -> bool:
        """Whether ``list_count`` is exact, not cut off at COUNT_LIMIT + 1."""
        return self.list_count <= COUNT_LIMIT


@dataclass(frozen=True)
class OrganNode:
    """An organ in the tree of a country's organs, with its child organs."""

    card: Card
    level: str
    children: list["OrganNode"] = field(default_factory=list)

    @property
    def native_name(self) -> str:
        """The organ's name in its own language, "" if that is the displayed title.

        A name in simplified and in traditional characters is the same name.
        """
        name = self.card.facts["native"]
        return name if fold_form(name) != fold_form(self.card.title.text) else ""


@dataclass(frozen=True)
class RelatedRecords:
    """Records related to a country, organ or topic: a tree of organs, and groups.

    ``empty_headings`` are the headings of groups that have no records.
    """

    organs: list[OrganNode]
    organ_count: int
    shown_organ_count: int
    groups: list[RecordGroup]
    empty_headings: list[str]

    @property
    def organ_cards(self) -> list[Card]:
        """The cards of all organs in the tree."""
        cards, nodes = [], list(self.organs)
        while nodes:
            node = nodes.pop()
            cards.append(node.card)
            nodes += node.children
        return cards


def load_related_records(axis: str, value: str, language: Language) -> RelatedRecords:
    """Load the records related to a country, organ or topic, in at most four queries.

    The records have the tag ``value`` on ``axis``, such as "country" and "VN".
    """
    newest_entries = Entry.objects.newest_per_group(axis, value, _group_limits())
    entries = list(newest_entries.prefetch_related(prefetch_texts(language)))
    names = load_card_names(entries, language)
    cards_by_pk = {
        entry.pk: card
        for entry, card in zip(
            entries, build_cards(entries, names, language), strict=True
        )
    }
    organs = _sort_entries(entries, get_kind(ORGAN))
    groups, empty_headings = [], []
    for kind in all_kinds():
        if kind.code in ("country", ORGAN):
            continue
        kind_entries = _sort_entries(entries, kind)
        for subgroup in kind.subgroups or (Subgroup("", kind.label_plural),):
            group = _build_group(
                kind, subgroup, kind_entries, cards_by_pk, {axis: value}
            )
            if group.count:
                groups.append(group)
            elif kind.list_url_name and axis in kind.filters:
                empty_headings.append(group.heading)
    return RelatedRecords(
        organs=build_organ_tree(cards_by_pk[entry.pk] for entry in organs),
        organ_count=organs[0].total if organs else 0,
        shown_organ_count=len(organs),
        groups=groups,
        empty_headings=empty_headings,
    )


def _group_limits() -> list[tuple[str, str, int]]:
    """Return (kind, subgroup, maximum number shown) for all groups of records."""
    return [
        (kind.code, subgroup.code, kind.related_limit)
        for kind in all_kinds()
        if kind.code != "country"
        for subgroup in kind.subgroups or (Subgroup("", kind.label_plural),)
    ]


def _sort_entries(entries: Iterable[Entry], kind: Kind) -> list[Entry]:
    """Return the entries of ``kind``, newest first.

    Organs have no date and are sorted by rank, then by key.
    """
    by_code = sorted(
        (entry for entry in entries if entry.kind == kind.code),
        key=lambda entry: entry.code,
        reverse=kind.is_dated,
    )
    return sorted(
        by_code,
        key=lambda entry: (-entry.sort_on.toordinal(), entry.facts.get("rank", 0)),
    )


def _build_group(
    kind: Kind, subgroup: Subgroup, entries, cards_by_pk, list_filters: dict[str, str]
) -> RecordGroup:
    group_entries = [
        entry for entry in entries if entry.facts.get("part", "") == subgroup.code
    ]
    count = group_entries[0].total if group_entries else 0
    url, list_count = "", 0
    if kind.list_url_name and subgroup.filters is not None:
        query = urlencode({**list_filters, **subgroup.filters})
        url = f"{reverse(kind.list_url_name)}?{query}"
        list_count = count if subgroup.filters else _total_of_subgroups(entries)
    is_whole = not subgroup.code and count == _total_of_subgroups(entries)
    return RecordGroup(
        code=f"{kind.code}-{subgroup.code}".rstrip("-"),
        heading=_group_heading(kind, subgroup, list_filters, is_whole=is_whole),
        count=count,
        entries=[cards_by_pk[entry.pk] for entry in group_entries],
        url=url,
        list_count=list_count,
        list_label=str(kind.label_plural) if list_count > count else "",
    )


def _group_heading(
    kind: Kind, subgroup: Subgroup, list_filters: dict[str, str], *, is_whole: bool
) -> str:
    """Return the heading of a group.

    The label of an only subgroup says how a country or organ is related to the records,
    so it does not apply to records related to anything else, such as a topic. The label
    of the subgroup of all other records ("other documents") does not apply if there are
    no records in another subgroup (``is_whole``).
    """
    if len(kind.subgroups) < 2:
        applies = not set(list_filters).isdisjoint(RECORD_FILTERS)
    else:
        applies = not is_whole
    return str(subgroup.label if applies else kind.label_plural)


def _total_of_subgroups(entries: Iterable[Entry]) -> int:
    """Return the number of entries in all subgroups of a kind."""
    return sum({entry.facts.get("part", ""): entry.total for entry in entries}.values())


def build_organ_tree(organs: Iterable[Card]) -> list[OrganNode]:
    """Build the tree of organs from their cards; siblings keep their order.

    The organ of a special administrative region is a root: it is grouped with the
    delegation of China but not subordinate to its organ (record/SOURCES.md).
    """
    nodes = {
        card.code: OrganNode(card, str(OrganLevel(card.facts["level"]).label))
        for card in organs
    }
    roots = []
    for node in nodes.values():
        parent = nodes.get(node.card.facts["above"])
        is_child = parent and node.card.facts["level"] != OrganLevel.SPECIAL_REGION
        (parent.children if is_child else roots).append(node)
    return roots
