"""Pages of the Conference: editions, documents, news, standing pages."""

from django.db.models import IntegerField, Prefetch
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.catalogue.models import Entry
from portal.conference.models import Document, EditionDelegation, Paragraph
from portal.conference.querysets import languages_of
from portal.directory.listing import parameters
from portal.directory.naming import name_of
from portal.directory.pages import Crumb, RecordListPage, RecordPage
from portal.languages import BY_CODE, Language
from portal.publishing.links import link_to
from portal.translations.shown import Shown, shown


class EditionListPage(RecordListPage):
    """The Conference and its editions, the latest number first."""

    kind = "edition"
    template_name = "conference/edition_list.html"

    def entries(self):
        # By number, not by date: two editions have no date on record.
        numbered = Entry.objects.of_kind("edition").alias(
            number=Cast("code", IntegerField())
        )
        return numbered.order_by("-number")

    def heading(self):
        return _("The Conference and its editions")


class EditionPage(RecordPage):
    kind = "edition"
    template_name = "conference/edition_detail.html"
    with_related = ("host_country",)

    def crumbs(self):
        return [Crumb(_("Conference"), reverse("conference:edition-list"))]

    def prefetched(self, records):
        delegations = EditionDelegation.objects.in_language(
            self.language, "country", "organ"
        )
        return records.prefetch_related(Prefetch("delegations", delegations))

    def title_of(self, record, links):
        return name_of(record, self.language)

    def parts(self, record, at):
        documents = Document.objects.published(at).filter(edition=record)
        return {
            "host_country": link_to(record.host_country, self.language),
            "documents": documents.in_language(self.language).order_by(
                "sort_on", "code"
            ),
        }


class DocumentListPage(RecordListPage):
    kind = "document"

    def heading(self):
        return _("Declarations, memoranda and treaties")


class DocumentPage(RecordPage):
    kind = "document"
    template_name = "conference/document_detail.html"
    with_related = ("edition", "place")

    def crumbs(self):
        return [Crumb(_("Documents"), reverse("conference:document-list"))]

    def prefetched(self, records):
        paragraphs = Paragraph.objects.in_language(self.language).with_languages()
        if beside := self._beside():
            paragraphs = paragraphs.beside(beside)
        return records.prefetch_related(Prefetch("paragraphs", paragraphs))

    def _beside(self) -> Language | None:
        """The second language that the reader asks for, by its own code.

        Other values than codes are ignored; of several codes the last counts.
        """
        given = parameters(self.request).getlist("beside")
        codes = [code for code in given if code in BY_CODE]
        return BY_CODE[codes[-1]] if codes else None

    def _text(self, record) -> dict:
        """The paragraphs, one text each or two side by side, and what could be."""
        paragraphs = record.paragraphs.all()
        texts = [shown(paragraph, "text", self.language) for paragraph in paragraphs]
        first = {text.language for text in texts if text}
        written, beside = languages_of(paragraphs), self._beside()
        choices = [language for language in written if first != {language}]
        return {
            "paragraphs": [
                {
                    "number": paragraph.number,
                    "text": text,
                    "beside": self._shown_beside(paragraph, beside),
                }
                for paragraph, text in zip(paragraphs, texts, strict=True)
            ],
            "beside": beside if beside in choices else None,
            "beside_missing": beside if beside not in written else None,
            "beside_choices": choices,
        }

    def _shown_beside(self, paragraph, beside: Language | None) -> Shown | None:
        text = beside and paragraph.text_beside
        return Shown(text, beside, beside is not self.language) if text else None

    def parts(self, record, at):
        edition = record.edition
        is_told = edition is not None and edition.is_published
        return {
            **self._text(record),
            "edition": edition if is_told else None,
            "edition_name": name_of(edition, self.language) if is_told else None,
            "place": link_to(record.place, self.language),
        }


class ArticleListPage(RecordListPage):
    kind = "article"

    def heading(self):
        return _("News")


class ArticlePage(RecordPage):
    kind = "article"
    template_name = "conference/article_detail.html"

    def crumbs(self):
        return [Crumb(_("News"), reverse("conference:article-list"))]


class StandingPage(RecordPage):
    kind = "page"
    template_name = "conference/page_detail.html"
