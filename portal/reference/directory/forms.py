from django.utils.translation import gettext_lazy as _

from portal.content.editing.duplicate_warning import DuplicateWarningForm
from portal.content.editing.forms import RecordForm
from portal.reference.directory.organ_search import ORGAN_NAME_FIELDS
from portal.reference.directory.renaming.forms import NameForm


class OrganForm(DuplicateWarningForm, RecordForm):
    """Form of an organ, with a warning about organs of the same name and country."""

    name_columns = ORGAN_NAME_FIELDS


class NamedPartyForm(NameForm):
    """Form of a named party, whose name and country are its key."""

    class Meta:
        help_texts = {
            "name": _(
                "Enter the name as given in the source. You cannot change "
                "the name or the country later, because spreadsheets and "
                "the public data files use them to identify the "
                "organisation. To change the name that visitors see, "
                "change the public name."
            )
        }
