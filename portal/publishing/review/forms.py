"""What is asked beside a record: why it goes back, what the page tells of a change."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.languages import BY_CODE
from portal.publishing.typed import WrittenField

# The public note is written where the record is; translators add their languages.
NOTE_LANGUAGES = ("zh-hans", "en")


class ReasonForm(forms.Form):
    """Why a record is returned, withdrawn or not accepted."""

    reason = WrittenField(
        is_line=False,
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The colleague reads it; it is kept in the history."),
    )


class PublicNoteForm(forms.Form):
    """What the page of a record tells of a correction; each language may be empty.

    ``languages`` are the codes in which the person may write it.
    """

    def __init__(self, *args, languages: Sequence[str] = NOTE_LANGUAGES, **kwargs):
        super().__init__(*args, prefix="public_note", **kwargs)
        for code in languages:
            self.fields[code] = WrittenField(
                is_line=False,
                label=BY_CODE[code].own_name,
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "lang": BY_CODE[code].tag}),
            )

    def notes(self) -> dict[str, str]:
        """What was written, by language code."""
        return {code: text for code, text in self.cleaned_data.items() if text}
