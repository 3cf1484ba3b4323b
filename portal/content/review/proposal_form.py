"""Admin form of a published record that saves edits as a proposed change."""

import re
from collections.abc import Sequence

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.content.publishing import two_person_approval
from portal.content.publishing.internal_fields import is_internal_change
from portal.content.publishing.models import Proposal, Publishable
from portal.content.publishing.operations import register_edit
from portal.content.review import operations as review
from portal.content.review.forms import PUBLIC_NOTE_LANGUAGES, PublicNoteForm
from portal.content.review.proposal_differences import (
    has_model_permission,
    is_visible_kind,
)
from portal.content.review.proposal_references import lock_pictures, picture_fields
from portal.content.review.snapshot_apply import (
    ConstraintViolationError,
    apply_snapshot,
    apply_snapshot_checked,
    describe_violation,
    rolled_back_transaction,
)
from portal.core.audit.choices import AuditAction
from portal.core.audit.models import Deed
from portal.core.audit.snapshots import Snapshot, take_snapshot

_PRIMARY_KEY = re.compile("[0-9]{1,18}")


class ProposalFormAdmin(admin.ModelAdmin):
    """Admin mixin that turns saving the form of a published record into a proposed
    change.

    The form is displayed and saved as usual, with an open proposal applied, in a
    transaction that is then rolled back. The difference to the state before becomes the
    proposal. Inlines, relations and files therefore need no code of their own.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        arguments = (object_id, form_url, extra_context)
        record = self._get_record_to_propose(request, object_id)
        is_saving = request.method == "POST"
        if record is None or not (is_saving or record.is_published):
            return super().changeform_view(request, *arguments)
        if not is_saving:
            return self._process_proposal_form(request, record, *arguments)
        with transaction.atomic():
            # Lock the record until the proposal is saved: of two forms submitted at the
            # same time, the second is compared with the proposal of the first. Pictures
            # are locked before records, as everywhere.
            if pictures := self._get_submitted_pictures(request):
                lock_pictures(pictures)
            locked = models.QuerySet(self.model).select_for_update(no_key=True)
            locked_record = locked.filter(pk=record.pk).first()
            if locked_record is None or not locked_record.is_published:
                return super().changeform_view(request, *arguments)
            return self._process_proposal_form(request, locked_record, *arguments)

    def _process_proposal_form(
        self, request, record, object_id, form_url, extra_context
    ):
        """Display or save the form of ``record``; before saving, its row must be
        locked.

        An open proposal that violates a constraint by now is displayed instead to users
        who may view it. Others get the form of the stored record with a warning. Data
        submitted meanwhile is displayed again and not saved.
        """
        languages = self.get_public_note_languages(request)
        note_form = PublicNoteForm(request.POST or None, languages=languages)
        with rolled_back_transaction():
            base = take_snapshot(record, record.child_relations)
            open_proposal = review.get_open_proposal(record)
            violation = _apply_open_proposal(record, open_proposal)
            if violation and self._is_proposal_shown(request, record):
                return _redirect_to_proposal(request, open_proposal, violation)
            if violation:
                request.form_refusal = _describe_refusal(record, violation)
                open_proposal = None
            note_form.initial = _get_note(open_proposal)
            request.is_saving_proposal = True
            request.stored_snapshot = base
            request.public_note_form = note_form
            context = {
                "public_note_form": note_form,
                "open_proposal": open_proposal,
                **(extra_context or {}),
            }
            response = super().changeform_view(request, object_id, form_url, context)
            if isinstance(response, TemplateResponse):
                _warn_about_violation(request, record, violation)
                response.render()
            proposed = self._take_snapshot(request, record)
        if proposed is not None:
            other_notes = _get_other_notes(open_proposal, languages)
            notes = {**other_notes, **note_form.get_texts()}
            is_internal = is_internal_change(type(record), base, proposed)
            if is_internal and not open_proposal and not notes:
                self._save_internal_fields(request, record, base, proposed)
            else:
                self._propose(request, record, base, proposed, notes)
        return response

    def get_form(self, request, obj=None, **kwargs):
        """Return a form class that is invalid if the public note of the request is
        invalid, or if nothing can be saved because of the open proposal.

        Otherwise the record form would be saved and the note, or the proposal, silently
        dropped.
        """
        form = super().get_form(request, obj, **kwargs)
        message = getattr(request, "form_refusal", "")
        note_form = getattr(request, "public_note_form", None)
        is_note_invalid = note_form and note_form.is_bound and not note_form.is_valid()
        if is_note_invalid and not message:
            message = _(
                "Your changes have not been saved. There is an error in "
                "the correction note. Correct it and save again."
            )
        if not message:
            return form

        class RefusedForm(form):
            def clean(self):
                self.add_error(None, message)
                return super().clean()

        return RefusedForm

    def get_public_note_languages(self, request) -> Sequence[str]:
        """Return the codes of the languages in which the user may write a public
        note."""
        return PUBLIC_NOTE_LANGUAGES

    def _get_record_to_propose(self, request, object_id) -> Publishable | None:
        """Return the record of the form if changes by this user need two-person
        approval.

        None means that the form is saved directly.
        """
        if object_id is None or not two_person_approval.requires_second_person(
            request.user
        ):
            return None
        try:
            return self.get_queryset(request).filter(pk=unquote(object_id)).first()
        except (ValueError, ValidationError):
            return None

    def _is_proposal_shown(self, request, record) -> bool:
        """Return whether the user opens the form and may view the record and its
        proposal."""
        return (
            request.method != "POST"
            and self.has_view_or_change_permission(request, record)
            and has_model_permission(request.user, "view", Proposal)
            and is_visible_kind(request.user, type(record))
        )

    def _get_submitted_pictures(self, request) -> set[int]:
        """Return the primary keys of all pictures that the submitted form refers to."""
        names = picture_fields(self.model)
        return {
            int(value)
            for name, value in request.POST.items()
            if name.rpartition("-")[2] in names and _PRIMARY_KEY.fullmatch(value)
        }

    def _take_snapshot(self, request, record) -> Snapshot | None:
        """Return a snapshot of the record as the form saved it; None if nothing was
        saved."""
        if not getattr(request, "is_form_saved", False):
            return None
        return take_snapshot(
            type(record).objects.get(pk=record.pk), record.child_relations
        )

    def _save_internal_fields(self, request, record, base, proposed) -> None:
        """Save changes that only staff see, which need no approval."""
        apply_snapshot_checked(record, proposed)
        record = type(record).objects.get(pk=record.pk)
        register_edit(record, by=request.user, at=timezone.now(), before=base)
        message = _(
            "Your change to “%(record)s” has been saved. It does not "
            "need approval, because only staff can see it."
        )
        messages.success(request, message % {"record": record})

    def _propose(self, request, record, base, proposed, public_note) -> None:
        """Create or update the proposal and report the result as a message."""
        proposal = review.propose(
            record,
            base=base,
            proposed=proposed,
            public_note=public_note,
            by=request.user,
            at=timezone.now(),
        )
        if proposal is None:
            message = _(
                "Nothing differs from the published version, so no approval is needed."
            )
            messages.info(request, message)
            return
        message = _(
            "Your change to “%(record)s” has been submitted for "
            "approval by another person. Until then, the public sees "
            "the current version."
        )
        messages.success(request, message % {"record": record})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.is_form_saved = True

    def response_change(self, request, obj):
        """Redirect after saving a proposal, without the success message for a saved
        record.

        “Save and continue editing” returns to the form.
        """
        if not getattr(request, "is_saving_proposal", False):
            return super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)


def get_stored_values(request, name: str) -> dict[int, dict] | None:
    """Return the stored values of the child rows of relation ``name``, by primary key.

    The form of a published record shows its rows with the open proposal applied, also
    rows that are not stored yet. Returns None for forms that show the stored rows.
    """
    snapshot: Snapshot | None = getattr(request, "stored_snapshot", None)
    if snapshot is None:
        return None
    return {row.pk: row.values for row in snapshot.parts[name]}


def _get_other_notes(
    open_proposal: Proposal | None, languages: Sequence[str]
) -> dict[str, str]:
    """Return the public notes of the open proposal in languages other than
    ``languages``."""
    notes = _get_note(open_proposal)
    return {code: text for code, text in notes.items() if code not in languages}


def _get_note(open_proposal: Proposal | None) -> dict[str, str]:
    return open_proposal.public_note if open_proposal else {}


def _redirect_to_proposal(
    request, open_proposal: Proposal, error: ConstraintViolationError
) -> HttpResponseRedirect:
    messages.warning(request, describe_violation(open_proposal.record, error))
    url = reverse("admin:publishing_proposal_change", args=[open_proposal.pk])
    return HttpResponseRedirect(url)


def _warn_about_violation(
    request, record: Publishable, error: ConstraintViolationError | None
) -> None:
    """Tell a user who opens the form that it does not show the open proposal."""
    if error is None or request.method == "POST":
        return
    message = _(
        "This page shows “%(record)s” without the proposed change, "
        "because the change cannot be applied: %(problem)s"
    )
    values = {"record": record.public_code, "problem": error}
    messages.warning(request, message % values)


def _describe_refusal(record: Publishable, error: ConstraintViolationError) -> str:
    return _(
        "Nothing was saved, because the proposed change to "
        "“%(record)s” cannot be applied: %(problem)s Discard that "
        "change, then save this form again."
    ) % {"record": record.public_code, "problem": error}


def _apply_open_proposal(
    record: Publishable, open_proposal: Proposal | None
) -> ConstraintViolationError | None:
    """Apply the open proposal to the record, with its last editor as ``updated_by``.

    Changes nothing if there is none. Returns the error if it violates a constraint.
    """
    if open_proposal is None:
        return None
    proposed = Snapshot.from_json(open_proposal.wanted)
    try:
        apply_snapshot(record, proposed, keep_temporary_keys=True)
    except ConstraintViolationError as error:
        return error
    entries = (
        Deed.objects.for_record(record)
        .filter(verb=AuditAction.PROPOSED)
        .select_related("by")
    )
    last_entry = entries.first()
    record.updated_at = open_proposal.proposed_at
    record.updated_by = last_entry.by if last_entry else open_proposal.proposed_by
    record.save(update_fields=["updated_at", "updated_by"])
    return None
