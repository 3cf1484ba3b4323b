"""Ends of the chain that are stored outside the database, as JSON."""

import datetime as dt
import json
import re
from dataclasses import dataclass

from portal.core.audit.models import Deed

# The greatest number that the column of positions can contain.
_MAX_POSITION = 2**63 - 1
# The end of an empty log has no hash.
_HASH = re.compile("([0-9a-f]{64})?")
# Length of a time in ISO 8601, with room to spare.
_MAX_TIME_LENGTH = 40


class InvalidStoredHeadError(ValueError):
    """A text is not the end of a chain that was exported."""


@dataclass(frozen=True)
class StoredHead:
    """Position and hash of the last entry, and the time of the export as ISO 8601."""

    position: int
    hash: str
    exported_at: str

    def to_json(self) -> str:
        """Return the head as one line of JSON."""
        values = {
            "position": self.position,
            "hash": self.hash,
            "exported_at": self.exported_at,
        }
        return json.dumps(values) + "\n"

    def is_in_chain(self) -> bool:
        """Return whether the audit log has this hash at this position."""
        if not self.position:
            return True
        return Deed.objects.filter(position=self.position, hash=self.hash).exists()


def build_stored_head(position: int, hash_: str, *, at: dt.datetime) -> StoredHead:
    """Return the end of the chain at the time ``at``, for an export."""
    return StoredHead(position, hash_, at.isoformat(timespec="seconds"))


def parse_stored_head(text: str) -> StoredHead:
    """Parse an exported head; raises InvalidStoredHeadError for any other text."""
    try:
        data = json.loads(text)
        exported_at = str(data.get("exported_at", "an unknown day"))
        head = StoredHead(int(data["position"]), str(data["hash"]), exported_at)
    except (
        *(ValueError, KeyError, TypeError, AttributeError, OverflowError),
        RecursionError,  # Brackets in brackets.
    ) as error:
        raise InvalidStoredHeadError(repr(error)) from error
    if not 0 <= head.position <= _MAX_POSITION:
        message = f"{head.position} is no position"
        raise InvalidStoredHeadError(message)
    if not _HASH.fullmatch(head.hash) or len(head.exported_at) > _MAX_TIME_LENGTH:
        message = "the hash or the time is not that of an export"
        raise InvalidStoredHeadError(message)
    return head
