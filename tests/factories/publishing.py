"""What is done to any record, through the operations, and what hangs on one."""

import datetime as dt

from portal.accounts.models import User
from portal.files.models import Picture, StoredFile
from portal.history.snapshots import snapshot
from portal.publishing import operations
from portal.publishing.models import (
    Attachment,
    ErrorReport,
    EvidenceOnlyHost,
    Illustration,
    Proposal,
    Publishable,
    Redirect,
    Source,
)
from portal.publishing.review import operations as review
from tests import reviewing
from tests.factories import files, made

# Long past, so that what was published then is public whenever a test runs.
AT = dt.datetime(2024, 5, 6, 8, 0, tzinfo=dt.UTC)


def actor(name="tests") -> User:
    """A system actor; nobody signs in as it."""
    return User.objects.actor(name)


def staff(username="sample.clerk", *, is_superuser=False, permissions=()) -> User:
    """A member of staff with these permissions (rows of ``auth.Permission``), who
    reads English."""
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
    """Saved once more; the history is told nothing new."""
    same = snapshot(record, record.parts)
    operations.republish(record, by=by or actor(), at=at, before=same)
    return record


def proposal(
    record: Publishable, *, at=AT, by=None, remark="A sample remark that waits."
) -> Proposal:
    """A change of the English remark of a published record, which waits."""
    base, wanted = (snapshot(record, record.parts) for _ in range(2))
    wanted.values["remark_en"] = remark
    return review.propose(
        record, base=base, wanted=wanted, public_note={}, by=by or actor(), at=at
    )


def scheduled(record: Publishable, publish_at: dt.datetime, *, at=AT, by=None):
    """Approved with a set time after ``at``: not public before ``publish_due``."""
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
        Source, record=record, **{"url": url, "host": Source.host_of(url), **values}
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
