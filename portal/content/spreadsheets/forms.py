"""Forms of an import: file upload and answers to questions about the file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.content.publishing.models import HeadingMapping
from portal.content.spreadsheets.heading_mappings import IGNORED
from portal.content.spreadsheets.headings import get_column_labels
from portal.content.spreadsheets.permissions import get_importable_codes
from portal.content.spreadsheets.reading import check_size
from portal.content.spreadsheets.registry import UnknownResourceError, get_resource
from portal.content.spreadsheets.sheet import UnreadableSpreadsheetError


def get_resource_label(code: str) -> str:
    """Return the display name of the resource ``code``: its model's plural name."""
    return capfirst(get_resource(code).model._meta.verbose_name_plural)


class ImportForm(forms.Form):
    """Upload form; offers the resources that ``user`` may import."""

    resource = forms.ChoiceField(label=_("Type of data"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Upload an xlsx or csv file. The first sheet that is not hidden is read."
        ),
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


class HeadingMappingForm(forms.ModelForm):
    """Form of a remembered heading: as which column of its kind it is read."""

    field = forms.ChoiceField(label=capfirst(_("read as")), required=False)

    class Meta:
        model = HeadingMapping
        fields = ("field",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "field" in self.fields:  # Not for users who may only view it.
            columns = load_column_labels(self.instance.resource)
            # Else the form would show, and save, that the column is ignored.
            name = self.instance.field
            if name and name not in columns:
                columns[name] = gettext("%(column)s (no longer exists)") % {
                    "column": name
                }
            self.fields["field"].choices = [
                ("", _("Ignore this column")),
                *columns.items(),
            ]


def load_column_labels(code: str) -> dict[str, str]:
    """Return the names of the columns of the resource ``code`` by field name.

    {} for a resource that no longer exists.
    """
    try:
        return get_column_labels(get_resource(code))
    except UnknownResourceError:
        return {}


class AnswersForm(forms.Form):
    """Required choice fields for the questions of an import.

    ``questions`` are in the JSON form stored with the import, ``answers`` the values
    chosen earlier, by question key. Questions about headings have a select box, because
    they offer all columns; two columns cannot be read as the same one.
    """

    def __init__(self, *args, questions: list[dict], answers: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self._headings = {
            question["key"]: question["subject"]
            for question in questions
            if question.get("subject")
        }
        for question in questions:
            options = [
                (option["value"], option["label"]) for option in question["options"]
            ]
            is_heading = question["key"] in self._headings
            if is_heading:
                options.insert(0, ("", _("Choose a column")))
            self.fields[question["key"]] = forms.ChoiceField(
                label=question["text"],
                choices=options,
                initial=answers.get(question["key"]) or question.get("suggested"),
                help_text=question.get("hint", ""),
                widget=forms.Select if is_heading else forms.RadioSelect,
                error_messages={"required": _("Choose an answer.")},
            )

    def clean(self):
        data = super().clean()
        first_headings: dict[str, str] = {}
        for key, heading in self._headings.items():
            value = data.get(key)
            if value in (None, IGNORED):
                continue
            first = first_headings.setdefault(value, heading)
            if first != heading:
                message = gettext(
                    "“%(first)s” is already read as this column. Choose another column "
                    "for “%(heading)s”, or ignore it."
                )
                self.add_error(key, message % {"first": first, "heading": heading})
        return data
