"""What Django says at the desk and its Chinese catalogue lacks, for our own.

``makemessages`` finds the words here. What visitors read too stands in
``portal.translations.framework``.
"""

from django.utils.translation import gettext_noop

# Headings of the lists of models, which only screen readers read.
ADMIN = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)
