"""Admin form of a delegation at an edition."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EditionDelegationForm(forms.ModelForm):
    """Form of a delegation; its code cannot be changed once it is stored.

    Loading the public record finds the delegation by its code and would add a second
    one under the code of the record.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields.get("code")  # a translator's form has none
        if code and self.instance.code:
            code.disabled = True
            code.help_text = _(
                "You cannot change the code. The public record uses it to find this "
                "delegation."
            )
