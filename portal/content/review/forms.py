"""Forms for the reason of a decision and for the public note on a correction."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.content.form_fields.typed_fields import NonBlankCharField
from portal.core.languages import LANGUAGES_BY_CODE

# Languages of the note in the form of a record; translators write it in their own
# languages.
PUBLIC_NOTE_LANGUAGES = ("zh-hans", "en")


class ReasonForm(forms.Form):
    """Form for the reason why a record or proposal is returned, withdrawn or
    discarded."""

    reason = NonBlankCharField(
        is_line=False,
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The colleague reads it; it is kept in the history."),
    )


class PublicNoteForm(forms.Form):
    """Form for the correction note on the record's page; each language may be empty.

    ``languages`` are the codes in which the user may write the note.
    """

    def __init__(
        self, *args, languages: Sequence[str] = PUBLIC_NOTE_LANGUAGES, **kwargs
    ):
        super().__init__(*args, prefix="public_note", **kwargs)
        for code in languages:
            self.fields[code] = NonBlankCharField(
                is_line=False,
                label=LANGUAGES_BY_CODE[code].native_name,
                max_length=1000,
                required=False,
                widget=forms.Textarea(
                    attrs={"rows": 2, "lang": LANGUAGES_BY_CODE[code].tag}
                ),
            )

    def get_texts(self) -> dict[str, str]:
        """Return the non-empty notes by language code."""
        return {code: text for code, text in self.cleaned_data.items() if text}
