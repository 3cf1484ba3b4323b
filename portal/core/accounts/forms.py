"""Admin forms for staff accounts and agency API keys."""

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.language_widgets import LanguageCheckboxSelectMultiple
from portal.core.accounts.models import User
from portal.core.languages import LANGUAGES


class StaffUserChangeForm(UserChangeForm):
    """Form to change a staff account, with checkboxes for translation languages."""

    password = None
    translates = forms.MultipleChoiceField(
        label=_("Translation languages"),
        choices=[(language.code, language.native_name) for language in LANGUAGES],
        widget=LanguageCheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Languages that a translator can edit. Leave blank for other roles."
        ),
    )


class StaffUserCreationForm(forms.ModelForm):
    """Form to add a staff account.

    The account has no usable password until the user chooses one with an invitation
    link.
    """

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "interface_language")

    def save(self, commit=True):
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class AgencyKeyForm(forms.ModelForm):
    """Form to create an agency API key, whose expiry date must be in the future."""

    def clean_expiry_date(self):
        expiry_date = self.cleaned_data["expiry_date"]
        if expiry_date <= timezone.now():
            raise ValidationError(gettext("Enter a date and time in the future."))
        return expiry_date
