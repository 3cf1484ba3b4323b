from portal.accounts.admin.agencies import AgencyAdmin, AgencyKeyAdmin
from portal.accounts.admin.people import UserAdmin

__all__ = ["AgencyAdmin", "AgencyKeyAdmin", "UserAdmin"]
