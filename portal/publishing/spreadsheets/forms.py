"""The forms of an import: what is in a file, and answers to the portal's questions."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.publishing.spreadsheets.permissions import importable
from portal.publishing.spreadsheets.reading import check_size
from portal.publishing.spreadsheets.registry import resource_named
from portal.publishing.spreadsheets.sheets import Unreadable


def label_of(code: str) -> str:
    """What the resource ``code`` brings in, in words."""
    return capfirst(resource_named(code).model._meta.verbose_name_plural)


class ImportForm(forms.Form):
    """``resource`` offers what ``user`` may bring in."""

    resource = forms.ChoiceField(label=_("What is in it"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv; the first sheet that is not hidden is read."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [
            (code, label_of(code)) for code in importable(user)
        ]

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except Unreadable as problem:
            raise ValidationError(str(problem)) from None
        return file


class AnswersForm(forms.Form):
    """The questions of an import, each with its options; all have to be answered."""

    def __init__(self, *args, questions: list[dict], answers: dict, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            options = [(one["value"], one["label"]) for one in question["options"]]
            self.fields[question["key"]] = forms.ChoiceField(
                label=question["text"],
                choices=options,
                initial=answers.get(question["key"]),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the answers.")},
            )
