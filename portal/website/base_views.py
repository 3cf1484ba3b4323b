"""Base views of public records: lists and detail pages."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.text import capfirst
from django.views.generic import TemplateView

from portal.content.catalogue import formed_titles
from portal.content.catalogue.filters import FilterQuery, read_filters
from portal.content.catalogue.models import Entry
from portal.content.catalogue.option_counts import count_options
from portal.content.catalogue.registry import get_kind
from portal.content.publishing.links import load_links
from portal.content.publishing.sources_and_files import load_sources_and_files
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import (
    LocalizedText,
    get_active_language,
    get_fallback_chain,
)
from portal.reference.directory.record_titles import record_title
from portal.website.cards import build_cards, load_card_names
from portal.website.fallback_notice import build_fallback_notice
from portal.website.lists import (
    PAGE_SIZE,
    Pager,
    countable_filters,
    filter_context,
    link_parameters,
    parameters,
    parse_page_number,
)
from portal.website.page_heads import get_description, get_head_title
from portal.website.page_metadata import default_language_code
from portal.website.structured_data import PageData, event_node, web_page_node


@dataclass(frozen=True)
class Breadcrumb:
    """One breadcrumb of a page; the last breadcrumb has no URL."""

    label: LocalizedText | str
    url: str = ""


@method_decorator(login_not_required, name="dispatch")
class PublicView(TemplateView):
    """Base view of pages that need no sign-in, in the language of the URL."""

    @property
    def language(self) -> Language:
        return get_active_language()

    def get_breadcrumbs(self) -> list[Breadcrumb]:
        """Return the breadcrumbs from the home page to the parent of this page."""
        return []

    def get_context_data(self, **kwargs):
        kwargs.setdefault("breadcrumbs", self.get_breadcrumbs())
        return super().get_context_data(**kwargs)

    def render_to_response(self, context, **response_kwargs):
        """Render the page, with status 400 if a list filter in the URL is invalid."""
        if context.get("filter_errors"):
            response_kwargs.setdefault("status", 400)
        return super().render_to_response(context, **response_kwargs)


class RecordDetailView(PublicView):
    """Detail page of one published record, looked up by its public code.

    Subclasses set ``kind`` and ``template_name``, the relations that the template reads
    (``related_fields``, ``prefetch``) and ``get_record_context``, the context in
    addition to the record. A withdrawn record returns 410 with its kind and date only.
    """

    kind: str
    related_fields: tuple[str, ...] = ()

    def get(self, request, *args, **kwargs):
        code = str(next(iter(kwargs.values())))
        at = timezone.now()
        record = self.get_queryset(at).with_code(code).first()
        if record is None:
            return self._gone_or_404(request, code)
        url = record.get_absolute_url()
        if request.path != url:
            # Redirect other spellings of the code ("015", "VN") to the record's only
            # URL.
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(url + (f"?{query}" if query else ""))
        response = self.render_to_response(self.get_context_data(record=record, at=at))
        shown = get_shown_language(record, self.language)
        if shown is not self.language:
            response["Content-Language"] = f"{self.language.tag}, {shown.tag}"
        return response

    def get_queryset(self, at: dt.datetime):
        published = self.model.objects.published(at)
        return self.prefetch(
            published.only_language(self.language, *self.related_fields)
        )

    @property
    def model(self):
        return get_kind(self.kind).model

    def prefetch(self, records):
        return records

    def get_title(self, record, links) -> LocalizedText:
        """Return the title of the record in the language of the page."""
        return record_title(record, self.language, links=links)

    def get_record_context(self, record, at: dt.datetime) -> dict:
        return {}

    def get_structured_data(self, page: PageData) -> dict:
        """Return the schema.org node of the record; empty values are left out of it.

        Subclasses override it to name the hosts of an event, or to choose another type.
        """
        is_event = get_kind(self.kind).is_event
        return event_node(page) if is_event else web_page_node(page)

    def get_context_data(self, *, record, at, **kwargs):
        links = load_links([record], self.language, only_public=True)[record.pk]
        # Lazy, because not every representation of the page shows sources and files;
        # the share image does not.
        sources_and_files = SimpleLazyObject(
            lambda: load_sources_and_files([record], self.language)[record.pk]
        )
        title = self.get_title(record, links)
        head_title = get_head_title(record, title, self.language)
        record_context = self.get_record_context(record, at)
        return super().get_context_data(
            record=record,
            links=links,
            kind=get_kind(self.kind),
            page_title=title,
            written_titles=get_written_titles(record, title, self.language),
            head_title=head_title,
            description=get_description(
                record, head_title, {**record_context, **links}, self.language
            ),
            breadcrumbs=[*self.get_breadcrumbs(), Breadcrumb(title)],
            sources_and_files=sources_and_files,
            language_versions=language_versions(record),
            canonical_url=self.request.build_absolute_uri(
                canonical_record_path(record, self.language)
            ),
            fallback_notice=SimpleLazyObject(
                lambda: build_fallback_notice(
                    record, self.language, title, sources_and_files.picture_texts
                )
            ),
            **record_context,
            **kwargs,
        )

    def _gone_or_404(self, request, code):
        withdrawn = self.model.objects.withdrawn().with_code(code)
        at = withdrawn.values_list("withdrawn_at", flat=True).first()
        if at is None:
            raise Http404
        withdrawn = {"kind_label": get_kind(self.kind).label, "date": at}
        context = {"withdrawn": withdrawn}
        return TemplateResponse(request, "410.html", context, status=410)


class RecordListView(PublicView):
    """List of the records of one kind from the catalogue, with filters and pagination.

    Subclasses set ``kind`` and override ``get_heading`` if the plural label of the kind
    is not suitable as a heading.
    """

    kind: str
    template_name = "portal/record_list.html"
    page_size = PAGE_SIZE

    def get_entries(self):
        return Entry.objects.of_kind(self.kind).newest_first()

    def get_context_data(self, **kwargs):
        kind = get_kind(self.kind)
        query = self.filter_query
        # If a filter is invalid the list is unfiltered, so the requested page does not
        # apply.
        number = 1 if query.errors else parse_page_number(parameters(self.request))
        matching = self.get_entries().matching(
            query.filters, kind=self.kind, first_rows_only=True
        )
        localized_entries = matching.with_total().with_texts_for(self.language)
        start = (number - 1) * self.page_size
        entries = list(localized_entries[start : start + self.page_size])
        if not entries and number > 1:
            raise Http404
        names = load_card_names(entries, self.language, with_topics=True)
        total = entries[0].total if entries else 0
        links = link_parameters(self.request, query.used)
        return super().get_context_data(
            kind=kind,
            breadcrumbs=[*self.get_breadcrumbs(), Breadcrumb(self.get_heading())],
            page_title=self.get_heading(),
            entries=build_cards(entries, names, self.language),
            pager=Pager(links, number, total, self.page_size),
            **filter_context(
                kind,
                query,
                self.request,
                names,
                language=self.language,
                counts=self.count_options(query),
            ),
            **kwargs,
        )

    def count_options(self, query: FilterQuery) -> dict[str, dict[str, int | None]]:
        """Return the number of records by filter and option (see ``count_options``)."""
        return count_options(
            lambda filters: self.get_entries().matching(filters, kind=self.kind),
            query.filters,
            countable_filters(get_kind(self.kind)),
        )

    @cached_property
    def filter_query(self) -> FilterQuery:
        """The list filters in the URL of the page."""
        return read_filters(parameters(self.request), get_kind(self.kind).filters)

    def get_heading(self) -> str:
        """Return the heading of the list."""
        return capfirst(get_kind(self.kind).label_plural)


def get_written_titles(
    record, page_title: LocalizedText | None, language: Language
) -> list[LocalizedText]:
    """Return the written titles of a record whose page has a title formed from facts.

    They are those in the fallback languages of ``language``. The list is empty if the
    title of the page is a written one.
    """
    if not (page_title and page_title.is_formed):
        return []
    titles = formed_titles.get_written_titles(record, language)
    return [
        LocalizedText(title, LANGUAGES_BY_CODE[code], is_fallback=True)
        for code, title in titles.items()
        if title
    ]


def language_versions(record) -> list[dict]:
    """Return the languages in which a record can be read, with the URL of each page."""
    path = record.get_absolute_url().split("/", 2)[2]
    return [
        {"language": LANGUAGES_BY_CODE[code], "url": f"/{code}/{path}"}
        for code in record.languages
    ]


def canonical_record_path(record, language: Language) -> str:
    """Return the canonical path of a record's page in ``language``.

    It is the page in ``language`` if the record can be read in it, else the page in the
    language whose texts are shown instead.
    """
    _slash, _code, path = record.get_absolute_url().split("/", 2)
    return f"/{get_shown_language(record, language).code}/{path}"


def get_shown_language(record, language: Language) -> Language:
    """Return the language in which readers of ``language`` see a record.

    It is ``language`` if the record can be read in it, else the first of its fallback
    languages, else the default language of the record.
    """
    chain = get_fallback_chain(language)
    readable = [code for code in chain if code in record.languages]
    code = readable[0] if readable else default_language_code(record.languages)
    return LANGUAGES_BY_CODE[code or language.code]
