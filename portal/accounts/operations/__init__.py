"""What is done to accounts, and to the keys of agencies."""

from portal.accounts.operations.factors import (
    complete_enrolment,
    lock_factors,
    reset_second_factor,
    seal_second_factors,
)
from portal.accounts.operations.form_submissions import (
    claim_token,
    complete_claim,
    prune_form_submissions,
    release_claim,
)
from portal.accounts.operations.invitations import (
    accept,
    create_enrolment_link,
    invite,
    use_enrolment_link,
)
from portal.accounts.operations.keys import make_key, record_key_use, revoke_key
from portal.accounts.operations.people import (
    choose_language,
    end_sessions,
    sign_out_everywhere,
)
from portal.accounts.operations.sign_ins import prune_sign_ins, record_sign_in

__all__ = [
    "accept",
    "choose_language",
    "claim_token",
    "complete_claim",
    "complete_enrolment",
    "create_enrolment_link",
    "end_sessions",
    "invite",
    "lock_factors",
    "make_key",
    "prune_form_submissions",
    "prune_sign_ins",
    "record_key_use",
    "record_sign_in",
    "release_claim",
    "reset_second_factor",
    "revoke_key",
    "seal_second_factors",
    "sign_out_everywhere",
    "use_enrolment_link",
]
