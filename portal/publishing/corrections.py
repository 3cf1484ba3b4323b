"""Correction notes of public records, as readers see them."""

import datetime as dt
from dataclasses import dataclass

from portal.languages import Language
from portal.publishing.models import Publishable
from portal.translations.shown import Shown, choose


@dataclass(frozen=True)
class CorrectionNote:
    """What was corrected in a record, and when."""

    at: dt.datetime
    text: Shown


def correction_notes(record: Publishable, language: Language) -> list[CorrectionNote]:
    """The notes of ``record`` that a reader of ``language`` can read, latest first."""
    texts = (
        (entry["at"], choose(entry["texts"], language)) for entry in record.corrections
    )
    return [
        CorrectionNote(dt.datetime.fromisoformat(at), text)
        for at, text in texts
        if text
    ]
