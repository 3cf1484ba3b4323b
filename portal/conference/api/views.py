from django.db.models import Prefetch

from portal.conference.api.serializers import (
    ArticleSerializer,
    DocumentSerializer,
    EditionSerializer,
    PageSerializer,
)
from portal.conference.models import EditionDelegation, Paragraph
from portal.content.publishing.api.views import RecordViewSet, document_endpoints
from portal.core.api.pagination import CreationOrderPagination


@document_endpoints("edition")
class EditionViewSet(RecordViewSet):
    kind = "edition"
    serializer_class = EditionSerializer
    with_related = ("host_country", "outcome_document")

    def prefetch(self, records):
        delegations = EditionDelegation.objects.only_language(
            self.language, "country", "organ"
        )
        return (
            super()
            .prefetch(records)
            .prefetch_related(Prefetch("delegations", delegations))
        )


@document_endpoints("document")
class DocumentViewSet(RecordViewSet):
    kind = "document"
    serializer_class = DocumentSerializer
    with_related = ("edition", "place")

    def prefetch(self, records):
        paragraphs = Paragraph.objects.only_language(self.language)
        return (
            super()
            .prefetch(records)
            .prefetch_related(Prefetch("paragraphs", paragraphs))
        )


@document_endpoints("article")
class ArticleViewSet(RecordViewSet):
    kind = "article"
    serializer_class = ArticleSerializer


@document_endpoints("page")
class PageViewSet(RecordViewSet):
    kind = "page"
    serializer_class = PageSerializer
    pagination_class = CreationOrderPagination
