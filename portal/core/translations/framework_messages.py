"""Messages of Django and DRF that visitors see, for the portal's own catalogues.

The frameworks' translations are largely missing in Khmer, Burmese, Lao and Filipino.
``makemessages`` extracts the messages from this module, and the portal's catalogues
take precedence over those of the frameworks. Messages that only staff see are not
listed: staff use Chinese or English, which the frameworks have.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Errors of public forms.
FORM_MESSAGES = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid value."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Null characters are not allowed."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has"
        " %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has"
        " %(show_value)d).",
        "limit_value",
    ),
)
# Problems of the API.
API_MESSAGES = (
    gettext_noop("A server error occurred."),
    gettext_noop("You do not have permission to perform this action."),
    gettext_noop('Method "{method}" not allowed.'),
    gettext_noop("Could not satisfy the request Accept header."),
    gettext_noop("Request was throttled."),
    ngettext_lazy(
        "Expected available in {wait} second.", "Expected available in {wait} seconds."
    ),
)
