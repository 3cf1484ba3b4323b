import datetime as dt

from portal.content.publishing.choices import Scope
from seminars.models import (
    Certificate,
    Material,
    Participant,
    Seminar,
    Session,
    TrainingRecord,
)
from tests.factories import files, made, numbered, people


def seminar(code=None, **values) -> Seminar:
    code = code or f"SEM-{numbered(Seminar):04}"
    if "title_zh_hans" not in values:
        values.setdefault("title_en", f"Sample seminar {code}")
    return made(Seminar, **{"code": code, "scope": Scope.PROSECUTORS, **values})


def session(of: Seminar | None = None, **values) -> Session:
    return made(
        Session, seminar=of or seminar(), **{"title_en": "Sample lecture", **values}
    )


def material(of: Seminar | None = None, **values) -> Material:
    """Create a material; only staff can see it unless ``is_public`` is set."""
    if "file" not in values:
        values["file"] = files.stored_file()
    defaults = {"title_en": "Sample slides", "language": "en"}
    return made(Material, seminar=of or seminar(), **{**defaults, **values})


def participant(of: Seminar | None = None, **values) -> Participant:
    if "person" not in values:
        values["person"] = people.person()
    return made(Participant, seminar=of or seminar(), **values)


def training_record(of: Participant | None = None, **values) -> TrainingRecord:
    return made(TrainingRecord, participant=of or participant(), **values)


def certificate(of: TrainingRecord | None = None, **values) -> Certificate:
    defaults = {
        "number": f"CERT-2024-{numbered(Certificate):04}",
        "issued_on": dt.date(2024, 5, 6),
    }
    return made(
        Certificate, training_record=of or training_record(), **{**defaults, **values}
    )
