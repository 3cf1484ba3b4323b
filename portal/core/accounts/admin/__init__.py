from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin

from portal.core.accounts.admin.agencies import AgencyAdmin, AgencyKeyAdmin
from portal.core.accounts.admin.sign_ins import SignInAdmin
from portal.core.accounts.admin.users import UserAdmin

# Second-factor secrets and sessions must not be edited, and e-mail addresses are stored
# in the User model.
admin.site.unregister([EmailAddress, Authenticator, UserSession])

__all__ = ["AgencyAdmin", "AgencyKeyAdmin", "SignInAdmin", "UserAdmin"]
