from django.db.models import Prefetch

from portal.api.paging import CodeCursor
from portal.conference.api.serializers import (
    ArticleSerializer,
    DocumentSerializer,
    EditionSerializer,
    PageSerializer,
)
from portal.conference.models import EditionDelegation, Paragraph
from portal.publishing.api.views import RecordViewSet, described


@described("edition")
class EditionViewSet(RecordViewSet):
    kind = "edition"
    serializer_class = EditionSerializer
    with_related = ("host_country", "outcome_document")

    def prefetched(self, records):
        delegations = EditionDelegation.objects.in_language(
            self.language, "country", "organ"
        )
        return (
            super()
            .prefetched(records)
            .prefetch_related(Prefetch("delegations", delegations))
        )


@described("document")
class DocumentViewSet(RecordViewSet):
    kind = "document"
    serializer_class = DocumentSerializer
    with_related = ("edition", "place")

    def prefetched(self, records):
        paragraphs = Paragraph.objects.in_language(self.language)
        return (
            super()
            .prefetched(records)
            .prefetch_related(Prefetch("paragraphs", paragraphs))
        )


@described("article")
class ArticleViewSet(RecordViewSet):
    kind = "article"
    serializer_class = ArticleSerializer


@described("page")
class PageViewSet(RecordViewSet):
    kind = "page"
    serializer_class = PageSerializer
    pagination_class = CodeCursor
