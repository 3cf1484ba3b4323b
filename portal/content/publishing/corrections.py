"""Public correction notes of records."""

import datetime as dt
from dataclasses import dataclass

from portal.content.publishing.models import Publishable
from portal.core.languages import Language
from portal.core.translations.localized_text import LocalizedText, choose_localized_text


@dataclass(frozen=True)
class CorrectionNote:
    """Localized text of a correction and the time when it was published."""

    at: dt.datetime
    text: LocalizedText


def correction_notes(record: Publishable, language: Language) -> list[CorrectionNote]:
    """Return the correction notes of ``record``, latest first, localized for
    ``language``.

    Notes without text in any fallback language are left out.
    """
    texts = (
        (entry["at"], choose_localized_text(entry["texts"], language))
        for entry in record.corrections
    )
    return [
        CorrectionNote(dt.datetime.fromisoformat(at), text)
        for at, text in texts
        if text
    ]
