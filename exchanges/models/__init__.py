from exchanges.models.actions import AgreedAction
from exchanges.models.agenda import AgendaItem
from exchanges.models.mechanisms import Mechanism
from exchanges.models.meetings import Meeting
from exchanges.models.requests import CoordinationRequest
from exchanges.models.rhythm import next_due, next_planned

__all__ = [
    "AgendaItem",
    "AgreedAction",
    "CoordinationRequest",
    "Mechanism",
    "Meeting",
    "next_due",
    "next_planned",
]
