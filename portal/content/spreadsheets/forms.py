"""Forms of an import: file upload and answers to questions about the file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.content.spreadsheets.permissions import get_importable_codes
from portal.content.spreadsheets.reading import check_size
from portal.content.spreadsheets.registry import get_resource
from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError


def get_resource_label(code: str) -> str:
    """Return the display name of the resource ``code``: its model's plural name."""
    return capfirst(get_resource(code).model._meta.verbose_name_plural)


class ImportForm(forms.Form):
    """Upload form; offers the resources that ``user`` may import."""

    resource = forms.ChoiceField(label=_("What is in it"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv; the first sheet that is not hidden is read."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [
            (code, get_resource_label(code)) for code in get_importable_codes(user)
        ]

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except UnreadableSpreadsheetError as error:
            raise ValidationError(str(error)) from None
        return file


class AnswersForm(forms.Form):
    """Required choice fields for the questions of an import.

    ``questions`` are in the JSON form stored with the import, ``answers`` the values
    chosen earlier, by question key.
    """

    def __init__(self, *args, questions: list[dict], answers: dict, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            options = [
                (option["value"], option["label"]) for option in question["options"]
            ]
            self.fields[question["key"]] = forms.ChoiceField(
                label=question["text"],
                choices=options,
                initial=answers.get(question["key"]),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the answers.")},
            )
