"""Admin form of a delegation at an edition."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EditionDelegationForm(forms.ModelForm):
    """Form of a delegation; its code cannot be changed once it is stored.

    Loading the public record finds the delegation by its code and would add a second
    one under the code of the record. A code that only an open proposal has can be
    corrected: ``stored_codes`` has the stored codes by primary key, None if the form
    shows the stored rows.
    """

    stored_codes: dict[int, str] | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields.get("code")  # a translator's form has none
        if code and self._is_code_stored():
            code.disabled = True
            code.help_text = _(
                "You cannot change the code, because the public data files "
                "use it to identify this delegation."
            )

    def _is_code_stored(self) -> bool:
        if self.stored_codes is None:
            return bool(self.instance.code)
        return bool(self.stored_codes.get(self.instance.pk))
