from portal.content.editing.duplicate_warning import DuplicateWarningForm
from portal.content.editing.forms import RecordForm
from portal.reference.directory.organ_search import ORGAN_NAME_FIELDS


class OrganForm(DuplicateWarningForm, RecordForm):
    """Form of an organ, with a warning about organs of the same name and country."""

    name_columns = ORGAN_NAME_FIELDS
