"""Pages of public records: what every list and every detail page has in common."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.text import capfirst
from django.views.generic import TemplateView

from portal.catalogue.filters import FilterQuery, read_filters
from portal.catalogue.models import Entry
from portal.catalogue.registry import kind_of
from portal.directory.cards import cards, names_for
from portal.directory.listing import (
    PAGE_SIZE,
    Pager,
    filter_context,
    link_parameters,
    page_number,
    parameters,
)
from portal.languages import BY_CODE, Language
from portal.publishing.evidence import load_evidence
from portal.publishing.links import load_links
from portal.translations.descriptions import description_of
from portal.translations.querysets import translated_fields
from portal.translations.shown import Shown, reader_language, shown


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page; the last one has no address."""

    label: Shown | str
    url: str = ""


@dataclass(frozen=True)
class Notice:
    """In which other languages a page shows texts, told once at its top."""

    languages: list[Language] = field(default_factory=list)
    is_converted: bool = False

    def __bool__(self):
        return bool(self.languages or self.is_converted)


@method_decorator(login_not_required, name="dispatch")
class PublicPage(TemplateView):
    """A page that anyone may open, in the language of its address."""

    @property
    def language(self) -> Language:
        return reader_language()

    def crumbs(self) -> list[Crumb]:
        """The way from the home page to this one's parent."""
        return []

    def get_context_data(self, **kwargs):
        kwargs.setdefault("crumbs", self.crumbs())
        return super().get_context_data(**kwargs)

    def render_to_response(self, context, **response_kwargs):
        """The page; 400 if a filter of its address has an impossible value."""
        if context.get("filter_errors"):
            response_kwargs.setdefault("status", 400)
        return super().render_to_response(context, **response_kwargs)


class RecordPage(PublicPage):
    """The page of one published record, found by its public code.

    A subclass gives ``kind`` and ``template_name``, the relations its template reads
    (``with_related``, ``prefetched``) and ``parts``, what is shown beside the record.
    A withdrawn record answers 410 with kind and date only.
    """

    kind: str
    with_related: tuple[str, ...] = ()

    def get(self, request, *args, **kwargs):
        code = str(next(iter(kwargs.values())))
        at = timezone.now()
        record = self.records(at).coded(code).first()
        if record is None:
            return self._gone_or_missing(request, code)
        address = record.get_absolute_url()
        if request.path != address:
            # Another way to write its code ("015", "VN"): a record has one address.
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(
                address + (f"?{query}" if query else "")
            )
        return self.render_to_response(self.get_context_data(record=record, at=at))

    def records(self, at: dt.datetime):
        found = self.model.objects.published(at)
        return self.prefetched(found.in_language(self.language, *self.with_related))

    @property
    def model(self):
        return kind_of(self.kind).model

    def prefetched(self, records):
        return records

    def title_of(self, record, links) -> Shown:
        """The record's name for this reader."""
        return shown(record, "title", self.language)

    def parts(self, record, at: dt.datetime) -> dict:
        return {}

    def get_context_data(self, *, record, at, **kwargs):
        links = load_links([record], self.language, only_public=True)[record.pk]
        # Not every form of the page tells it: a picture to share does not.
        evidence = SimpleLazyObject(
            lambda: load_evidence([record], self.language)[record.pk]
        )
        title = self.title_of(record, links)
        return super().get_context_data(
            record=record,
            links=links,
            kind=kind_of(self.kind),
            page_title=title,
            description=description_of(record, self.language),
            crumbs=[*self.crumbs(), Crumb(title)],
            evidence=evidence,
            available=available_languages(record),
            notice=SimpleLazyObject(
                lambda: notice_for(record, self.language, *evidence.texts)
            ),
            **self.parts(record, at),
            **kwargs,
        )

    def _gone_or_missing(self, request, code):
        withdrawn = self.model.objects.withdrawn().coded(code)
        at = withdrawn.values_list("withdrawn_at", flat=True).first()
        if at is None:
            raise Http404
        withdrawn = {"kind_label": kind_of(self.kind).label, "date": at}
        context = {"withdrawn": withdrawn}
        return TemplateResponse(request, "410.html", context, status=410)


class RecordListPage(PublicPage):
    """A list of one kind from the catalogue, with its filters and pages.

    A subclass gives ``kind`` and, where the plural of the kind's label is no heading,
    ``heading``.
    """

    kind: str
    template_name = "portal/record_list.html"
    page_size = PAGE_SIZE

    def entries(self):
        return Entry.objects.of_kind(self.kind).newest_first()

    def get_context_data(self, **kwargs):
        kind = kind_of(self.kind)
        query = self.filter_query
        # With an error the list is unfiltered: the requested page is of another list.
        number = 1 if query.errors else page_number(parameters(self.request))
        matching = self.entries().matching(query.filters, kind=self.kind, in_order=True)
        found = matching.counted().shown_in(self.language)
        start = (number - 1) * self.page_size
        entries = list(found[start : start + self.page_size])
        if not entries and number > 1:
            raise Http404
        names = names_for(entries, self.language, with_topics=True)
        total = entries[0].total if entries else 0
        links = link_parameters(self.request, query.used)
        return super().get_context_data(
            kind=kind,
            crumbs=[*self.crumbs(), Crumb(self.heading())],
            page_title=self.heading(),
            entries=cards(entries, names, self.language),
            page=Pager(links, number, total, self.page_size),
            **filter_context(kind, query, self.request, names),
            **kwargs,
        )

    @cached_property
    def filter_query(self) -> FilterQuery:
        """The filters in the address."""
        return read_filters(parameters(self.request), kind_of(self.kind).filters)

    def heading(self) -> str:
        """What the list is called."""
        return capfirst(kind_of(self.kind).label_plural)


def available_languages(record) -> list[dict]:
    """The languages in which a record exists, each with its page's address."""
    path = record.get_absolute_url().split("/", 2)[2]
    return [
        {"language": BY_CODE[code], "url": f"/{code}/{path}"}
        for code in record.languages
    ]


def notice_for(record, language: Language, *beside: Shown) -> Notice:
    """Which other languages the texts of ``record`` and ``beside`` it are shown in."""
    texts = [shown(record, name, language) for name in translated_fields(type(record))]
    texts = [text for text in (*texts, *beside) if text]
    others = {text.language.code for text in texts if text.is_fallback}
    return Notice(
        [BY_CODE[code] for code in BY_CODE if code in others],
        any(text.is_converted for text in texts),
    )
