"""Staff admin of pictures, whose texts are part of each record that shows the
picture."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from modeltranslation.admin import TranslationAdmin

from portal.content.publishing import operations, two_person_approval
from portal.content.publishing.choices import Status
from portal.content.publishing.dependencies import enqueue_refresh_of, lock_rows
from portal.content.publishing.models import Publishable
from portal.content.publishing.review_choices import ProposalState
from portal.content.review.proposal_references import (
    find_proposals_using,
    find_records_showing_picture,
    find_records_with_proposals_using,
)
from portal.core.files.admin import UsageProtectedAdmin
from portal.core.files.models import Picture
from portal.core.files.usage import get_usages

# Statuses in which the texts of a record's pictures may not change: another user is
# reviewing them or has approved them.
_LOCKED_STATUSES = (Status.IN_REVIEW, Status.APPROVED, Status.PUBLISHED)


class PictureAdmin(TranslationAdmin, UsageProtectedAdmin):
    """Admin of pictures that prevents editing of texts under review, proposed or
    public.

    This applies while two-person approval is on. To change such texts, add a new
    picture of the same file in the form of the record.
    """

    list_display = ("__str__", "alternative_zh_hans", "alternative_en", "credit")
    list_select_related = ("file",)
    search_fields = ("file__name", "alternative_zh_hans", "alternative_en")
    autocomplete_fields = ("file",)
    readonly_fields = ("used_by",)

    def get_usages(self, obj):
        return get_usages(obj, find_records_with_proposals_using(obj))

    def get_object(self, request, object_id, from_field=None):
        """Return the picture; lock it if it is being saved.

        The lock serializes the save with a proposal that adds the picture to a record.
        """
        picture = super().get_object(request, object_id, from_field)
        if picture is not None and request.method == "POST":
            # no_key: allows a record form saved at the same time to insert a reference
            # to it.
            locked = models.QuerySet(Picture).select_for_update(no_key=True)
            picture.refresh_from_db(from_queryset=locked)
            self.take_snapshot_before(request, picture)
        return picture

    def has_change_permission(self, request, obj=None):
        is_permitted = super().has_change_permission(request, obj)
        if (
            not is_permitted
            or obj is None
            or not two_person_approval.requires_second_person(request.user)
        ):
            return is_permitted
        # Cached on the request: called many times per form, and reads all open
        # proposals.
        lock_cache = request.__dict__.setdefault("picture_lock_cache", {})
        if obj.pk not in lock_cache:
            lock_cache[obj.pk] = _is_under_review_or_public(obj)
        return not lock_cache[obj.pk]

    def log_deletions(self, request, queryset):
        # Lock before writing the audit entry: a transaction that saves a record form
        # and refers to a picture may be waiting for the lock on the audit chain.
        locked = models.QuerySet(Picture).select_for_update()
        pks = [picture.pk for picture in queryset]
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk"))
        super().log_deletions(request, queryset)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not form.has_changed():
            return
        records = find_records_showing_picture(obj)
        lock_rows(records)
        for record in records:
            _lock_for_picture_edit(record, by=request.user)
            two_person_approval.add_contribution(record, by=request.user)
        for record in find_records_with_proposals_using(obj):
            two_person_approval.add_contribution(record, by=request.user)

    def write_audit_entries(self, request, obj, before):
        """Write the audit entries, then enqueue a refresh of the records that show the
        picture.

        The order matters (see ``enqueue_refresh_of``).
        """
        super().write_audit_entries(request, obj, before)
        enqueue_refresh_of([obj], at=timezone.now())


def _lock_for_picture_edit(record: Publishable, *, by) -> None:
    """Lock ``record`` while the text of one of its pictures is saved.

    Raises PermissionDenied if the record was submitted or approved since the form was
    opened and two-person approval applies to ``by``.
    """
    operations.lock(record)
    if (
        two_person_approval.requires_second_person(by)
        and record.status in _LOCKED_STATUSES
    ):
        raise PermissionDenied


def _is_under_review_or_public(picture: Picture) -> bool:
    """Return whether the texts of ``picture`` are public, approved, under review or
    proposed."""
    return any(
        record.status in _LOCKED_STATUSES
        for record in find_records_showing_picture(picture)
    ) or any(
        proposal.state == ProposalState.WAITING
        for proposal in find_proposals_using(picture)
    )
