"""Django admin messages with a Chinese text of the portal's own.

Django's catalogue does not translate some of them; others it translates word by word,
or with other terms than docs/glossary.csv. They are listed here so that
``makemessages`` adds them to the portal's catalogue, which takes precedence.
Messages that visitors see too are in ``portal.core.translations.framework``.
"""

from django.utils.translation import gettext_noop

# Column headings in the lists of models, for screen readers only.
ADMIN_MESSAGES = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    # Headings and links.
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Select %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Add another %(model)s"),
    gettext_noop("Delete selected %(model)s"),
    gettext_noop("Save and add another"),
    gettext_noop("View site"),
    gettext_noop("View on site"),
    gettext_noop("Breadcrumbs"),
    gettext_noop("Start typing to filter…"),
    gettext_noop(" By %(filter_title)s "),
    # What was done.
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("You may edit it again below."),
    gettext_noop(
        "The {name} “{obj}” was added successfully. You may add another {name} below."
    ),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop(
        "The {name} “{obj}” was changed successfully. You may edit it again below."
    ),
    gettext_noop(
        "The {name} “{obj}” was changed successfully. You may add another {name} below."
    ),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
)
