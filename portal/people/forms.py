"""What is asked when a person is entered, and before one is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.publishing.lookalikes import LookalikeForm
from portal.publishing.review.forms import ReasonForm


class PersonForm(LookalikeForm):
    """A person; who enters one is told of those with the same name in the country."""

    name_columns = ("name_latin", "name_own")


class ErasureForm(ReasonForm):
    """Why somebody is erased; asked on the page that names whom it will hit."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Write no name: the reason stays in the history for good. Names, rank, "
            "organ and offices go and cannot be brought back. Participation, training "
            "records and certificate numbers stay, without a name."
        ),
    )
