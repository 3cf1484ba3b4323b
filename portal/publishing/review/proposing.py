"""The form of a published record, whose changes wait for another person's approval."""

import re
from collections.abc import Sequence

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history.choices import Verb
from portal.history.models import Deed
from portal.history.snapshots import Snapshot, snapshot
from portal.publishing.models import Proposal, Publishable
from portal.publishing.review import four_eyes
from portal.publishing.review import operations as review
from portal.publishing.review.forms import NOTE_LANGUAGES, PublicNoteForm
from portal.publishing.review.putting import put, undone
from portal.publishing.review.uses import lock_pictures, picture_fields

_KEY = re.compile("[0-9]{1,18}")


class ProposingAdmin(admin.ModelAdmin):
    """Saves the form of a published record as a change that waits.

    The form is shown and saved as ever, with the waiting change in it, in a transaction
    that is then undone: what it would have written is the change. So inlines, relations
    and files need no rule of their own.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        arguments = (object_id, form_url, extra_context)
        found = self._found(request, object_id)
        is_saving = request.method == "POST"
        if found is None or not (is_saving or found.is_published):
            return super().changeform_view(request, *arguments)
        if not is_saving:
            return self._changeform_of_published(request, found, *arguments)
        with transaction.atomic():
            # Locked until the change is saved: of two forms sent at the same time, the
            # second one is compared with the change that the first one has proposed.
            # The pictures before the record, as everywhere.
            if pictures := self._pictures_sent(request):
                lock_pictures(pictures)
            locked = models.QuerySet(self.model).select_for_update(no_key=True)
            record = locked.filter(pk=found.pk).first()
            if record is None or not record.is_published:
                return super().changeform_view(request, *arguments)
            return self._changeform_of_published(request, record, *arguments)

    def _changeform_of_published(
        self, request, record, object_id, form_url, extra_context
    ):
        """Display the form of ``record``, or save it; then its row is locked."""
        languages = self.note_languages(request)
        note = PublicNoteForm(request.POST or None, languages=languages)
        with undone():
            base = snapshot(record, record.parts)
            waiting = review.open_proposal(record)
            if waiting:
                _show(record, waiting)
                note.initial = waiting.public_note
            request.is_proposing, request.public_note = True, note
            context = {"public_note": note, "waiting": waiting, **(extra_context or {})}
            response = super().changeform_view(request, object_id, form_url, context)
            if isinstance(response, TemplateResponse):
                response.render()
            wanted = self._wanted(request, record)
        if wanted is not None:
            kept = _kept_notes(waiting, languages)
            self._propose(request, record, base, wanted, {**kept, **note.notes()})
        return response

    def get_form(self, request, obj=None, **kwargs):
        """A note that cannot be taken stops the whole form: nothing goes unsaved
        unseen."""
        form = super().get_form(request, obj, **kwargs)
        note = getattr(request, "public_note", None)
        if note is None or not note.is_bound or note.is_valid():
            return form
        problem = _("Correct the note for the page; nothing was saved.")

        class RefusedForm(form):
            def clean(self):
                self.add_error(None, problem)
                return super().clean()

        return RefusedForm

    def note_languages(self, request) -> Sequence[str]:
        """The codes of the languages in which the person may write a public note."""
        return NOTE_LANGUAGES

    def _found(self, request, object_id) -> Publishable | None:
        """The record of the form, if this person has to propose changes to it while it
        is published."""
        if object_id is None or not four_eyes.applies_to(request.user):
            return None
        try:
            return self.get_queryset(request).filter(pk=unquote(object_id)).first()
        except (ValueError, ValidationError):
            return None

    def _pictures_sent(self, request) -> set[int]:
        """The keys of all pictures that the form, as it was sent, names."""
        names = picture_fields(self.model)
        return {
            int(value)
            for name, value in request.POST.items()
            if name.rpartition("-")[2] in names and _KEY.fullmatch(value)
        }

    def _wanted(self, request, record) -> Snapshot | None:
        """What the form would have written; None where nothing was saved."""
        if not getattr(request, "is_saved", False):
            return None
        return snapshot(type(record).objects.get(pk=record.pk), record.parts)

    def _propose(self, request, record, base, wanted, public_note) -> None:
        proposal = review.propose(
            record,
            base=base,
            wanted=wanted,
            public_note=public_note,
            by=request.user,
            at=timezone.now(),
        )
        if proposal is None:
            told = _("Nothing is different from what is published: nothing waits.")
            messages.info(request, told)
            return
        told = _(
            "Your change of “%(record)s” waits for approval by another person. Until "
            "then the public sees the old version."
        )
        messages.success(request, told % {"record": record})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.is_saved = True

    def response_change(self, request, obj):
        """Stay at the record where its form said so; nothing is said of a success that
        is none yet."""
        if not getattr(request, "is_proposing", False):
            return super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)


def _kept_notes(waiting: Proposal | None, languages: Sequence[str]) -> dict[str, str]:
    """What colleagues wrote of the change in other languages than ``languages``."""
    written = waiting.public_note if waiting else {}
    return {code: text for code, text in written.items() if code not in languages}


def _show(record: Publishable, waiting: Proposal) -> None:
    """Put the waiting change into the record, signed as whoever saved it last."""
    put(record, Snapshot.from_json(waiting.wanted), keeps_new_keys=True)
    said = Deed.objects.about(record).filter(verb=Verb.PROPOSED).select_related("by")
    last = said.first()
    record.updated_at = waiting.proposed_at
    record.updated_by = last.by if last else waiting.proposed_by
    record.save(update_fields=["updated_at", "updated_by"])
