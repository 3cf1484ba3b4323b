from portal.accounts.models.agencies import Agency, AgencyKey
from portal.accounts.models.people import User

__all__ = ["Agency", "AgencyKey", "User"]
