"""Querysets of records, proposals, illustrations and sources."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from portal.content.catalogue.registry import all_kinds
from portal.content.publishing.choices import Status
from portal.content.publishing.review_choices import OPEN_STATES, ProposalState
from portal.core.audit.models import Deed
from portal.core.translations.querysets import TranslatedQuerySet


class PublishableQuerySet(TranslatedQuerySet):
    """Filters by publication status, shared by all record models."""

    def published(self, at: dt.datetime) -> "PublishableQuerySet":
        """Filter to records that are public at ``at``. The only rule of what is
        public."""
        return self.filter(status=Status.PUBLISHED, published_at__lte=at)

    def with_published_status(self) -> "PublishableQuerySet":
        """Filter to records with status published, whatever ``published_at`` is.

        A catalogue update may run with a time before ``published_at`` of a record that
        was published meanwhile; ``published(at)`` would leave that record out.
        """
        return self.filter(status=Status.PUBLISHED)

    def due_for_publication(self, at: dt.datetime) -> "PublishableQuerySet":
        """Filter to approved records whose set time has come or was removed."""
        is_due = Q(publish_at__lte=at) | Q(publish_at__isnull=True)
        return self.filter(is_due, status=Status.APPROVED)

    def approved_without_version(self) -> "PublishableQuerySet":
        """Filter to records that were approved before the approved version was
        stored."""
        return self.filter(status=Status.APPROVED, approved_version="")

    def withdrawn(self) -> "PublishableQuerySet":
        """Filter to records that were public and were withdrawn, in whatever status
        they are now."""
        return self.filter(withdrawn_at__isnull=False)

    def locked_in_order(self) -> "PublishableQuerySet":
        """Lock the records until the transaction ends, in the order of their codes.

        Transactions that lock records of several kinds, kind by kind in the same order,
        cannot deadlock. Other transactions may still insert rows that refer to the
        records.
        """
        ordered = self.order_by(self.model.code_field)
        return ordered.select_for_update(of=("self",), no_key=True)

    def with_code(self, code: str) -> "PublishableQuerySet":
        """Filter by public code: the iso2 code of a country, the number of a conference
        edition."""
        return self.filter(**{self.model.code_field: code})


class ProposalQuerySet(models.QuerySet):
    """Filters for proposed changes to published records."""

    def open(self) -> "ProposalQuerySet":
        """Filter to proposals without a final decision."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> "ProposalQuerySet":
        """Filter to proposals that wait for a reviewer."""
        return self.filter(state=ProposalState.WAITING)

    def for_record(self, record: models.Model) -> "ProposalQuerySet":
        """Filter to proposals for ``record``."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)


class IllustrationQuerySet(models.QuerySet):
    """Filters for pictures on the pages of records."""

    def of_record(self, record: models.Model) -> "IllustrationQuerySet":
        """Filter to illustrations of ``record``."""
        content_type = ContentType.objects.get_for_model(record)
        return self.filter(content_type=content_type, object_id=record.pk)

    def of_published_records(self) -> "IllustrationQuerySet":
        """Filter to illustrations of published records of any kind."""
        condition = Q(pk__in=[])
        for kind in all_kinds():
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
        """Filter to illustrations with an unpublished picture text by ``user``.

        These are the pictures whose texts ``user`` has edited according to the audit
        log and that no published record shows.
        """
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
    """Queries for sources of records."""

    def with_is_evidence_only(self) -> "SourceQuerySet":
        """Annotate ``is_evidence_only``: the source must not be displayed to readers as
        a link.

        True if the host or one of its parent domains is listed as evidence only.
        """
        hosts = self.model.evidence_only_model()
        source_host = ExpressionWrapper(
            OuterRef("host"), output_field=models.CharField()
        )
        listed = hosts.objects.alias(source_host=source_host).filter(
            Q(host=F("source_host"))
            | Q(source_host__endswith=Concat(Value("."), F("host")))
        )
        return self.annotate(is_evidence_only=Exists(listed))
