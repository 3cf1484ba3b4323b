from delegations.models.members import Member
from delegations.models.stops import Stop
from delegations.models.visits import Visit

__all__ = ["Member", "Stop", "Visit"]
