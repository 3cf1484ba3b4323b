"""Forms for decisions on a record and for the public note on a correction."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.content.form_fields.characters import check_readable
from portal.content.form_fields.local_time import LocalDateTimeField, get_zone_name
from portal.content.form_fields.typed_fields import (
    LabelledSplitDateTime,
    NonBlankCharField,
)
from portal.content.publishing.review_comments import ReviewComment, label_comments
from portal.content.publishing.year_validator import check_scheduled_day
from portal.core.languages import LANGUAGES_BY_CODE
from portal.core.translations.cleaning import clean_text
from portal.core.translations.invisible_text import is_blank

# Languages of the note in the form of a record; translators write it in their own
# languages.
PUBLIC_NOTE_LANGUAGES = ("zh-hans", "en")
# Names of the buttons on the review page of a record.
APPROVE_NOW = "_approve"
APPROVE_FOR_TIME = "_approve_for_time"
RETURN = "_return"
PUBLISH_NOW = "_publish"
WITHDRAW = "_withdraw"
PUBLISH_AGAIN = "_publish_again"
# Names of the buttons on the page of a proposed change, besides RETURN.
ACCEPT = "_accept"
DISCARD = "_discard"
# Decisions with which the reason is stored; comments are stored by RETURN only.
_DECISIONS_WITH_REASON = (RETURN, WITHDRAW, DISCARD)
# Maximum number of characters of a comment on a field.
MAX_COMMENT_LENGTH = 1000
# Maximum number of proposals on one page; the reviewer reads each of them.
MAX_JOINT_DECISIONS = 20
_PRIMARY_KEY = re.compile("[0-9]{1,18}")

# What is entered and would be lost is refused instead.
REASON_NOT_SENT = _(
    "A reason is not sent with this decision. Return this for changes, or delete the "
    "reason."
)
_COMMENTS_NOT_SENT = _(
    "Comments are only sent with a return. Return this for changes, or delete the "
    "comments."
)


class ReasonForm(forms.Form):
    """Form for the reason why a record or proposal is returned, withdrawn or
    discarded."""

    reason = NonBlankCharField(
        is_line=False,
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your colleague will see this. It is kept in the audit log."),
    )


class CommentsForm(forms.Form):
    """Form for the reason of a decision and for comments on single fields.

    ``field_keys`` are the keys of the displayed fields that can be commented
    (``portal.content.publishing.review_comments``). ``decision`` is the name of the
    submitted button; returning needs a reason or a comment, and a decision with which
    they are not stored is refused while there are any.
    """

    reason = NonBlankCharField(
        is_line=False,
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Staff can read it. It is kept in the audit log."),
    )

    def __init__(self, *args, decision: str, field_keys: Collection[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.decision, self.field_keys = decision, field_keys

    @property
    def submitted_comments(self) -> dict[str, str]:
        """Return the submitted comments by key of the field, without empty ones."""
        comments = self._read_comments()
        return {key: comments[key] for key in self.field_keys if key in comments}

    def get_unsent_texts(
        self, model: type[models.Model], *, has_reason: bool, is_commentable: bool
    ) -> list[tuple[str, str]]:
        """Return submitted texts for which the page has no field, with their labels.

        ``has_reason`` and ``is_commentable`` say whether the page has the field of the
        reason, and comments on the fields of ``model``.
        """
        if not self.is_bound:
            return []
        texts = []
        reason = clean_text(self.data.get("reason", ""), is_line=False)
        if not has_reason and not is_blank(reason):
            texts.append((str(self.fields["reason"].label), reason))
        displayed = self.field_keys if is_commentable else ()
        comments = [
            {"field": key, "text": text}
            for key, text in sorted(self._read_comments().items())
            if key not in displayed
        ]
        labelled = label_comments(model, comments)
        return [*texts, *((comment.label, comment.text) for comment in labelled)]

    def _read_comments(self) -> dict[str, str]:
        """Return all submitted comments by key, without empty ones."""
        texts = {
            name.removeprefix("comment:"): clean_text(self.data[name], is_line=False)
            for name in self.data
            if name.startswith("comment:")
        }
        return {key: text for key, text in texts.items() if not is_blank(text)}

    def clean(self):
        cleaned_data = super().clean()
        comments = self.submitted_comments
        cleaned_data["comments"] = [
            ReviewComment(key, text) for key, text in sorted(comments.items())
        ]
        if any(len(text) > MAX_COMMENT_LENGTH for text in comments.values()):
            self.add_error(
                None,
                _("A comment has more than %(count)s characters. Shorten it.")
                % {"count": MAX_COMMENT_LENGTH},
            )
        for text in comments.values():
            try:
                check_readable(text)
            except forms.ValidationError as error:
                self.add_error(None, error)
        has_reason = cleaned_data.get("reason") or self.has_error("reason")
        if self.decision == RETURN and not (has_reason or comments):
            self.add_error(
                "reason", _("Enter a reason, or comment on at least one field.")
            )
        if self.decision == WITHDRAW and not has_reason:
            self.add_error("reason", _("Enter why the record is withdrawn."))
        if has_reason and self.decision not in _DECISIONS_WITH_REASON:
            self.add_error("reason", REASON_NOT_SENT)
        if comments and self.decision != RETURN:
            self.add_error(None, _COMMENTS_NOT_SENT)
        return cleaned_data


class ReviewForm(CommentsForm):
    """Form for the decision on one record: also the time of its publication.

    ``time_zone`` is that of the record; ``publish_at`` is entered on its clock. ``at``
    is the current time.
    """

    publish_at = LocalDateTimeField(
        check=check_scheduled_day,
        label=_("Publish on"),
        required=False,
        widget=LabelledSplitDateTime(_("Publish on")),
    )

    def __init__(self, *args, time_zone: ZoneInfo, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.time_zone, self.at = time_zone, at
        self.fields["publish_at"].help_text = _("Time zone: %(zone)s.") % {
            "zone": get_zone_name(time_zone)
        }

    def clean_publish_at(self):
        local_time = self.cleaned_data["publish_at"]
        is_new = local_time is not None and local_time != self.initial.get("publish_at")
        if self.decision == APPROVE_NOW and is_new:
            raise forms.ValidationError(
                _(
                    "You entered a time. To publish then, choose “Approve and publish "
                    "at this time”. To publish now, clear the time."
                )
            )
        if self.decision != APPROVE_FOR_TIME:
            return None
        if local_time is None:
            raise forms.ValidationError(
                _("Enter the day and the time of the publication.")
            )
        publish_at = local_time.replace(tzinfo=self.time_zone)
        if publish_at <= self.at:
            now = timezone.make_naive(self.at, self.time_zone)
            raise forms.ValidationError(
                _(
                    "This time is in the past: it is %(now)s there now. Enter a later "
                    "time, or approve and publish now."
                ),
                params={"now": f"{now:%Y-%m-%d %H:%M}"},
            )
        return publish_at

    def clean(self):
        cleaned_data = super().clean()
        if self.decision not in (APPROVE_NOW, APPROVE_FOR_TIME):
            # Half a time does not prevent another decision.
            self.errors.pop("publish_at", None)
        return cleaned_data


class JointDecisionForm(forms.Form):
    """Form for one decision on several proposals; only returning needs a reason.

    ``decision`` is the name of the submitted button.
    """

    reason = NonBlankCharField(
        is_line=False,
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Required to return changes. Staff can read it. It is kept in the audit "
            "log."
        ),
    )

    def __init__(self, *args, decision: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.decision = decision

    @property
    def included_pks(self) -> list[int]:
        """Return the primary keys of the proposals to which the decision applies."""
        submitted = self.data.getlist("include")[:MAX_JOINT_DECISIONS]
        return [int(pk) for pk in submitted if _PRIMARY_KEY.fullmatch(pk)]

    def clean(self):
        cleaned_data = super().clean()
        if not self.included_pks:
            raise forms.ValidationError(
                _("Select at least one change. Nothing was changed.")
            )
        has_reason = cleaned_data.get("reason") or self.has_error("reason")
        if self.decision == RETURN and not has_reason:
            self.add_error("reason", _("Enter a reason."))
        if has_reason and self.decision not in _DECISIONS_WITH_REASON:
            self.add_error("reason", REASON_NOT_SENT)
        return cleaned_data


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
