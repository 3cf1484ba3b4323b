"""What Django and the REST framework say to visitors, for our own catalogues.

Their catalogues are largely empty in Khmer, Burmese, Lao and Filipino. ``makemessages``
finds the sentences here, and ours come before theirs. Staff work in Chinese or English,
which the framework has, so what only staff meet is not repeated.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Public forms.
FORMS = (
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
API = (
    gettext_noop("A server error occurred."),
    gettext_noop("You do not have permission to perform this action."),
    gettext_noop('Method "{method}" not allowed.'),
    gettext_noop("Could not satisfy the request Accept header."),
    gettext_noop("Request was throttled."),
    ngettext_lazy(
        "Expected available in {wait} second.", "Expected available in {wait} seconds."
    ),
)
