from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin

from portal.accounts.admin.agencies import AgencyAdmin, AgencyKeyAdmin
from portal.accounts.admin.people import UserAdmin
from portal.accounts.admin.sign_ins import SignInAdmin

# Secrets of second factors, and sessions, are edited by nobody; addresses are ours.
admin.site.unregister([EmailAddress, Authenticator, UserSession])

__all__ = ["AgencyAdmin", "AgencyKeyAdmin", "SignInAdmin", "UserAdmin"]
