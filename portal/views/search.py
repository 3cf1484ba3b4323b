"""The page that searches everything."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.catalogue.filters import BadFilter, FilterQuery
from portal.catalogue.models import Entry
from portal.catalogue.registry import kinds
from portal.catalogue.search.asking import LONGEST, PAGE_SIZE, Asked, read_search
from portal.catalogue.search.finding import Result, find, found_alone
from portal.catalogue.search.highlighting import found_in, marked
from portal.catalogue.search.index import MOST
from portal.catalogue.search.snippets import Snippet, snippet
from portal.catalogue.search.tokens import Term, terms_of
from portal.directory.cards import Card, cards, names_for
from portal.directory.listing import (
    ActiveFilter,
    Field,
    Pager,
    address_with,
    link_parameters,
    page_number,
    parameters,
    unknown_value,
)
from portal.directory.names import Names
from portal.directory.pages import Crumb, PublicPage
from portal.languages import Language
from portal.translations.shown import Shown
from portal.translations.single_line import on_single_line


@dataclass(frozen=True)
class FoundCard:
    """A card with what was found marked in it; ``snippet`` where it shows elsewhere."""

    card: Card
    title: SafeString
    summary: SafeString
    snippet: Snippet | None


@dataclass(frozen=True)
class Facet:
    """One way to narrow what was found: a label, and a link for each value."""

    label: str
    options: list[tuple[Shown | str, int, str]]


class SearchPage(PublicPage):
    template_name = "portal/search.html"

    def get_context_data(self, **kwargs):
        wanted, given = self._wanted()
        unknown = [word for word in wanted.filters if not _is_known(word, wanted)]
        result = _nothing(wanted) if unknown else _found(wanted)
        if wanted.page > 1 and not result.keys:
            raise Http404
        values = {"q": wanted.q, **given.used}
        if wanted.order != "best":
            values["order"] = wanted.order
        query = link_parameters(self.request, values)
        fields = _fields({**given.values, **wanted.filters}, given)
        names = names_for(result.entries, self.language)
        is_tried = len(result.terms) > 1 and not result.total and not unknown
        alone = found_alone(result.terms) if is_tried else []
        return super().get_context_data(
            crumbs=[Crumb(_("Search"))],
            wanted=wanted,
            result=result,
            found=_cards(result, names, self.language),
            facets=_facets(result, wanted, query, names),
            active_filters=_active(wanted, query, names),
            clear_url=address_with(query, dict.fromkeys((*wanted.filters, "page"))),
            orders=_orders(wanted, query),
            page=Pager(query, wanted.page, result.total, PAGE_SIZE),
            found_alone=_alone(alone, query),
            most=MOST,
            longest=LONGEST,
            filter_fields=fields,
            filter_errors=[field for field in fields if field.error],
            unknown_values=[
                unknown_value(word, given.values[word]) for word in unknown
            ],
            **kwargs,
        )

    def _wanted(self) -> tuple[Asked, FilterQuery]:
        """The search, and its filters as given; no filters if there are errors."""
        query = parameters(self.request)
        try:
            wanted, given = read_search(query)
        except BadFilter as problem:
            raise BadRequest(problem) from problem
        # With an error the result is unfiltered: the requested page is of another one.
        return replace(wanted, page=1 if given.errors else page_number(query)), given


def _is_known(word: str, wanted: Asked) -> bool:
    """Whether a record can be found by the filter: what is not public names none."""
    value = wanted.filters[word]
    if word == "country":
        return Entry.objects.of_kind("country").filter(code=value).exists()
    return word != "kind" or value in {kind.code for kind in kinds()}


def _found(wanted: Asked) -> Result:
    start = (wanted.page - 1) * PAGE_SIZE
    return find(
        wanted.q,
        filters=wanted.filters,
        order=wanted.order,
        limit=PAGE_SIZE,
        offset=start,
    )


def _nothing(wanted: Asked) -> Result:
    return Result(terms=terms_of(wanted.q))


def _fields(values: Mapping[str, str], given: FilterQuery) -> list[Field]:
    return [
        Field(
            name=word,
            label=_words()[word],
            type="number" if word == "year" else "text",
            value=value,
            options=[],
            error=given.remedy(word),
        )
        for word, value in values.items()
    ]


def _cards(result: Result, names: Names, language: Language) -> list[FoundCard]:
    shown = cards(result.entries, names, language)
    return [
        _found_card(entry, card, result.terms, language)
        for entry, card in zip(result.entries, shown, strict=True)
    ]


def _found_card(
    entry: Entry, card: Card, terms: list[Term], language: Language
) -> FoundCard:
    summary = on_single_line(card.summary).text if card.summary else ""
    told = [card.title.text, summary, card.code]
    told += [name.text for name in (*card.places, *card.countries)]
    return FoundCard(
        card=card,
        title=marked(found_in(card.title.text, terms)),
        summary=marked(found_in(summary, terms)),
        snippet=snippet(entry, terms, language, told),
    )


def _facets(
    result: Result, wanted: Asked, query: QueryDict, names: Names
) -> list[Facet]:
    """Values that stand in what was found; those of a filter that is set are known."""
    facets = []
    for word, label in _words().items():
        if word in wanted.filters:
            continue
        options = [
            (name, count, address_with(query, {word: str(value), "page": None}))
            for value, name in _values(word, names).items()
            if (count := result.facets.get(word, {}).get(value, 0))
        ]
        if word == "year":
            years = sorted(result.facets.get(word, {}).items(), reverse=True)
            options = [
                (str(year), count, address_with(query, {word: year, "page": None}))
                for year, count in years
            ]
        if len(options) > 1:
            facets.append(Facet(label, options))
    return facets


def _words() -> dict[str, str]:
    return {"kind": _("Kind"), "country": _("Country"), "year": _("Year")}


def _values(word: str, names: Names) -> Mapping[str, Shown | str]:
    if word == "kind":
        return {kind.code: capfirst(str(kind.label_plural)) for kind in kinds()}
    return names.countries if word == "country" else {}


def _active(wanted: Asked, query: QueryDict, names: Names) -> list[ActiveFilter]:
    return [
        ActiveFilter(
            _label(word, value, names), address_with(query, {word: None, "page": None})
        )
        for word, value in wanted.filters.items()
    ]


def _label(word: str, value: str, names: Names) -> Shown | str:
    return _values(word, names).get(value, value)


def _orders(wanted: Asked, query: QueryDict) -> list[dict]:
    labels = {"best": _("Best match first"), "newest": _("Newest first")}
    return [
        {
            "label": label,
            "is_current": order == wanted.order,
            "url": address_with(
                query, {"order": None if order == "best" else order, "page": None}
            ),
        }
        for order, label in labels.items()
    ]


def _alone(terms: list[Term], query: QueryDict) -> list[dict]:
    """Words of the query that would be found by themselves."""
    return [
        {"text": term.text, "url": address_with(query, {"q": term.text, "page": None})}
        for term in terms
    ]
