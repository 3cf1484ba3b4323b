"""Forms for entering a person and for erasing one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.content.editing.duplicate_warning import DuplicateWarningForm
from portal.content.review.forms import ReasonForm


class PersonForm(DuplicateWarningForm):
    """Form of a person, with a warning about people of the same name and country."""

    name_columns = ("name_latin", "name_own")


class ErasureForm(ReasonForm):
    """Reason for erasing people; the page lists the people who will be erased."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Do not include a name, because the reason is kept "
            "permanently in the audit log. The name, rank, "
            "organisation and positions are deleted and cannot be "
            "restored. Participation, training records and certificate "
            "numbers are kept without a name."
        ),
    )
