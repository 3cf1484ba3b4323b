"""Operations on staff accounts, one-time links, second factors and agency API keys."""

from portal.core.accounts.operations.agency_keys import (
    create_agency_key,
    record_key_use,
    revoke_agency_key,
)
from portal.core.accounts.operations.form_submissions import (
    claim_token,
    complete_claim,
    prune_form_submissions,
    release_claim,
)
from portal.core.accounts.operations.invitations import (
    accept_invitation,
    create_enrolment_link,
    create_invitation,
    use_enrolment_link,
)
from portal.core.accounts.operations.second_factors import (
    complete_enrolment,
    lock_factors,
    reencrypt_second_factor_secrets,
    reset_second_factor,
)
from portal.core.accounts.operations.sign_ins import prune_sign_ins, record_sign_in
from portal.core.accounts.operations.users import (
    end_sessions,
    set_interface_language,
    set_mail_frequency,
    sign_out_everywhere,
)

__all__ = [
    "accept_invitation",
    "claim_token",
    "complete_claim",
    "complete_enrolment",
    "create_agency_key",
    "create_enrolment_link",
    "create_invitation",
    "end_sessions",
    "lock_factors",
    "prune_form_submissions",
    "prune_sign_ins",
    "record_key_use",
    "record_sign_in",
    "reencrypt_second_factor_secrets",
    "release_claim",
    "reset_second_factor",
    "revoke_agency_key",
    "set_interface_language",
    "set_mail_frequency",
    "sign_out_everywhere",
    "use_enrolment_link",
]
