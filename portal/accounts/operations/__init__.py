"""What is done to accounts, and to the keys of agencies."""

from portal.accounts.operations.factors import (
    reset_second_factor,
    seal_second_factors,
)
from portal.accounts.operations.form_submissions import (
    claim_token,
    complete_claim,
    prune_form_submissions,
    release_claim,
)
from portal.accounts.operations.invitations import accept, invite
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
    "end_sessions",
    "invite",
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
]
