import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from portal.catalogue.registry import kinds
from portal.history.models import Deed
from portal.publishing.choices import Status
from portal.publishing.review.choices import OPEN_STATES
from portal.translations.querysets import TranslatedQuerySet


class PublishableQuerySet(TranslatedQuerySet):
    """Records …"""

    def published(self, at: dt.datetime) -> "PublishableQuerySet":
        """… that anyone may see. The one rule of what is public."""
        return self.filter(status=Status.PUBLISHED, published_at__lte=at)

    def with_published_status(self) -> "PublishableQuerySet":
        """… that are published, whatever the clock of the caller says.

        For work on the catalogue, whose time may lie before that of a publication.
        """
        return self.filter(status=Status.PUBLISHED)

    def due(self, at: dt.datetime) -> "PublishableQuerySet":
        """… that are approved and whose time has come, or that have none any more."""
        is_time = Q(publish_at__lte=at) | Q(publish_at__isnull=True)
        return self.filter(is_time, status=Status.APPROVED)

    def approved_without_version(self) -> "PublishableQuerySet":
        """… that were approved before the approved version was stored."""
        return self.filter(status=Status.APPROVED, approved_version="")

    def withdrawn(self) -> "PublishableQuerySet":
        """… that were public once and are so no longer, whatever is done with them."""
        return self.filter(withdrawn_at__isnull=False)

    def locked_in_order(self) -> "PublishableQuerySet":
        """… locked until the transaction ends, in the order of their keys.

        Two transactions that lock many records of several kinds, in the order of the
        kinds, never wait for each other in a circle. The lock lets others insert rows
        that point to the record.
        """
        ordered = self.order_by(self.model.code_field)
        return ordered.select_for_update(of=("self",), no_key=True)

    def coded(self, code: str) -> "PublishableQuerySet":
        """… with this public code (for a country iso2, for an edition its number)."""
        return self.filter(**{self.model.code_field: code})


class ProposalQuerySet(models.QuerySet):
    """Changes to published records …"""

    def open(self) -> "ProposalQuerySet":
        """… that nobody has decided."""
        return self.filter(state__in=OPEN_STATES)

    def about(self, record: models.Model) -> "ProposalQuerySet":
        """… of this record."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)


class IllustrationQuerySet(models.QuerySet):
    """Pictures on the pages of records …"""

    def of_record(self, record: models.Model) -> "IllustrationQuerySet":
        """… of this record."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)

    def of_published_records(self) -> "IllustrationQuerySet":
        """… of records of any kind that are published."""
        condition = Q(pk__in=[])
        for kind in kinds():
            opts = kind.model._meta
            published = models.QuerySet(kind.model).filter(
                pk=OuterRef("object_id"), status=Status.PUBLISHED
            )
            condition |= Q(
                Exists(published),
                content_type__app_label=opts.app_label,
                content_type__model=opts.model_name,
            )
        return self.filter(condition)

    def with_unpublished_text_by(self, user) -> "IllustrationQuerySet":
        """… whose picture was described by ``user`` and is in no published record, so
        that the text was not approved yet. The audit log names the authors."""
        public = self.model.objects.of_published_records()
        picture = self.model._meta.get_field("picture").related_model
        written = Deed.objects.filter(
            record_model=picture._meta.label_lower,
            record_row=Cast(OuterRef("picture_id"), models.CharField()),
            by=user,
        )
        return self.filter(Exists(written)).exclude(
            Exists(public.filter(picture=OuterRef("picture")))
        )


class SourceQuerySet(models.QuerySet):
    """Sources …"""

    def judged(self) -> "SourceQuerySet":
        """… each with ``is_evidence_only``: never to be shown to readers as a link."""
        hosts = self.model.evidence_only_model()
        asked = ExpressionWrapper(OuterRef("host"), output_field=models.CharField())
        listed = hosts.objects.alias(asked=asked).filter(
            Q(host=F("asked")) | Q(asked__endswith=Concat(Value("."), F("host")))
        )
        return self.annotate(is_evidence_only=Exists(listed))
