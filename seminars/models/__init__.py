from seminars.models.materials import Material
from seminars.models.seminars import Seminar
from seminars.models.sessions import Session
from seminars.models.training import Certificate, Participant, TrainingRecord

__all__ = [
    "Certificate",
    "Material",
    "Participant",
    "Seminar",
    "Session",
    "TrainingRecord",
]
