"""The verbs of a change to a published record: proposed, accepted, returned, discarded.

While it waits the public keeps the old version. Decisions take the ``version`` of the
change and its record that the person was shown, as those of
``portal.publishing.operations`` do.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.history import operations as history
from portal.history.choices import Verb
from portal.history.comparing import RowChange, differences
from portal.history.deeds import of_change, tell
from portal.history.snapshots import Snapshot, snapshot
from portal.publishing import operations as publishing
from portal.publishing.models import Proposal, Publishable
from portal.publishing.operations import WrongState
from portal.publishing.review import four_eyes, new_names, versions
from portal.publishing.review.choices import OPEN_STATES, ProposalState
from portal.publishing.review.putting import put_checked, with_new_keys
from portal.publishing.review.uses import (
    lock_pictures,
    pictures_in,
    writers_of_new_pictures,
)
from portal.publishing.review.versions import Content, ReviewedVersion


class Stale(ValueError):
    """The record is not what it was when the change was proposed."""


def open_proposal(record: Publishable) -> Proposal | None:
    """The change of ``record`` that nobody has decided, None when there is none."""
    return Proposal.objects.about(record).open().first()


@transaction.atomic
def propose(
    record: Publishable,
    *,
    base: Snapshot,
    wanted: Snapshot,
    public_note: dict[str, str],
    by,
    at: dt.datetime,
) -> Proposal | None:
    """Let ``wanted`` wait for approval in place of what the record says (``base``).

    A record has one open change: saying it again changes that one, which stays its
    author's; whoever says it has contributed to it, and the history tells what is new
    since it was said last. ``public_note`` is what the page will tell of the
    correction, by language code. Returns None when nothing is to change; an open
    change is then discarded. A caller that has locked the record has locked the
    pictures that are new in ``wanted`` before it.
    """
    _lock_new_pictures(record, base, wanted)
    _hold_published(record)
    waiting = Proposal.objects.about(record).open().select_for_update().first()
    earlier = Snapshot.from_json(waiting.wanted) if waiting else base
    wanted = with_new_keys(wanted, base, earlier)
    if not differences(type(record), base, wanted, record.pk) and not public_note:
        if waiting:
            _discard(waiting, record, by=by, at=at, reason="")
        return None
    changes = differences(type(record), earlier, wanted, record.pk)
    if waiting and not changes and _says(waiting, base, public_note):
        return waiting
    proposal = waiting or Proposal(record=record, proposed_by=by)
    proposal.state = ProposalState.WAITING
    proposal.base, proposal.wanted = base.as_json(), wanted.as_json()
    proposal.public_note, proposal.proposed_at = public_note, at
    proposal.save()
    for person in (by, *writers_of_new_pictures(record, wanted)):
        four_eyes.note_contribution(record, by=person)
    _tell(record, changes, by=by, at=at)
    return proposal


def _lock_new_pictures(record: Publishable, base: Snapshot, wanted: Snapshot) -> None:
    """Lock the pictures that neither the record nor its open change names yet.

    The texts of all others are not edited while the record and the change name them.
    """
    model, waiting = type(record), open_proposal(record)
    known = pictures_in(model, base)
    if waiting:
        known |= pictures_in(model, Snapshot.from_json(waiting.wanted))
    if new := pictures_in(model, wanted) - known:
        lock_pictures(new)


def _tell(record: Publishable, changes: list[RowChange], *, by, at: dt.datetime):
    told = [of_change(record, one, Verb.PROPOSED) for one in changes]
    history.append_many(told or [tell(record, Verb.PROPOSED)], by=by, at=at)


def _hold_published(record: Publishable) -> None:
    publishing.hold(record)
    if not record.is_published:
        raise WrongState(
            _("“%(record)s” is not published: change it in its form.")
            % {"record": record.public_code}
        )


def _says(proposal: Proposal, base: Snapshot, public_note: dict[str, str]) -> bool:
    """Whether a change waits already that was begun from ``base``, with this note."""
    return (
        proposal.state == ProposalState.WAITING
        and proposal.base == base.as_json()
        and proposal.public_note == public_note
    )


@transaction.atomic
def accept(
    proposal: Proposal, *, by, at: dt.datetime, version: ReviewedVersion | None
) -> None:
    """Put the change into the record and bring its public face up to date.

    Raises WrongState when it was decided before, NeedsAnother when ``by`` had a hand in
    it or wrote a name that becomes public with it, Stale when the record is another by
    now, or names what is gone.
    """
    record, content = _lock_reviewed(proposal, (ProposalState.WAITING,), version, by=by)
    four_eyes.require_another(record, by=by)
    if content:
        new_names.require_other_author(content, by=by, at=at)
    wanted = Snapshot.from_json(proposal.wanted)
    before = snapshot(record, record.parts)
    if before.as_json() != proposal.base:
        raise Stale(
            _(
                "“%(record)s” was changed since this change was proposed. Open its "
                "form and save the change again."
            )
            % {"record": record.public_code}
        )
    try:
        put_checked(record, wanted)
    except IntegrityError as problem:
        raise Stale(
            _(
                "Something that this change of “%(record)s” names is gone. Open its "
                "form, correct it and save it again."
            )
            % {"record": record.public_code}
        ) from problem
    record = type(record).objects.get(pk=record.pk)
    history.append(record, verb=Verb.ACCEPTED, by=by, at=at)
    _decide(proposal, ProposalState.ACCEPTED, by=by, at=at)
    publishing.accept(
        record, by=by, at=at, before=before, correction=proposal.public_note
    )


@transaction.atomic
def return_to_author(
    proposal: Proposal,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str,
) -> None:
    """Give a change that waits back to its author, who is told the reason."""
    record, _content = _lock_reviewed(
        proposal, (ProposalState.WAITING,), version, by=by
    )
    _decide(proposal, ProposalState.RETURNED, by=by, at=at, reason=reason)
    history.append(record, verb=Verb.RETURNED, by=by, at=at, note=reason)


@transaction.atomic
def discard(
    proposal: Proposal,
    *,
    by,
    at: dt.datetime,
    version: ReviewedVersion | None,
    reason: str,
) -> None:
    """Take a change back that nobody has accepted; the record stays as it is."""
    record, _content = _lock_reviewed(proposal, OPEN_STATES, version, by=by)
    _discard(proposal, record, by=by, at=at, reason=reason)


def _discard(
    proposal: Proposal, record: Publishable, *, by, at: dt.datetime, reason: str
) -> None:
    _decide(proposal, ProposalState.DISCARDED, by=by, at=at, reason=reason)
    if record.is_published:
        four_eyes.forget_contributions(record)
    history.append(record, verb=Verb.DISCARDED, by=by, at=at, note=reason)


def _lock_reviewed(
    proposal: Proposal,
    allowed: Sequence[ProposalState],
    version: ReviewedVersion | None,
    *,
    by,
) -> tuple[Publishable, Content | None]:
    """The record of ``proposal``, both locked and compared with what was shown, and
    their content; None for an actor of the portal, which decides without one."""
    record = proposal.content_type.get_object_for_this_type(pk=proposal.object_id)
    locked_rows = versions.lock_related(record, proposal) if version else None
    publishing.hold(record)
    locked = models.QuerySet(Proposal).select_for_update(of=("self",))
    proposal.refresh_from_db(from_queryset=locked)
    if proposal.state not in allowed:
        raise WrongState(
            _("This change of “%(record)s” is %(state)s already.")
            % {
                "record": record.public_code,
                "state": ProposalState(proposal.state).label,
            }
        )
    content = versions.require_version(
        record, version, by=by, locked=locked_rows, proposal=proposal
    )
    return record, content


def _decide(
    proposal: Proposal, state: ProposalState, *, by, at: dt.datetime, reason: str = ""
) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save()
