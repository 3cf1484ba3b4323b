"""The forms of accounts in the admin."""

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.language_boxes import LanguageBoxes
from portal.accounts.models import User
from portal.languages import LANGUAGES


class PersonForm(UserChangeForm):
    """A person's account; the languages of a translator are ticked."""

    password = None
    translates = forms.MultipleChoiceField(
        label=_("Translates into"),
        choices=[(language.code, language.own_name) for language in LANGUAGES],
        widget=LanguageBoxes,
        required=False,
        help_text=_("Languages that a translator may write; none for other roles."),
    )


class InvitedForm(forms.ModelForm):
    """A new colleague: staff from the start, with no password until they choose one."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "interface_language")

    def save(self, commit=True):
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class AgencyKeyForm(forms.ModelForm):
    """A new key; it must open something for a while."""

    def clean_expiry_date(self):
        expiry_date = self.cleaned_data["expiry_date"]
        if expiry_date <= timezone.now():
            raise ValidationError(gettext("This moment has passed. Give one to come."))
        return expiry_date
