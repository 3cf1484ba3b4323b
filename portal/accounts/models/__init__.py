from portal.accounts.models.agencies import Agency, AgencyKey
from portal.accounts.models.form_submissions import FormSubmission
from portal.accounts.models.invitations import Invitation
from portal.accounts.models.people import User
from portal.accounts.models.sign_ins import SignIn

__all__ = ["Agency", "AgencyKey", "FormSubmission", "Invitation", "SignIn", "User"]
