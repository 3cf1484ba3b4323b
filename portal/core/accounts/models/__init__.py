from portal.core.accounts.models.agencies import Agency, AgencyKey
from portal.core.accounts.models.form_submissions import FormSubmission
from portal.core.accounts.models.invitations import Invitation
from portal.core.accounts.models.sign_ins import SignIn
from portal.core.accounts.models.users import User
from portal.core.accounts.models.work_mail_states import WorkMailState

__all__ = [
    "Agency",
    "AgencyKey",
    "FormSubmission",
    "Invitation",
    "SignIn",
    "User",
    "WorkMailState",
]
