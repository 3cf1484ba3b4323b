"""Public pages about the Conference: editions, documents, news and static pages."""

from collections.abc import Mapping

from django.db.models import IntegerField, Prefetch
from django.db.models.functions import Cast
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.conference.choices import DocumentKind
from portal.conference.models import Document, Edition, EditionDelegation, Paragraph
from portal.conference.querysets import get_written_languages
from portal.conference.titles import get_party_facts
from portal.content.catalogue.models import Entry
from portal.content.catalogue.querysets import capped_count
from portal.content.publishing.links import Link, build_link, load_links
from portal.core.languages import LANGUAGES_BY_CODE, Language
from portal.core.translations.localized_text import (
    LocalizedText,
    choose_localized_text,
    localized,
)
from portal.reference.directory.localized_names import load_display_names
from portal.reference.directory.record_titles import record_title
from portal.website.base_views import (
    Breadcrumb,
    PublicView,
    RecordDetailView,
    RecordListView,
)
from portal.website.cards import load_titles
from portal.website.directory.country_tiles import build_country_tiles
from portal.website.lists import (
    Pager,
    link_parameters,
    parameters,
    parse_page_number,
)
from portal.website.structured_data import (
    event_node,
    first_day,
    iso_timestamp,
    organization_node,
    place_node,
)

# Document types that are legally binding; the others are declarations and statements.
_LEGISLATION_KINDS = {DocumentKind.TREATY, DocumentKind.AGREEMENT}
TREATIES_PER_PAGE = 50


class EditionListView(RecordListView):
    """List of the editions of the Conference, highest number first."""

    kind = "edition"
    template_name = "conference/edition_list.html"

    def get_entries(self):
        # Order by number, because the dates of two editions are not known.
        numbered = Entry.objects.of_kind("edition").alias(
            number=Cast("code", IntegerField())
        )
        return numbered.order_by("-number")

    def get_heading(self):
        return _("All conferences")


class EditionDetailView(RecordDetailView):
    kind = "edition"
    template_name = "conference/edition_detail.html"
    related_fields = ("host_country",)

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Conference"), reverse("conference:edition-list"))]

    def prefetch(self, records):
        delegations = EditionDelegation.objects.only_language(
            self.language, "country", "organ"
        )
        return records.prefetch_related(Prefetch("delegations", delegations))

    def get_record_context(self, record, at):
        published = Document.objects.published(at).filter(edition=record)
        documents = list(
            published.only_language(self.language).order_by("sort_on", "code")
        )
        titles = load_titles(documents, self.language, with_date=False)
        return {
            **self._get_adjacent_editions(record, at),
            "host_country": build_link(record.host_country, self.language),
            "title_zh_other": self._get_other_chinese_title(record),
            "delegations": [
                {
                    "delegation": delegation,
                    "country": build_link(delegation.country, self.language),
                    "organ": build_link(delegation.organ, self.language),
                }
                for delegation in record.delegations.all()
            ],
            "documents": [
                {"document": document, "title": titles.get(document)}
                for document in documents
            ],
        }

    def _get_adjacent_editions(self, record, at) -> dict:
        """Return links to the published editions directly before and after this one."""
        published = Edition.objects.published(at)
        editions = published.adjacent_to(record.number).only_language(self.language)
        return {
            "previous_edition" if edition.number < record.number else "next_edition": {
                "url": edition.get_absolute_url(),
                "title": record_title(edition, self.language),
            }
            for edition in editions
        }

    def _get_other_chinese_title(self, record) -> LocalizedText | None:
        """Return the other Chinese title for readers of Chinese, None for others."""
        text = choose_localized_text({"zh-hans": record.title_zh_other}, self.language)
        return text if text and not text.is_fallback else None

    def get_structured_data(self, page):
        return event_node(
            page,
            organisers=(
                "host_organs",
                "organiser_organs",
                "co_organiser_organs",
                "host_parties",
                "organiser_parties",
                "co_organiser_parties",
            ),
        )


class DocumentListView(RecordListView):
    kind = "document"
    template_name = "conference/document_list.html"

    def get_heading(self):
        return _("Joint statements, declarations, memoranda and treaties")


class DocumentDetailView(RecordDetailView):
    kind = "document"
    template_name = "conference/document_detail.html"
    related_fields = ("edition", "place")

    def get_breadcrumbs(self):
        return [Breadcrumb(_("Documents"), reverse("conference:document-list"))]

    def prefetch(self, records):
        paragraphs = Paragraph.objects.only_language(
            self.language
        ).with_language_flags()
        if second_language := self._get_second_language():
            paragraphs = paragraphs.with_second_language_text(second_language)
        return records.prefetch_related(Prefetch("paragraphs", paragraphs))

    def _get_second_language(self) -> Language | None:
        """Return the second language chosen by the query parameter ``beside``, or None.

        Values that are not language codes of the portal are ignored. If several are
        given, the last one is used.
        """
        values = parameters(self.request).getlist("beside")
        codes = [code for code in values if code in LANGUAGES_BY_CODE]
        return LANGUAGES_BY_CODE[codes[-1]] if codes else None

    def _get_paragraph_context(self, record) -> dict:
        """Build the template context of a document's text.

        It has the paragraphs, in one language or in two side by side, and the languages
        that can be chosen as the second one.
        """
        paragraphs = record.paragraphs.all()
        texts = [
            localized(paragraph, "text", self.language) for paragraph in paragraphs
        ]
        displayed_languages = {text.language for text in texts if text}
        written_languages, second_language = (
            get_written_languages(paragraphs),
            self._get_second_language(),
        )
        second_language_choices = [
            language
            for language in written_languages
            if displayed_languages != {language}
        ]
        return {
            "paragraphs": [
                {
                    "number": paragraph.number,
                    "text": text,
                    "second_language_text": self._get_second_language_text(
                        paragraph, second_language
                    ),
                }
                for paragraph, text in zip(paragraphs, texts, strict=True)
            ],
            "second_language": second_language
            if second_language in second_language_choices
            else None,
            "missing_second_language": second_language
            if second_language not in written_languages
            else None,
            "second_language_choices": second_language_choices,
        }

    def _get_second_language_text(
        self, paragraph, second_language: Language | None
    ) -> LocalizedText | None:
        text = second_language and paragraph.second_language_text
        return (
            LocalizedText(text, second_language, second_language is not self.language)
            if text
            else None
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "repeated_parties": _find_repeated_parties(context["links"])}

    def get_record_context(self, record, at):
        edition = record.edition
        is_edition_public = edition is not None and edition.is_published
        return {
            **self._get_paragraph_context(record),
            "edition": edition if is_edition_public else None,
            "edition_name": record_title(edition, self.language)
            if is_edition_public
            else None,
            "place": build_link(record.place, self.language),
        }

    def get_structured_data(self, page):
        is_law = page.record.document_kind in _LEGISLATION_KINDS
        place, edition = page.context["place"], page.context["edition"]
        date_name = "legislationDate" if is_law else "dateCreated"
        return {
            "@type": "Legislation" if is_law else "CreativeWork",
            "name": page.title.text,
            "url": page.url,
            "image": page.image,
            date_name: first_day(page.record.period),
            "inLanguage": page.languages,
            "locationCreated": place_node(place) if place and place.name else None,
            "recordedAt": edition
            and {
                "@type": "Event",
                "name": page.context["edition_name"].text,
                "url": page.build_absolute_url(edition.get_absolute_url()),
            },
        }


def _find_repeated_parties(links: Mapping[str, list[Link]]) -> str:
    """Return what lists the parties a second time: "countries", "states" or "".

    The countries of the parties repeat parties that are organs of these countries. If
    the parties are the states themselves, their names repeat the countries. A region is
    not its country, so neither repeats the other.
    """
    parties = get_party_facts(links).get("parties")
    countries = {link.key for link in links["party_countries"]}
    if parties == "organs":
        named = {link.country for link in links["party_organs"] if link.url_path}
    elif parties == "states" and not any(link.area for link in links["named_parties"]):
        named = {link.country for link in links["named_parties"]}
    else:
        return ""
    if not countries or named != countries:
        return ""
    return "states" if parties == "states" else "countries"


class TreatyTableView(PublicView):
    """Table of treaties, agreements and memoranda by country of their parties.

    A row is a document, a column a country that is a party to one of the documents on
    the page.
    """

    template_name = "conference/treaty_table.html"

    def get_context_data(self, **kwargs):
        number = parse_page_number(parameters(self.request))
        treaties = Document.objects.published(timezone.now()).treaties()
        localized_treaties = treaties.only_language(self.language).annotate(
            total=capped_count(treaties)
        )
        start = (number - 1) * TREATIES_PER_PAGE
        documents = list(
            localized_treaties.newest_first()[start : start + TREATIES_PER_PAGE]
        )
        if not documents and number > 1:
            raise Http404
        total = documents[0].total if documents else 0
        heading = _("Treaties, agreements and memoranda by country")
        return super().get_context_data(
            page_title=heading,
            breadcrumbs=[
                Breadcrumb(_("Documents"), reverse("conference:document-list")),
                Breadcrumb(heading),
            ],
            pager=Pager(
                link_parameters(self.request, {}), number, total, TREATIES_PER_PAGE
            ),
            **self._build_table(documents),
            **kwargs,
        )

    def _build_table(self, documents: list[Document]) -> dict:
        """Return the countries of the columns, in display order, and the rows.

        ``parties`` of a row has a boolean for each column; ``countries`` are those that
        are parties.
        """
        links = load_links(documents, self.language, only_public=True)
        parties = {
            document.pk: {link.key for link in links[document.pk]["party_countries"]}
            for document in documents
        }
        used_codes = set().union(*parties.values())
        columns = [
            tile
            for tile in build_country_tiles(
                load_display_names(self.language), self.language
            )
            if tile.iso2 in used_codes
        ]
        return {
            "columns": columns,
            "rows": [
                {
                    "document": document,
                    "title": record_title(
                        document,
                        self.language,
                        links=links[document.pk],
                        with_date=False,
                    ),
                    "parties": [tile.iso2 in parties[document.pk] for tile in columns],
                    "countries": [
                        tile for tile in columns if tile.iso2 in parties[document.pk]
                    ],
                }
                for document in documents
            ],
        }


class ArticleListView(RecordListView):
    kind = "article"

    def get_heading(self):
        return _("News")


class ArticleDetailView(RecordDetailView):
    kind = "article"
    template_name = "conference/article_detail.html"

    def get_breadcrumbs(self):
        return [Breadcrumb(_("News"), reverse("conference:article-list"))]

    def get_structured_data(self, page):
        return {
            "@type": "NewsArticle",
            "headline": page.title.text,
            "url": page.url,
            "image": page.image,
            "datePublished": first_day(page.record.period),
            "dateModified": iso_timestamp(page.record.changed_at),
            "inLanguage": page.title.tag,
            "about": [
                organization_node(link, page) for link in page.links_of("organs")
            ],
        }


class StaticPageDetailView(RecordDetailView):
    kind = "page"
    template_name = "conference/page_detail.html"
