"""Names of accounts in the audit log."""

from portal.core.accounts.models import User
from portal.core.audit.past_names import NameFormat, register_name_format


@register_name_format(User)
def _get_user_name_format(model: type[User]) -> NameFormat:
    return NameFormat(("username",), str)
