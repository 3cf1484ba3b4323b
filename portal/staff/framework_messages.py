"""Django admin messages that Django's Chinese catalogue does not translate.

They are listed here so that ``makemessages`` adds them to the portal's catalogue.
Messages that visitors see too are in ``portal.core.translations.framework``.
"""

from django.utils.translation import gettext_noop

# Column headings in the lists of models, for screen readers only.
ADMIN_MESSAGES = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)
