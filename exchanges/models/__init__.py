from exchanges.models.agenda import AgendaItem
from exchanges.models.agreed_actions import AgreedAction
from exchanges.models.coordination_requests import CoordinationRequest
from exchanges.models.mechanisms import Mechanism
from exchanges.models.meetings import Meeting

__all__ = [
    "AgendaItem",
    "AgreedAction",
    "CoordinationRequest",
    "Mechanism",
    "Meeting",
]
