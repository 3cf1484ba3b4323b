"""Publishing steps for any record, and rows that belong to any record."""

import datetime as dt

from portal.content.publishing import operations
from portal.content.publishing.models import (
    Attachment,
    ErrorReport,
    EvidenceOnlyHost,
    Illustration,
    Proposal,
    Publishable,
    Redirect,
    Source,
)
from portal.content.review import operations as review
from portal.core.accounts.models import User
from portal.core.audit.snapshots import take_snapshot
from portal.core.files.models import Picture, StoredFile
from tests import reviewing
from tests.factories import files, made

# In the past, so that records published then are public whenever a test runs.
AT = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def actor(name="tests") -> User:
    """Return the system actor ``name``, an account that cannot sign in."""
    return User.objects.get_system_user(name)


def staff(username="sample.clerk", *, is_superuser=False, permissions=()) -> User:
    """Create a staff user who reads the interface in English.

    ``permissions`` are rows of ``auth.Permission``.
    """
    user = User.objects.create_user(
        username,
        password="sample-password",
        is_staff=True,
        is_superuser=is_superuser,
        interface_language="en",
    )
    user.user_permissions.set(permissions)
    return user


def in_review(record: Publishable, *, at=AT, by=None) -> Publishable:
    operations.submit(record, by=by or actor(), at=at)
    return record


def published(record: Publishable, *, at=AT, by=None) -> Publishable:
    by = by or actor()
    operations.submit(record, by=by, at=at)
    reviewing.approve(record, by=by, at=at)
    return record


def republished(record: Publishable, *, at=AT, by=None) -> Publishable:
    """Register an edit of a record; its audit entries show no change."""
    snapshot = take_snapshot(record, record.child_relations)
    operations.register_edit(record, by=by or actor(), at=at, before=snapshot)
    return record


def proposal(
    record: Publishable, *, at=AT, by=None, remark="A sample remark that waits."
) -> Proposal:
    """Propose a change of the English remark of a published record."""
    base, proposed = (take_snapshot(record, record.child_relations) for _ in range(2))
    proposed.values["remark_en"] = remark
    return review.propose(
        record, base=base, proposed=proposed, public_note={}, by=by or actor(), at=at
    )


def scheduled(record: Publishable, publish_at: dt.datetime, *, at=AT, by=None):
    """Approve a record for publication at ``publish_at``, a time later than ``at``."""
    by = by or actor()
    record.publish_at = publish_at
    record.save()
    operations.submit(record, by=by, at=at)
    reviewing.approve(record, by=by, at=at)
    return record


def withdrawn(record: Publishable, *, at=AT, by=None) -> Publishable:
    by = by or actor()
    published(record, at=at, by=by)
    reviewing.withdraw(record, by=by, at=at)
    return record


def source(record: Publishable, url="https://example.org/report", **values) -> Source:
    return made(
        Source, record=record, **{"url": url, "host": Source.parse_host(url), **values}
    )


def evidence_only_host(host="copies.example", **values) -> EvidenceOnlyHost:
    return made(EvidenceOnlyHost, **{"host": host, "reason": "A copy.", **values})


def attachment(record: Publishable, file: StoredFile | None = None, **values):
    file = file or files.stored_file()
    return made(Attachment, record=record, file=file, **{"language": "en", **values})


def illustration(record: Publishable, picture: Picture | None = None, **values):
    picture = picture or files.picture()
    return made(Illustration, record=record, picture=picture, **values)


def redirect(old_path="/ywb/old.shtml", new_path="/en/", **values) -> Redirect:
    return made(Redirect, old_path=old_path, new_path=new_path, **values)


def error_report(text="A sample date is wrong.", **values) -> ErrorReport:
    defaults = {"language": "en", "received_at": AT}
    return made(ErrorReport, text=text, **{**defaults, **values})
