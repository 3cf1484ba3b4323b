from portal.directory.finding import ORGAN_NAMES
from portal.publishing.forms import RecordForm
from portal.publishing.lookalikes import LookalikeForm


class OrganForm(LookalikeForm, RecordForm):
    """An organ; who enters one is told of those with the same name in the country."""

    name_columns = ORGAN_NAMES
